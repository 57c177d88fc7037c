"""YouTube over the Data API v3."""

from platforms.youtube.platform import YouTubePlatform

__all__ = ["YouTubePlatform"]
