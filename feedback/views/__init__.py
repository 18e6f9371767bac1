"""Views of the house: the public board, and the desk."""
