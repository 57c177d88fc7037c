"""A person's hands and eyes in the stand-in Slack: types, fills in forms by label, presses buttons by their words.

It knows what a person sees and nothing of the product's ids, so that it proves what a person can do.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from chatops.sandbox.delivery import Delivery
from chatops.sandbox.limits import elements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chatops.sandbox.delivery import Outcome
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json, Message, OpenView

PATIENCE_SECONDS: Final = 20.0
"""How long a person waits for something to appear, in real time."""
SAYS_NO: Final = "印のない項目は"
"""How the box begins that says no to every point without a tick."""
_GLANCE_SECONDS: Final = 0.05

Seen = TypeVar("Seen")


class NothingCameError(Exception):
    """What a person waited for did not appear."""


class Hand:
    """One person at one screen.

    Args:
        world: The workspace.
        user_id: Who it is.
        channel_id: Where he or she types commands.
    """

    def __init__(self, world: SlackWorld, user_id: str, channel_id: str) -> None:
        self._world = world
        self._delivery = Delivery(world)
        self.user_id = user_id
        self.channel_id = channel_id

    def type(self, text: str) -> Outcome:
        """Type a slash command."""
        return self._delivery.command(self.user_id, self.channel_id, text)

    def attach(self, name: str, body: bytes) -> str:
        """Upload a file into a form; returns its id."""
        return self._world.files.add(name=name, user_id=self.user_id, body=body).id

    def wait_for_form(self, title: str) -> OpenView:
        """Wait until a form whose title holds *title* lies on top.

        Raises:
            NothingCameError: It did not come.
        """

        def look() -> OpenView | None:
            stack = self._world.views.stack(self.user_id)
            return stack[-1] if stack and title in stack[-1].payload["title"]["text"] else None

        return wait_until(look, f"a form titled {title!r}")

    def submit(self, view: OpenView, filled: Mapping[str, Any] | None = None) -> Outcome:
        """Fill in fields (by the beginning of their labels) and send the form."""
        return self._delivery.submit(self.user_id, view.id, _state_of(view, filled or {}))

    def choose(self, view: OpenView, label: str, value: Any, filled: Mapping[str, Any] | None = None) -> Outcome:  # noqa: ANN401 - any JSON value
        """Choose in a field that the app hears of at once, with other fields *filled* in meanwhile."""
        block = _labelled(view.payload["blocks"], label)
        return self._delivery.view_action(
            self.user_id,
            view_id=view.id,
            block_id=block["block_id"],
            action_id=block["element"]["action_id"],
            given={"value": value},
            state=_state_of(view, filled or {}),
        )

    def tick_everything(self, view: OpenView) -> Json:
        """Return what an ordinary person answers: every point is right, and where nothing is chosen yet, the first."""
        filled: Json = {}
        for block in view.payload["blocks"]:
            element = block.get("element", {})
            if element.get("type") == "checkboxes":
                points = [one for one in element["options"] if not one["text"]["text"].startswith(SAYS_NO)]
                filled[block["label"]["text"]] = [one["value"] for one in points]
            elif element.get("type") == "radio_buttons" and "initial_option" not in element:
                filled[block["label"]["text"]] = element["options"][0]["value"]
        return filled

    def wait_for_message(
        self,
        holds: Callable[[Message], bool],
        what: str,
        channel_id: str | None = None,
        seconds: float = PATIENCE_SECONDS,
    ) -> Message:
        """Wait until this person sees a message for which *holds* is true.

        Raises:
            NothingCameError: It did not come.
        """

        def look() -> Message | None:
            seen = self.messages(channel_id)
            return next((message for message in reversed(seen) if holds(message)), None)

        return wait_until(look, what, seconds)

    def messages(self, channel_id: str | None = None) -> list[Message]:
        """Return what this person sees in a channel."""
        return self._world.conversations.seen_by(self.user_id, self._world.channel(channel_id or self.channel_id))

    def press(self, message: Message, label: str) -> Outcome:
        """Press the button of *message* that says *label*."""
        block_id, action_id = _button(message.blocks, label)
        return self._delivery.message_action(
            self.user_id,
            channel_id=message.channel_id,
            message_ts=message.ts,
            block_id=block_id,
            action_id=action_id,
        )

    def press_in_form(self, view: OpenView, label: str) -> Outcome:
        """Press the button of a form that says *label*."""
        block_id, action_id = _button(view.payload["blocks"], label)
        return self._delivery.view_action(self.user_id, view_id=view.id, block_id=block_id, action_id=action_id)


def wait_until(look: Callable[[], Seen | None], what: str, seconds: float = PATIENCE_SECONDS) -> Seen:
    """Look again and again until there is something to see.

    Raises:
        NothingCameError: Nothing came within *seconds* (real time).
    """
    ends, pause = time.monotonic() + seconds, threading.Event()
    while (found := look()) is None:
        if time.monotonic() > ends:
            raise NothingCameError(f"{what} did not come within {seconds:g} seconds")
        pause.wait(_GLANCE_SECONDS)
    return found


def words_of(blocks: list[Json]) -> str:
    """Return everything that blocks say, in order."""
    return "\n".join(_texts(blocks))


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        for part in node:
            yield from _texts(part)
    elif isinstance(node, dict):
        for key, part in node.items():
            if key in {"text", "alt_text", "title"} and isinstance(part, str):
                yield part
            else:
                yield from _texts(part)


def _state_of(view: OpenView, filled: Mapping[str, Any]) -> Json:
    state: Json = {}
    for label, value in filled.items():
        block = _labelled(view.payload["blocks"], label)
        state.setdefault(block["block_id"], {})[block["element"]["action_id"]] = value
    return state


def _labelled(blocks: list[Json], label: str) -> Json:
    for block in blocks:
        if block["type"] == "input" and block["label"]["text"].startswith(label):
            return block
    raise NothingCameError(f"the form has no field {label!r}")


def _button(blocks: list[Json], label: str) -> tuple[str, str]:
    for block in blocks:
        for element in elements_of(block):
            if element["type"] == "button" and element["text"]["text"] == label:
                return block["block_id"], element["action_id"]
    raise NothingCameError(f"there is no button {label!r}")
