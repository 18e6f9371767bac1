"""Views of the hall: read through `visible_to`, write through actions, answer with a page, a part of it or a redirect."""
