# Aliases only; the commands are `python3 dev.py ...`.
.PHONY: help demo test check messages
help demo test check messages:
	@python3 dev.py $@
