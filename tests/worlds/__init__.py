"""Parts of the tests' world, each of one room."""
