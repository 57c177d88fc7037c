"""X: posts of 280 weighted units, images with alternative texts, one video, reposts.

`platforms.x.platform` plans and connects, `client` speaks to the API through tweepy, `session` is an account.
"""

from platforms.x.platform import XPlatform

__all__ = ["XPlatform"]
