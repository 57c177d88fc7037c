"""`/sns cancel`: stop what has not gone out."""
