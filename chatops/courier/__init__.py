"""Takes notices to people in Slack: leased, paced, never twice."""
