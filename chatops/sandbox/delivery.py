"""What a person does in Slack, sent to the app, and what Slack makes of the app's acknowledgement.

What Slack repeats when nobody acknowledges: events, up to three times (docs.slack.dev/apis/events-api, *Retries*,
read 2026-11-21). Commands, actions and forms it does not repeat: the person is told instead. `resend` repeats any
of them on order, because a person clicks twice, and because a proxy may deliver twice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops.sandbox import payloads
from chatops.sandbox.errors import SlackError
from chatops.sandbox.form_state import check_values, find_element, read_action, read_values
from chatops.sandbox.limits import check_view
from chatops.sandbox.records import ResponseAddress, SentRequest
from chatops.sandbox.transport import Forgery, NotAcknowledged, Repeat, send

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json, Message, OpenView

EVENT_REPEATS = 3
TROUBLE = "接続に問題が発生しました。もう一度お試しください。"
"""What Slack writes into a form whose submission the app did not answer, or answered with nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an act ended: acknowledged or not, and what must be mended in a form."""

    is_acknowledged: bool
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class Delivery:
    """The way from a person's hands to the app."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world

    def command(self, user_id: str, channel_id: str, text: str, *, forgery: Forgery | None = None) -> Outcome:
        """Send the slash command that a person typed in a channel.

        Raises:
            SlackError: `user_not_found`, `channel_not_found`.
        """
        world = self._world
        person, channel = world.person(user_id), world.channel(channel_id)
        name, _, rest = text.strip().partition(" ")
        if "\n" in name:
            name, _, rest = text.strip().partition("\n")
        if name not in world.commands:
            world.say_privately(channel.id, user_id, f"`{name}` は有効なコマンドではありません。")
            return Outcome(is_acknowledged=False, error="unknown_command")
        response_url = world.responses.give_out(channel_id=channel.id, user_id=user_id)
        payload = payloads.slash_command(
            world,
            person=person,
            channel=channel,
            command=name,
            text=rest.strip(),
            trigger_id=world.views.issue_trigger(user_id),
            response_url=response_url,
        )
        try:
            answer = self._send("slash_commands", payload, forgery=forgery)
        except NotAcknowledged as failure:
            world.say_privately(channel.id, user_id, f"{name} は「{failure.code}」エラーで失敗しました。")
            return Outcome(is_acknowledged=False, error=failure.code)
        self._show_command_answer(answer, channel.id, user_id)
        return Outcome(is_acknowledged=True)

    def message_action(
        self,
        user_id: str,
        *,
        channel_id: str,
        message_ts: str,
        block_id: str | None,
        action_id: str,
        given: Json | None = None,
        state: Json | None = None,
    ) -> Outcome:
        """Send a click (or a choice) on an element of a message.

        Raises:
            SlackError: `channel_not_found`, `message_not_found`, `action_not_found`.
        """
        world = self._world
        person, channel = world.person(user_id), world.channel(channel_id)
        message = self._seen(user_id, channel_id=channel.id, ts=message_ts)
        block, element = find_element(message.blocks, block_id, action_id)
        values = self._read(message.blocks, known={}, given=state or {})
        payload = payloads.message_action(
            world,
            person=person,
            channel=channel,
            message=message,
            action=read_action(element, block["block_id"], given or {}),
            values=values,
            trigger_id=world.views.issue_trigger(user_id),
            response_url=world.responses.give_out(
                channel_id=channel.id, user_id=user_id, message_ts=message.ts, thread_ts=message.thread_ts
            ),
        )
        return self._send_action(payload)

    def view_action(
        self,
        user_id: str,
        *,
        view_id: str,
        block_id: str | None,
        action_id: str,
        given: Json | None = None,
        state: Json | None = None,
    ) -> Outcome:
        """Send a click (or a choice) on an element of a form; Slack keeps quiet of an input that asks for no dispatch.

        Raises:
            SlackError: `view_not_found`, `action_not_found`, `action_not_dispatched`.
        """
        world = self._world
        view = world.views.find(user_id, view_id)
        block, element = find_element(view.payload["blocks"], block_id, action_id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise SlackError("action_not_dispatched")
        action = read_action(element, block["block_id"], given or {})
        fresh = {**(state or {})}
        if element["type"] not in {"button", "overflow"}:
            mine = dict(fresh.get(block["block_id"], {}))
            fresh[block["block_id"]] = mine | {action_id: action}
        view.values = self._read(view.payload["blocks"], known=view.values, given=fresh)
        payload = payloads.view_action(
            world,
            person=world.person(user_id),
            view=view,
            action=action,
            values=view.values,
            trigger_id=world.views.issue_trigger(user_id, from_view_id=view.id),
        )
        return self._send_action(payload)

    def submit(self, user_id: str, view_id: str, state: Json) -> Outcome:
        """Send a form, unless a field that must be filled in is empty.

        Raises:
            SlackError: `view_not_found`.
        """
        world = self._world
        view = world.views.find(user_id, view_id)
        view.values = self._read(view.payload["blocks"], known=view.values, given=state)
        view.errors, view.trouble = check_values(view.payload["blocks"], view.values), ""
        world.views.keep(view)
        if view.errors:
            return Outcome(is_acknowledged=False, error="form_incomplete", errors=view.errors)
        payload = payloads.view_submission(
            world,
            person=world.person(user_id),
            view=view,
            values=view.values,
            trigger_id=world.views.issue_trigger(user_id, from_view_id=view.id),
        )
        try:
            answer = self._send("interactive", payload)
            return self._apply(view, answer if isinstance(answer, dict) else {})
        except (NotAcknowledged, SlackError) as failure:
            view.trouble = TROUBLE
            world.views.keep(view)
            return Outcome(is_acknowledged=False, error=failure.code)

    def close(self, user_id: str, view_id: str, *, is_cleared: bool = False) -> Outcome:
        """Close a form; with *is_cleared* all forms, as the cross in the corner of a stack does.

        Raises:
            SlackError: `view_not_found`.
        """
        world = self._world
        view = world.views.find(user_id, view_id)
        closed = world.views.clear(user_id) if is_cleared or view.payload["clear_on_close"] else [view]
        world.views.close(view)
        for one in closed:
            if one.payload["notify_on_close"]:
                payload = payloads.view_closed(
                    world, person=world.person(user_id), view=one, is_cleared=len(closed) > 1
                )
                self._send_action(payload)
        return Outcome(is_acknowledged=True)

    def say(self, user_id: str, channel_id: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Post what a person wrote, and tell the app of it where it subscribed to messages.

        Raises:
            SlackError: `channel_not_found`, `thread_not_found`.
        """
        world = self._world
        channel = world.channel(channel_id)
        message = world.conversations.post(
            channel_id=channel.id, author_id=world.person(user_id).id, text=text, thread_ts=thread_ts
        )
        if world.sends_message_events:
            self.event(payloads.message_event(world, channel, message))
        return message

    def event(self, event: Json) -> Outcome:
        """Send an event, and send it again up to three times where nobody acknowledges it."""
        request = self._remember("events_api", payloads.event_callback(self._world, event))
        for attempt in range(EVENT_REPEATS + 1):
            try:
                send(self._world, request, repeat=Repeat(number=attempt) if attempt else None)
            except NotAcknowledged as failure:
                code = failure.code
            else:
                return Outcome(is_acknowledged=True)
        return Outcome(is_acknowledged=False, error=code)

    def resend(self, request: SentRequest | None = None, *, number: int = 1) -> Outcome:
        """Send an earlier request again, the same to the letter; by default the last one.

        Raises:
            SlackError: `nothing_sent`.
        """
        if request is None and not self._world.sent:
            raise SlackError("nothing_sent")
        try:
            send(self._world, request or self._world.sent[-1], repeat=Repeat(number=number))
        except NotAcknowledged as failure:
            return Outcome(is_acknowledged=False, error=failure.code)
        return Outcome(is_acknowledged=True)

    def _send(self, kind: str, payload: Json, *, forgery: Forgery | None = None) -> Json | str | None:
        return send(self._world, self._remember(kind, payload), forgery=forgery)

    def _send_action(self, payload: Json) -> Outcome:
        try:
            self._send("interactive", payload)
        except NotAcknowledged as failure:
            return Outcome(is_acknowledged=False, error=failure.code)
        return Outcome(is_acknowledged=True)

    def _remember(self, kind: str, payload: Json) -> SentRequest:
        takes_payload = kind == "slash_commands" or payload.get("type") == "view_submission"
        request = SentRequest(
            kind=kind,
            payload=payload,
            envelope_id=str(uuid.uuid4()),
            accepts_response_payload=takes_payload,
        )
        self._world.sent.append(request)
        return request

    def _read(self, blocks: list[Json], *, known: Json, given: Json) -> Json:
        files = self._world.files
        return read_values(blocks, known=known, given=given, find_file=lambda one: files.to_slack(files.find(one)))

    def _seen(self, user_id: str, *, channel_id: str, ts: str) -> Message:
        channel = self._world.channel(channel_id)
        for message in self._world.conversations.seen_by(user_id, channel):
            if message.ts == ts:
                return message
        raise SlackError("message_not_found")

    def _show_command_answer(self, answer: Json | str | None, channel_id: str, user_id: str) -> None:
        body = {"text": answer} if isinstance(answer, str) else answer
        if not body or not (body.get("text") or body.get("blocks")):
            return
        address = ResponseAddress(token="", channel_id=channel_id, user_id=user_id, message_ts=None, opened_at=0.0)
        try:
            self._world.responses.show(address, body)
        except SlackError as refusal:
            self._world.say_privately(channel_id, user_id, f"応答を表示できません({refusal.code})。")

    def _apply(self, view: OpenView, answer: Json) -> Outcome:
        views = self._world.views
        match answer.get("response_action"):
            case None:
                views.close(view)
            case "clear":
                views.clear(view.user_id)
            case "errors":
                return self._apply_errors(view, answer.get("errors") or {})
            case "update":
                views.replace(view, check_view(answer.get("view")))
            case "push":
                views.lay_over(view.user_id, check_view(answer.get("view")))
            case _:
                raise SlackError("invalid_response_action")
        return Outcome(is_acknowledged=True)

    def _apply_errors(self, view: OpenView, errors: dict[str, str]) -> Outcome:
        inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
        if not errors or not set(errors) <= inputs:
            raise SlackError("invalid_error_block_id")
        view.errors = errors
        self._world.views.keep(view)
        return Outcome(is_acknowledged=True, errors=errors)
