"""Measurements at the size of a real city: `python3 dev.py bench NAME`. Not collected by pytest."""
