"""The way out to Slack: telling a person something, wherever he or she can still see it."""

from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING, Any, Final
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from chatops.block_kit import Block, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.where import Where

log = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 10
MAX_TEXT_CHARS: Final = 3500
SLACK_FAILURES: Final = (SlackClientError, URLError, OSError)
"""What slack_sdk raises where Slack refuses or can't be reached (TimeoutError and ConnectionError are OSErrors)."""


def build_client(*, token: str, base_url: str, ca_file: str | None = None) -> WebClient:
    """Build the client of Slack's Web API: one TLS context for all calls, a time-out, and no hidden repeats.

    slack_sdk makes a context per call otherwise, and sends a POST twice where the connection drops. It reads
    `HTTPS_PROXY` but not `NO_PROXY`; left without a proxy it calls urllib, which reads both.
    """
    client = WebClient(
        token=token,
        base_url=base_url,
        timeout=TIMEOUT_SECONDS,
        ssl=ssl.create_default_context(cafile=ca_file),
        retry_handlers=[],
    )
    client.proxy = None
    return client


class SlackLink:
    """Tells people things, by the nearest way that still works."""

    def __init__(self, client: WebClient) -> None:
        self.client = client

    def tell(self, where: Where, text: str, blocks: Sequence[Block] | None = None) -> None:
        """Tell a person privately: where they are looking, else in their direct messages.

        Raises:
            SlackClientError: No way worked.
        """
        words = escape(text)[:MAX_TEXT_CHARS]
        if self._tell_by_response(where, words, blocks) or self._tell_in_channel(where, words, blocks):
            return
        self.client.chat_postMessage(channel=where.user, text=words, blocks=_as_list(blocks), unfurl_links=False)

    def message(self, user: str, text: str, blocks: Sequence[Block] | None = None) -> None:
        """Send a direct message, which stays.

        Raises:
            SlackClientError: It did not work.
        """
        self.client.chat_postMessage(channel=user, text=escape(text)[:MAX_TEXT_CHARS], blocks=_as_list(blocks))

    def show_view(self, view_id: str, view: Block, *, view_hash: str | None = None) -> bool:
        """Put *view* in the place of an open modal; False where it is gone, or shows no more what *view_hash* names."""
        try:
            self.client.views_update(view_id=view_id, view=view, hash=view_hash)
        except SlackApiError as error:
            found = error.response.get("response_metadata") or {}
            log.info("a form could not be updated", extra={"error": error_code(error), "why": found.get("messages")})
            return False
        return True

    def _tell_by_response(self, where: Where, words: str, blocks: Sequence[Block] | None) -> bool:
        if where.response_url is None:
            return False
        hook = WebhookClient(
            where.response_url,
            timeout=TIMEOUT_SECONDS,
            ssl=self.client.ssl,
            retry_handlers=[],
        )
        hook.proxy = None
        try:
            answer = hook.send(text=words, blocks=_as_list(blocks), response_type="ephemeral", replace_original=False)
        except SLACK_FAILURES:
            return False
        return answer.status_code == 200  # noqa: PLR2004 - HTTP's OK

    def _tell_in_channel(self, where: Where, words: str, blocks: Sequence[Block] | None) -> bool:
        if where.channel is None or where.channel.startswith("D"):
            return False
        try:
            self.client.chat_postEphemeral(channel=where.channel, user=where.user, text=words, blocks=_as_list(blocks))
        except SLACK_FAILURES:
            return False
        return True


def error_code(error: BaseException) -> str:
    """Return Slack's word for a failure, or the exception's name; never a secret."""
    if isinstance(error, SlackApiError):
        found: Any = error.response.get("error")
        return str(found)
    return type(error).__name__


def _as_list(blocks: Sequence[Block] | None) -> list[Block] | None:
    return list(blocks) if blocks else None
