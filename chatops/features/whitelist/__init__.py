"""`/sns whitelist`: whose posts may be reposted, and which accounts may be followed."""
