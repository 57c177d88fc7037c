"""`/sns show`: one post, whole."""
