"""Reading pages that look the same to every visitor are drawn once and shown to many, for seconds. docs/scale.md."""
