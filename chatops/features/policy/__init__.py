"""`/sns policy`: the rules in force, and the changes that wait for a second manager."""
