"""Help: the steps of each page, from docs/help, which topics.toml maps to the names of pages."""
