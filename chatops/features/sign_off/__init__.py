"""後閲: the sign-off after an emergency post."""
