"""Every way a person talks to the product: Slack, the command `sns`, the web pages."""
