"""Facebook as a platform: its limits, its plan, and the way to a Page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.facebook import plan as planning
from platforms.facebook.client import GraphClient
from platforms.facebook.session import FacebookSession
from platforms.facebook.wire import KeptHttp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from platforms.port import AccountRef, Endpoints, Message, Plan, Session


class FacebookPlatform:
    """Facebook Pages.

    Args:
        endpoints: The vendors' addresses.
        now: The time (aware UTC).
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    name = planning.NAME
    limits = planning.LIMITS
    secret_fields: tuple[str, ...] = ("page_token", "app_secret")
    """The Page's access token; the app's secret may be empty, and then calls carry no proof."""

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
        self._http = KeptHttp(ca_file=ca_file, timeout_seconds=timeout_seconds)

    def plan(self, message: Message) -> Plan:
        """Work out what would be sent. Pure."""
        return planning.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> Session:
        """Bind the Page to its token. Does no I/O.

        Raises:
            NeedsPerson: The token is missing (`secret_missing`), or the Page's id is (`account_id_missing`).
        """
        token = secrets.get("page_token", "")
        if not token:
            raise NeedsPerson("secret_missing", who=Who.IT, params={"field": "page_token", "platform": self.name})
        if not account.external_id:
            raise NeedsPerson("account_id_missing", who=Who.IT, params={"account": account.key})
        graph, graph_video = (
            GraphClient(
                base,
                token=token,
                app_secret=secrets.get("app_secret", ""),
                now=self._now,
                http=self._http,
            )
            for base in (self._endpoints.facebook, self._endpoints.facebook_video)
        )
        return FacebookSession(account, graph=graph, graph_video=graph_video, now=self._now)

    def close(self) -> None:
        """Close the connections that are kept; the next call opens new ones."""
        self._http.close()
