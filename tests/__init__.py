"""The tests: a mirror of the source tree, and what looks at all of it (matrix, crawl, journeys, bench)."""
