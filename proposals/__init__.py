"""WHAT WE PUT FORWARD AND DECIDE: proposals, their revisions, support, assessment and the moves along their line.

It offers one noun with one address for life, and the page that shows where it stands.
It never knows how votes are counted or what the city answers: the rooms above tell it by moving the stage.
"""
