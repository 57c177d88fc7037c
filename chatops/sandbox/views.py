"""Forms: triggers, the stack of at most three views before a person, hashes, App Home.

Source: docs.slack.dev/surfaces/modals and reference/methods/views.*, read 2026-11-21. An expired trigger is
answered with `expired_trigger_id` and an unknown view with `not_found` (slackapi/bolt-python issue 886,
slackapi/java-slack-sdk issue 1220).
"""

from __future__ import annotations

import copy
import secrets
import time
from typing import TYPE_CHECKING

from chatops.sandbox.conversations import complete_blocks
from chatops.sandbox.errors import SlackError
from chatops.sandbox.form_state import read_values
from chatops.sandbox.limits import check_view
from chatops.sandbox.records import OpenView, Trigger, to_json

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json

TRIGGER_SECONDS = 3.0
TRIGGERS_KEPT_SECONDS = 600.0
"""For so long a late trigger is answered as expired; afterwards as unknown."""
STACK_MAX = 3
_KIND = "view"
_HOME = "home"


class Views:
    """All triggers and open views."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self._views: dict[str, OpenView] = {}
        for body in world.store.load(_KIND):
            self._views[body["id"]] = OpenView(**body)

    def issue_trigger(self, user_id: str, *, from_view_id: str | None = None) -> str:
        """Return a trigger: it opens one view within three real seconds."""
        trigger = Trigger(
            id=f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
            user_id=user_id,
            born=time.monotonic(),
            from_view_id=from_view_id,
        )
        with self._world.lock:
            self._triggers = {
                known.id: known
                for known in self._triggers.values()
                if trigger.born - known.born < TRIGGERS_KEPT_SECONDS
            }
            self._triggers[trigger.id] = trigger
        return trigger.id

    def expire_triggers(self) -> None:
        """Let every trigger that is out expire now, as if three seconds had passed."""
        with self._world.lock:
            for trigger in self._triggers.values():
                trigger.born -= TRIGGER_SECONDS + 1

    def open(self, trigger_id: str, view: object) -> OpenView:
        """Open a form before the person who caused *trigger_id*; it takes the place of what was open.

        Raises:
            SlackError: `invalid_arguments`, `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`,
                `duplicate_external_id`.
        """
        payload = check_view(view)
        with self._world.lock:
            trigger = self._spend(trigger_id)
            self._refuse_taken_external_id(payload, but=None)
            self.clear(trigger.user_id)
            return self._add(trigger.user_id, payload, previous=None)

    def push(self, trigger_id: str, view: object) -> OpenView:
        """Lay a form over the one from which *trigger_id* came.

        Raises:
            SlackError: As for `open`; `push_limit_reached` over three; `not_found` without a form below.
        """
        payload = check_view(view)
        with self._world.lock:
            trigger = self._spend(trigger_id)
            return self.lay_over(trigger.user_id, payload)

    def lay_over(self, user_id: str, payload: Json) -> OpenView:
        """Lay a checked form over the person's topmost one.

        Raises:
            SlackError: `push_limit_reached`, `not_found`, `duplicate_external_id`.
        """
        with self._world.lock:
            stack = self.stack(user_id)
            if not stack:
                raise SlackError("not_found")
            if len(stack) >= STACK_MAX:
                raise SlackError("push_limit_reached")
            self._refuse_taken_external_id(payload, but=None)
            return self._add(user_id, payload, previous=stack[-1])

    def update(self, view: object, *, view_id: str | None, external_id: str | None, view_hash: str | None) -> OpenView:
        """Replace what an open form shows.

        Raises:
            SlackError: `invalid_arguments`, `not_found`, `hash_conflict`.
        """
        if view_id and external_id:
            raise SlackError("invalid_arguments", messages=("Cannot provide both `view_id` and `external_id`",))
        payload = check_view(view)
        with self._world.lock:
            found = self._views.get(view_id or "") or next(
                (v for v in self._views.values() if external_id and v.payload["external_id"] == external_id),
                None,
            )
            if found is None:
                raise SlackError("not_found")
            if view_hash is not None and view_hash != found.hash:
                raise SlackError("hash_conflict")
            self._refuse_taken_external_id(payload, but=found.id)
            self.replace(found, payload)
            return found

    def publish(self, user_id: str, view: object, *, view_hash: str | None) -> OpenView:
        """Set a person's App Home.

        Raises:
            SlackError: `invalid_arguments`, `user_not_found`, `hash_conflict`.
        """
        payload = check_view(view)
        self._world.person(user_id)
        with self._world.lock:
            old = self.home(user_id)
            if old is None:
                return self._add(user_id, payload, previous=None)
            if view_hash is not None and view_hash != old.hash:
                raise SlackError("hash_conflict")
            self.replace(old, payload)
            return old

    def replace(self, view: OpenView, payload: Json) -> None:
        """Show a checked *payload* in the place of what *view* showed.

        As in Slack, what a field held stays where block and action keep their ids: its new initial value
        is not looked at (docs.slack.dev/surfaces/modals, *Preserving input entry*).
        """
        with self._world.lock:
            view.values = read_values(view.payload["blocks"], known=view.values, given={}, find_file=lambda _id: {})
            view.payload = _completed(payload)
            view.hash = self._new_hash()
            view.errors = {}
            view.trouble = ""
            self.keep(view)

    def keep(self, view: OpenView) -> None:
        """Write a view's present state to the store, unless it was closed meanwhile."""
        with self._world.lock:
            if view.id in self._views:
                self._world.store.put(_KIND, view.id, to_json(view))
        self._world.changed()

    def stack(self, user_id: str) -> list[OpenView]:
        """List the forms before a person, the topmost last."""
        return [
            view for view in list(self._views.values()) if view.user_id == user_id and view.payload["type"] != _HOME
        ]

    def home(self, user_id: str) -> OpenView | None:
        """Return a person's App Home."""
        mine = [v for v in self._views.values() if v.user_id == user_id and v.payload["type"] == _HOME]
        return mine[0] if mine else None

    def find(self, user_id: str, view_id: str) -> OpenView:
        """Find a view before a person.

        Raises:
            SlackError: `view_not_found`.
        """
        view = self._views.get(view_id)
        if view is None or view.user_id != user_id:
            raise SlackError("view_not_found")
        return view

    def close(self, view: OpenView) -> None:
        """Take one form away; the one below shows again."""
        with self._world.lock:
            self._views.pop(view.id, None)
            self._world.store.drop(_KIND, view.id)
        self._world.changed()

    def clear(self, user_id: str) -> list[OpenView]:
        """Take all forms of a person away and return them."""
        closed = self.stack(user_id)
        for view in closed:
            self.close(view)
        return closed

    def to_slack(self, view: OpenView, *, values: Json | None = None) -> Json:
        """Return a view as the Web API and the payloads show it."""
        world = self._world
        return {
            "id": view.id,
            "team_id": world.team_id,
            **copy.deepcopy(view.payload),
            "state": {"values": values or {}},
            "hash": view.hash,
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": world.app_id,
            "app_installed_team_id": world.team_id,
            "bot_id": world.bot_id,
        }

    def _new_hash(self) -> str:
        return f"{int(self._world.now().timestamp())}.{secrets.token_hex(4)}"

    def _spend(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if time.monotonic() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        trigger.is_used = True
        return trigger

    def _refuse_taken_external_id(self, payload: Json, *, but: str | None) -> None:
        wanted = payload.get("external_id")
        taken = {v.payload["external_id"] for v in self._views.values() if v.id != but}
        if wanted and wanted in taken:
            raise SlackError("duplicate_external_id")

    def _add(self, user_id: str, payload: Json, *, previous: OpenView | None) -> OpenView:
        view_id = f"V{secrets.token_hex(5).upper()}"
        view = OpenView(
            id=view_id,
            user_id=user_id,
            payload=_completed(payload),
            hash=self._new_hash(),
            root_id=previous.root_id if previous else view_id,
            previous_id=previous.id if previous else None,
        )
        self._views[view.id] = view
        self.keep(view)
        return view


def _completed(payload: Json) -> Json:
    parts = copy.deepcopy(payload)
    for name in ("title", "submit", "close"):
        if parts.get(name):
            parts[name].setdefault("emoji", True)
    return {
        "type": parts["type"],
        "blocks": complete_blocks(parts["blocks"]),
        "private_metadata": parts.get("private_metadata", ""),
        "callback_id": parts.get("callback_id", ""),
        "title": parts.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": parts.get("clear_on_close", False),
        "notify_on_close": parts.get("notify_on_close", False),
        "close": parts.get("close"),
        "submit": parts.get("submit"),
        "external_id": parts.get("external_id", ""),
    }
