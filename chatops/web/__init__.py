"""The web pages: health, metrics, Slack's HTTP endpoint, media."""
