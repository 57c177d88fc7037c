"""Ties every id of ours to its listener: the list of features, by hand."""

from __future__ import annotations

import logging
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from chatops.call import Call
from chatops.errors import ErrorAnswer
from chatops.features.approve import listeners as approve
from chatops.features.ask import listeners as ask
from chatops.features.cancel import listeners as cancel
from chatops.features.draft import listeners as draft
from chatops.features.help import listeners as help_page
from chatops.features.now import listeners as now
from chatops.features.queue import listeners as queue
from chatops.features.review import listeners as review
from chatops.features.show import listeners as show
from chatops.features.sign_off import listeners as sign_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

    from chatops.office import Office, Task

log = logging.getLogger(__name__)

COMMAND: Final = "/sns"
_WORDS: Final = re.compile(r"(\S*)\s*(.*)", re.DOTALL)
FEATURES: Final = (draft, review, approve, now, queue, show, cancel, sign_off, ask, help_page)


class Registry:
    """Where a feature's `register` ties its ids to plain functions.

    Args:
        app: The Bolt app, or None where acts alone are wanted.
        office: What listeners work with.
    """

    def __init__(self, app: App | None, office: Office) -> None:
        self._app = app
        self._office = office
        self._answer = ErrorAnswer(office)
        self._commands: dict[str, Callable[[Call], None]] = {}

    def command(self, names: tuple[str, ...], listen: Callable[[Call], None]) -> None:
        """Tie the words behind `/sns`, the English one first, to a listener."""
        for name in names:
            self._commands[name] = listen

    def action(self, action_id: str, listen: Callable[[Call], None]) -> None:
        """Tie a button to a listener."""
        if self._app is not None:
            self._app.action(str(action_id))(self._listener(listen))

    def view(self, callback_id: str, listen: Callable[[Call], None]) -> None:
        """Tie a form to a listener."""
        if self._app is not None:
            self._app.view_submission(str(callback_id))(self._listener(listen))

    def closed(self, callback_id: str, listen: Callable[[Call], None]) -> None:
        """Tie the closing of a form to a listener."""
        if self._app is not None:
            self._app.view_closed(str(callback_id))(self._listener(listen))

    def act(self, kind: str, apply: Callable[[Office, Task], None]) -> None:
        """Tie an act of the inbox to what applies it."""
        self._office.handle(kind, apply)

    def listen_for_commands(self) -> None:
        """Tie `/sns` to the sub-commands."""
        if self._app is not None:
            self._app.command(COMMAND)(self._on_command)

    def find(self, text: str) -> tuple[Callable[[Call], None], str]:
        """Return the listener for what stands behind `/sns`, and the words for it."""
        first, words = _WORDS.match(text.strip()).groups()  # type: ignore[union-attr] # it matches anything
        name = first.lower()
        if not name:
            return self._commands["help"], ""
        if name in self._commands:
            return self._commands[name], words
        near = get_close_matches(name, self._commands, n=1, cutoff=0.5)
        return lambda call: help_page.on_unknown(call, first, near[0] if near else ""), words

    def _on_command(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        listen, words = self.find(str(body.get("text") or ""))
        self._run(listen, Call(office=self._office, body=body, ack=ack, words=words))

    def _listener(self, listen: Callable[[Call], None]) -> Callable[..., None]:
        def on_request(ack: Callable[..., Any], body: dict[str, Any]) -> None:
            self._run(listen, Call(office=self._office, body=body, ack=ack))

        return on_request

    def _run(self, listen: Callable[[Call], None], call: Call) -> None:
        try:
            listen(call)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            self._answer(error, call)


def register_features(app: App | None, office: Office) -> Registry:
    """Tie everything; without an app the acts alone, so that the inbox can be replayed while Slack is away."""
    registry = Registry(app, office)
    for feature in FEATURES:
        feature.register(registry)
    registry.listen_for_commands()
    return registry
