"""日本語, the source."""
