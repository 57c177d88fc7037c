"""Writing a post: the form of `/sns draft`."""
