"""`/sns now`: an emergency post."""
