"""Who takes part: what people say about themselves if they want to, and how that compares with who lives here."""
