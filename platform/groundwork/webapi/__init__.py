"""The frame of the public interface: reading, writing, lists, problems and limits. Knows no thing of the city.

A room's `api.py` declares endpoints; the roof collects them.
"""
