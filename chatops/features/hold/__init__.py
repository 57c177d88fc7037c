"""`/sns hold`, `/sns resume`, `/sns mark`: disaster mode."""
