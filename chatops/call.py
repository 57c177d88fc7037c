"""One request of Slack's, as a listener sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chatops.inbox import Lane
from chatops.where import Where, find_where, read_metadata
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops.block_kit import Block
    from chatops.messages import Voice
    from chatops.office import Caller, Office


@dataclass(kw_only=True)
class Call:
    """A command, a click, or a form that came in.

    The order in a listener: read, `accept` what changes something, `ack`, then talk to Slack.
    """

    office: Office
    body: dict[str, Any]
    ack: Callable[..., Any]
    words: str = ""
    """What stands behind a sub-command."""

    @property
    def is_acknowledged(self) -> bool:
        """Whether Slack has its answer; Bolt keeps it on what acknowledges."""
        return getattr(self.ack, "response", None) is not None

    @cached_property
    def where(self) -> Where:
        """Where the person waits for an answer."""
        return find_where(self.body)

    @cached_property
    def caller(self) -> Caller:
        """Who asks.

        Raises:
            Refusal: `stranger`.
        """
        return find_caller(self.office, self.body)

    @property
    def voice(self) -> Voice:
        """The person's language; may ask Slack, so only after the acknowledgement."""
        return self.office.voice(self.where.user)

    @property
    def quick_voice(self) -> Voice:
        """The person's language as far as it is known."""
        return self.office.quick_voice(self.where.user)

    @property
    def view(self) -> dict[str, Any]:
        """The form that was sent."""
        view: dict[str, Any] = self.body["view"]
        return view

    @property
    def metadata(self) -> dict[str, Any]:
        """What the form kept for us."""
        return read_metadata(self.view)

    @property
    def action(self) -> dict[str, Any]:
        """The button that was pressed."""
        action: dict[str, Any] = self.body["actions"][0]
        return action

    @property
    def button_data(self) -> dict[str, Any]:
        """What the button carries."""
        data: dict[str, Any] = json.loads(self.action.get("value") or "{}")
        return data

    @property
    def trigger_id(self) -> str:
        """What opens a modal within 3 seconds."""
        return str(self.body.get("trigger_id", ""))

    @property
    def key(self) -> str:
        """The act's key, made of Slack's own ids."""
        return act_key(self.body)

    def accept(self, kind: str, data: Mapping[str, Any], *, lane: Lane = Lane.QUICK) -> bool:
        """Write an act to the inbox, before it is acknowledged; False where it was there before."""
        return self.office.accept(kind, self.key, self.caller, self.where, data, lane)

    def open(self, view: Block) -> None:
        """Open a modal."""
        self.office.link.client.views_open(trigger_id=self.trigger_id, view=view)

    def tell(self, text: str, blocks: list[Block] | None = None) -> None:
        """Tell the person privately."""
        self.office.link.tell(self.where, text, blocks)


def find_caller(office: Office, body: dict[str, Any]) -> Caller:
    """Find out who asks; somebody of another workspace in a shared channel is a stranger.

    Raises:
        Refusal: `stranger`.
    """
    from chatops.office import Caller  # noqa: PLC0415 - office knows calls only by name

    user = body.get("user") or {}
    team = user.get("team_id") or (body.get("team") or {}).get("id") or body.get("team_id") or ""
    user_id = user.get("id") or body.get("user_id") or ""
    found = office.services.people.by_slack(team, user_id)
    if found is None:
        raise Refusal("stranger")
    city, person = found
    return Caller(city=city, person=person, team=team, user=user_id)


def act_key(body: dict[str, Any]) -> str:
    """Build the key under which an act is done once.

    A form's key is its view and the hash of its state; a click's its time, trigger, message, person and button;
    a command's its trigger.
    """
    kind = body.get("type")
    if kind == "view_submission":
        return f"slack:view:{body['view']['id']}:{body['view']['hash']}"
    if kind == "block_actions":
        action = body["actions"][0]
        container = body.get("container") or {}
        place = container.get("message_ts") or container.get("view_id") or ""
        moment = f"{action['action_ts']}:{body.get('trigger_id', '')}"
        return f"slack:action:{moment}:{place}:{body['user']['id']}:{action['action_id']}"
    return f"slack:command:{body['trigger_id']}"
