"""WHAT WE DO TOGETHER: places, processes, phases, methods, contributions, audiences, roles and pending acts.

It offers the spine everything hangs on and the one question rooms ask of it: `phase.allows(act, person, at)`.
It never knows what a proposal, a ballot or an answer is: those register their methods and own their tables above it.
"""
