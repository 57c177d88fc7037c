"""Puts one message into Slack, once: what may be there already is looked for by our id in its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from slack_sdk.errors import SlackApiError

from chatops.block_kit import escape, without_images
from chatops.slack_link import error_code
from publisher.api import SlackRef

if TYPE_CHECKING:
    from datetime import datetime

    from slack_sdk import WebClient

    from chatops.courier.render import Rendered

NOTICE_EVENT: Final = "kairan_notice"
CARD_EVENT: Final = "kairan_card"
VERSION_EVENT: Final = "kairan_version"
MAX_PAGES: Final = 5
PAGE: Final = 200
SKEW_SECONDS: Final = 600
MAX_UPDATE_BYTES: Final = 3900
"""`chat.update` refuses a text above 4,000 escaped bytes (measured in GitLab's merge request 258898)."""
_IMAGE_ERRORS: Final = frozenset({"invalid_blocks", "slack_file_not_found", "file_not_found"})


class Mailbox:
    """Posts, changes and finds messages of ours."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def open_direct(self, user: str) -> str:
        """Return the channel of a person's direct messages."""
        return str(self._client.conversations_open(users=[user])["channel"]["id"])

    def post(
        self,
        channel: str,
        rendered: Rendered,
        *,
        event: str,
        key: str,
        thread_ts: str | None = None,
        is_broadcast: bool = False,
    ) -> SlackRef:
        """Post a message that carries *key*.

        Raises:
            SlackClientError: Slack refused it, or can't be reached.
        """
        text, blocks = rendered
        place: dict[str, Any] = {"thread_ts": thread_ts, "reply_broadcast": is_broadcast} if thread_ts else {}
        common: dict[str, Any] = {
            "channel": channel,
            "text": _words(text),
            "metadata": {"event_type": event, "event_payload": {"id": key}},
            "unfurl_links": False,
            "unfurl_media": False,
            **place,
        }
        try:
            answer = self._client.chat_postMessage(blocks=blocks, **common)
        except SlackApiError as error:
            if error_code(error) not in _IMAGE_ERRORS:
                raise
            # An image that Slack can't show any more must not keep the card from the approvers.
            answer = self._client.chat_postMessage(blocks=without_images(blocks), **common)
        return SlackRef(channel=str(answer["channel"]), ts=str(answer["ts"]))

    def change(self, ref: SlackRef, rendered: Rendered) -> None:
        """Put *rendered* in the place of a message.

        Raises:
            SlackClientError: Slack refused it, or can't be reached.
        """
        text, blocks = rendered
        words = _words(text)
        try:
            self._client.chat_update(channel=ref.channel, ts=ref.ts, text=words, blocks=blocks)
        except SlackApiError as error:
            if error_code(error) not in _IMAGE_ERRORS:
                raise
            self._client.chat_update(channel=ref.channel, ts=ref.ts, text=words, blocks=without_images(blocks))

    def find(
        self, channel: str, *, event: str, key: str, since: datetime, thread_ts: str | None = None
    ) -> SlackRef | None:
        """Look for a message of ours that carries *key*, not older than *since*.

        Raises:
            SlackClientError: Slack can't be asked.
        """
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            asked: dict[str, Any] = {
                "channel": channel,
                "include_all_metadata": True,
                "limit": PAGE,
                "oldest": f"{since.timestamp() - SKEW_SECONDS:.6f}",
                "cursor": cursor,
            }
            if thread_ts is None:
                answer = self._client.conversations_history(**asked)
            else:
                answer = self._client.conversations_replies(ts=thread_ts, **asked)
            for message in answer.get("messages") or []:
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == event and payload.get("id") == key:
                    return SlackRef(channel=channel, ts=str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        return None


def _words(text: str) -> str:
    words = escape(text)
    while len(words.encode()) > MAX_UPDATE_BYTES:
        text = text[: len(text) * 3 // 4]
        words = escape(text) + "…"
    return words
