"""`/sns help`, and what was meant by a word we do not know."""
