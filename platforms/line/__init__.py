"""LINE: one broadcast to all friends, of up to five messages. It cannot be read back or recalled.

`plan` works out what is sent, `platform` connects, `session` broadcasts through line-bot-sdk.
"""

from platforms.line.platform import LinePlatform

__all__ = ["LinePlatform"]
