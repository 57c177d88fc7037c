"""LINE: one broadcast to all friends, of up to five messages. It cannot be read back or recalled.

`platforms.line.platform` plans and connects, `session` broadcasts through line-bot-sdk.
"""

from platforms.line.platform import LinePlatform

__all__ = ["LinePlatform"]
