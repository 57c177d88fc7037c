"""YouTube as a platform: its limits, its plan, and the way to a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.youtube import plan as planning
from platforms.youtube.session import YouTubeSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from platforms.port import AccountRef, Endpoints, Message, Plan, Session


class YouTubePlatform:
    """YouTube channels.

    Args:
        endpoints: The vendors' addresses.
        now: The time (aware UTC).
    """

    name = planning.NAME
    limits = planning.LIMITS
    secret_fields: tuple[str, ...] = ("client_id", "client_secret", "refresh_token")
    """The OAuth client, and the consent of whoever keeps the channel, with the scope `youtube`: `youtube.upload`
    alone can't make a video public afterwards."""

    def __init__(self, endpoints: Endpoints, *, now: Callable[[], datetime]) -> None:
        self._endpoints = endpoints
        self._now = now

    def plan(self, message: Message) -> Plan:
        """Work out what would be sent. Pure."""
        return planning.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> Session:
        """Bind the channel to its consent. Does no I/O.

        Raises:
            NeedsPerson: A secret is missing (`secret_missing`, param `field`).
        """
        for field in self.secret_fields:
            if not secrets.get(field):
                raise NeedsPerson("secret_missing", who=Who.IT, params={"field": field})
        return YouTubeSession(account, endpoints=self._endpoints, secrets=dict(secrets), now=self._now)
