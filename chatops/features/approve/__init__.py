"""The approval card and its buttons."""
