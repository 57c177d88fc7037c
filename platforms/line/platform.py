"""LINE as a platform: its limits, its plan, and the way to a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.http import CONNECT_TIMEOUT_SECONDS, proxy_for
from platforms.line import plan as planning
from platforms.line.clients import LineClients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import urllib3

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
        self._pools: urllib3.PoolManager | None = None
        self._clients: LineClients | None = None
        self._timeout = (min(CONNECT_TIMEOUT_SECONDS, timeout_seconds), timeout_seconds)

    def plan(self, message: Message) -> Plan:
        """Work out the broadcast. Pure."""
        return planning.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> LineSession:
        """Bind *account* to its channel access token.

        Raises:
            NeedsPerson: The token is missing.
        """
        from platforms.kept import build_pools  # noqa: PLC0415 - the same
        from platforms.line.session import LineSession  # noqa: PLC0415 - only a sender pays for what it imports

        del account
        token = secrets.get("channel_access_token")
        if not token:
            raise NeedsPerson(
                "secret_missing", who=Who.IT, params={"field": "channel_access_token", "platform": self.name}
            )
        base_url = self._endpoints.line
        if self._pools is None or self._clients is None:
            self._pools = build_pools(self._ca_file, proxy=proxy_for(base_url))
            self._clients = LineClients(base_url, self._pools)
        return LineSession(clients=self._clients, token=token, timeout=self._timeout, now=self._now)

    def close(self) -> None:
        """Close the connections that are kept; the next call opens new ones."""
        if self._pools is not None:
            self._pools.clear()
