"""The command `sns`: parse, call a service, print."""
