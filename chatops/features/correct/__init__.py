"""`/sns correct`: corrections, and deletions of what went out."""
