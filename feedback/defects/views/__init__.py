"""Pages of problem reports: for residents and at the desk."""
