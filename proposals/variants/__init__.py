"""Several designs of one proposal: seen side by side, with notes at a spot of the drawing and a preference for each."""
