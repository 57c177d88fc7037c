"""Finds out who acts at the shell: `--as PERSON`, and the pass phrase that proves it."""

from __future__ import annotations

import sys
import threading
from getpass import getpass
from typing import TYPE_CHECKING
from uuid import uuid4

from chatops.cli._errors import build_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publisher.api import Act, Outcome
    from publisher.compose import Heart


def acting_as(heart: Heart, city: str, person: str, *, from_stdin: bool = False) -> str:
    """Ask for a person's pass phrase and return the person's key.

    Args:
        heart: The heart.
        city: The city.
        person: Whose key stands behind `--as`.
        from_stdin: Read the pass phrase from the first line of standard input; what follows stays unread.

    Raises:
        Refusal: As `publisher.api.Passphrases.check`; `passphrase_missing`: nobody could be asked.
    """
    from chatops.messages.ja import people as words  # noqa: PLC0415 - `sns --help` needs no words
    from publisher.errors import Refusal  # noqa: PLC0415 - heavy

    if not heart.passphrases.is_set(city, person):
        raise Refusal("passphrase_not_set", person=person)
    given = read_line() if from_stdin else ask(build_voice()(words.ask_passphrase, person))
    heart.passphrases.check(city, person, given)
    return person


def ask(question: str) -> str:
    """Ask on the terminal, without echo.

    Raises:
        Refusal: `passphrase_missing`: there is no terminal.
    """
    from publisher.errors import Refusal  # noqa: PLC0415 - heavy

    if not sys.stdin.isatty():
        raise Refusal("passphrase_missing")
    return getpass(question)


def read_line() -> str:
    """Return one line of standard input, without its end.

    Raises:
        Refusal: `passphrase_missing`: there is none.
    """
    from publisher.errors import Refusal  # noqa: PLC0415 - heavy

    # Byte by byte would be needed to leave a pipe's rest to another process; within this one the buffer keeps it.
    line = sys.stdin.readline().lstrip("\ufeff").rstrip("\r\n")
    if not line:
        raise Refusal("passphrase_missing")
    return line


def shell_act(city: str, person: str) -> Act:
    """Return an act of its own for one call of the command: nothing but `done_once` repeats it."""
    from publisher.api import Act  # noqa: PLC0415 - heavy

    return Act(city=city, person=person, key=f"cli:{uuid4()}")


def done_once(do: Callable[[], Outcome], *, waits_seconds: Sequence[float] = (0.5, 2.0, 5.0)) -> Outcome:
    """Do an act, and again where the database did not answer: it may have been done, and by its key it is done once.

    Whoever is told of an error types the command again, and that is another act: citizens would get it twice.

    Raises:
        PublisherError: The heart refused it, or the database stayed away.
    """
    from publisher.errors import PublisherError, Refusal  # noqa: PLC0415 - `sns --help` needs no heart

    for wait in waits_seconds:
        try:
            return do()
        except Refusal:
            raise
        except PublisherError:
            threading.Event().wait(wait)
    return do()
