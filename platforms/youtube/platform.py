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
    from platforms.youtube.sdk import Sdk


class YouTubePlatform:
    """YouTube channels.

    Args:
        endpoints: The vendors' addresses.
        now: The time (aware UTC).
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    name = planning.NAME
    limits = planning.LIMITS
    secret_fields: tuple[str, ...] = ("client_id", "client_secret", "refresh_token")
    """The OAuth client, and the consent of whoever keeps the channel, with the scope `youtube`: `youtube.upload`
    alone can't make a video public afterwards."""

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
        self._timeout_seconds = timeout_seconds
        self._sdk: Sdk | None = None

    def plan(self, message: Message) -> Plan:
        """Work out what would be sent. Pure."""
        return planning.plan(message)

    def app_of(self, secrets: Mapping[str, str]) -> str | None:
        """Return the number of the Google project, with which a client's id begins: the quota is the project's."""
        return secrets.get("client_id", "").partition("-")[0] or None

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> Session:
        """Bind the channel to its consent. Does no I/O.

        Raises:
            NeedsPerson: A secret is missing (`secret_missing`, param `field`).
        """
        for field in self.secret_fields:
            if not secrets.get(field):
                raise NeedsPerson("secret_missing", who=Who.IT, params={"field": field, "platform": self.name})
        return YouTubeSession(
            account, endpoints=self._endpoints, secrets=dict(secrets), now=self._now, sdk=self._open()
        )

    def close(self) -> None:
        """Close the connections that are kept; the next call opens new ones."""
        if self._sdk is not None:
            self._sdk.close()

    def _open(self) -> Sdk:
        from platforms.youtube.sdk import Sdk  # noqa: PLC0415 - 0.2 s to import

        if self._sdk is None:
            self._sdk = Sdk(self._endpoints, ca_file=self._ca_file, timeout_seconds=self._timeout_seconds)
        return self._sdk
