"""Every platform the product knows, built in one place."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from platforms.facebook import FacebookPlatform
from platforms.line import LinePlatform
from platforms.x import XPlatform
from platforms.youtube import YouTubePlatform

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from platforms.port import Endpoints, Platform

_CALLED_LATER = ("platforms.x.session", "platforms.x.wire", "linebot.v3.messaging", "httpx", "platforms.youtube.sdk")


def build_platforms(
    endpoints: Endpoints,
    *,
    now: Callable[[], datetime],
    ca_file: str | None = None,
    timeout_seconds: float | None = None,
) -> dict[str, Platform]:
    """Build the platforms by name, in the order people see them. No SDK is imported before an account connects.

    Args:
        endpoints: Where the vendors are.
        now: The clock (aware UTC).
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long a vendor may take to answer; None leaves each platform its own.
    """
    kinds: tuple[Callable[..., Platform], ...] = (XPlatform, LinePlatform, FacebookPlatform, YouTubePlatform)
    more = {} if timeout_seconds is None else {"timeout_seconds": timeout_seconds}
    built = [kind(endpoints, now=now, ca_file=ca_file, **more) for kind in kinds]
    return {platform.name: platform for platform in built}


def import_sdks() -> None:
    """Import what an account's first call would otherwise import: some 1.2 s of CPU, 0.85 s of it LINE's.

    For a process that stays (`sns serve`), from a thread of its own at start, so that no emergency waits for it.
    """
    for name in _CALLED_LATER:
        import_module(name)
