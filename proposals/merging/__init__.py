"""Several proposals of a process become one, or are shown together: merges that can be undone, and clusters."""
