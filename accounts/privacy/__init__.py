"""The privacy desk: taking one's data along, and being forgotten."""
