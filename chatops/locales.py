"""Which language a person reads, as their Slack says; asked once an hour at most."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from chatops.messages import DEFAULT_LOCALE
from chatops.slack_link import SLACK_FAILURES

if TYPE_CHECKING:
    from slack_sdk import WebClient

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 3600.0
FAILED_FRESH_SECONDS: Final = 60.0


class Locales:
    """Remembers people's languages."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, float]] = {}

    def cached(self, user: str) -> str:
        """Return a person's language if it is known, without asking Slack."""
        with self._lock:
            return self._known.get(user, (DEFAULT_LOCALE, 0.0))[0]

    def get(self, user: str) -> str:
        """Return a person's language; asks Slack where it is not known, and falls back to Japanese."""
        with self._lock:
            locale, until = self._known.get(user, (DEFAULT_LOCALE, 0.0))
        if time.monotonic() < until:
            return locale
        fresh_seconds = FRESH_SECONDS
        try:
            answer = self._client.users_info(user=user, include_locale=True)
            locale = str((answer.get("user") or {}).get("locale") or DEFAULT_LOCALE)
        except SLACK_FAILURES:
            log.info("a person's language could not be asked for")
            fresh_seconds = FAILED_FRESH_SECONDS
        with self._lock:
            self._known[user] = (locale, time.monotonic() + fresh_seconds)
        return locale
