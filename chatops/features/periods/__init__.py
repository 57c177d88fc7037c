"""`/sns period`: times of the city's own choice in which some posts need more care."""
