"""`response_url` addresses: five answers in thirty minutes.

Source: docs.slack.dev/interactivity/handling-user-interaction (Message responses), read 2026-11-21.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from chatops.sandbox.errors import SlackError
from chatops.sandbox.limits import check_message_blocks
from chatops.sandbox.records import ResponseAddress, to_json

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json, Message

USES_MAX = 5
LIFETIME_SECONDS = 30 * 60
_KIND = "response"


class Responses:
    """All response addresses that were given out."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._addresses = {body["token"]: ResponseAddress(**body) for body in world.store.load(_KIND)}

    def give_out(
        self,
        *,
        channel_id: str,
        user_id: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Return a new address; *message_ts* is the message that an answer may replace."""
        address = ResponseAddress(
            token=secrets.token_urlsafe(18),
            channel_id=channel_id,
            user_id=user_id,
            message_ts=message_ts,
            thread_ts=thread_ts,
            opened_at=self._world.real_seconds(),
        )
        with self._world.lock:
            self._addresses[address.token] = address
            self._world.store.put(_KIND, address.token, to_json(address))
        return f"{self._world.base_url}/slack/response/{address.token}"

    def answer(self, token: str, body: Json) -> None:
        """Carry out what was posted to an address.

        Raises:
            SlackError: `used_url`, `expired_url`, `invalid_blocks`, `no_text`.
        """
        with self._world.lock:
            address = self._addresses.get(token)
            if address is None or self._world.real_seconds() - address.opened_at > LIFETIME_SECONDS:
                raise SlackError("expired_url", status=404)
            if address.uses >= USES_MAX:
                raise SlackError("used_url", status=404)
            address.uses += 1
            self._world.store.put(_KIND, address.token, to_json(address))
        original = self._original(address)
        if body.get("delete_original") and original is not None:
            self._world.conversations.drop(original)
            return
        self.show(address, body, original=original if body.get("replace_original") else None)

    def show(self, address: ResponseAddress, body: Json, *, original: Message | None = None) -> None:
        """Post an answer, or put it in the place of *original*. By default only the person sees it.

        Raises:
            SlackError: `invalid_blocks`, `no_text`.
        """
        blocks = check_message_blocks(body["blocks"]) if body.get("blocks") else None
        text = str(body.get("text") or "")
        if not text and not blocks:
            raise SlackError("no_text", status=400)
        if original is not None:
            self._world.conversations.change(original, text=text, blocks=blocks)
            return
        is_public = body.get("response_type") == "in_channel"
        self._world.conversations.post(
            channel_id=address.channel_id,
            author_id=self._world.bot_user_id,
            text=text,
            blocks=blocks,
            thread_ts=body.get("thread_ts") or address.thread_ts,
            ephemeral_to=None if is_public else address.user_id,
        )

    def _original(self, address: ResponseAddress) -> Message | None:
        if address.message_ts is None:
            return None
        try:
            return self._world.conversations.find(address.channel_id, address.message_ts)
        except SlackError:
            return None
