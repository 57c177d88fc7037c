"""Where features tie their ids to their listeners."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from chatops.call import Call
from chatops.errors import ErrorAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

    from chatops.office import Office, Task

COMMAND: Final = "/sns"
_WORDS: Final = re.compile(r"(\S*)\s*(.*)", re.DOTALL)


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
        self._on_unknown: Callable[[Call, str, str], None] | None = None

    def command(self, names: tuple[str, ...], listen: Callable[[Call], None]) -> None:
        """Tie the words behind `/sns`, the English one first, to a listener."""
        for name in names:
            self._commands[name] = listen

    def unknown_command(self, listen: Callable[[Call, str, str], None]) -> None:
        """Tie what nobody knows to a listener, which gets the word and the nearest known one (or nothing)."""
        self._on_unknown = listen

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
        answer = self._on_unknown
        if answer is None:
            raise LookupError(f"nobody listens to /sns {first}")
        return lambda call: answer(call, first, near[0] if near else ""), words

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
