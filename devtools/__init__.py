"""The developer's side door: `dev.py` hands over to this package.

`bootstrap`, `console`, `demo_options`, `paths` and `ports` use the standard library alone: they run before
anything is installed. The rest runs inside the environment that `bootstrap` made.
"""
