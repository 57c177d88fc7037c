"""LINE as a platform: its limits, its plan, and the way to a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.http import CONNECT_TIMEOUT_SECONDS
from platforms.line import plan as planning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from platforms.line.session import LineSession
    from platforms.port import AccountRef, Endpoints, Message, Plan


class LinePlatform:
    """LINE's Messaging API, reached at *endpoints*.

    Args:
        endpoints: Where the API is.
        now: The clock (aware UTC).
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    name = planning.NAME
    limits = planning.LIMITS
    secret_fields: tuple[str, ...] = ("channel_access_token",)

    def __init__(
        self,
        endpoints: Endpoints,
        *,
        now: Callable[[], datetime],
        ca_file: str | None = None,
        timeout_seconds: float = planning.LIMITS.timeout_seconds,
    ) -> None:
        self._endpoints = endpoints
        self._now = now
        self._ca_file = ca_file
        self._timeout = (min(CONNECT_TIMEOUT_SECONDS, timeout_seconds), timeout_seconds)

    def plan(self, message: Message) -> Plan:
        """Work out the broadcast. Pure."""
        return planning.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> LineSession:
        """Bind *account* to its channel access token.

        Raises:
            NeedsPerson: The token is missing.
        """
        from platforms.line.session import LineSession  # noqa: PLC0415 - only a sender pays for what it imports

        del account
        token = secrets.get("channel_access_token")
        if not token:
            raise NeedsPerson(
                "secret_missing", who=Who.IT, params={"field": "channel_access_token", "platform": self.name}
            )
        return LineSession(
            base_url=self._endpoints.line, token=token, timeout=self._timeout, ca_file=self._ca_file, now=self._now
        )
