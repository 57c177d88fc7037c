"""Facebook Pages over the Graph API."""

from platforms.facebook.platform import FacebookPlatform

__all__ = ["FacebookPlatform"]
