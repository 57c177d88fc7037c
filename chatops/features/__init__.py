"""What people do in Slack, a folder each: its ids, its views (pure), its listeners."""
