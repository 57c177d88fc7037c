"""The one place where an error becomes a sentence and an exit status."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops.messages import Voice
    from publisher.errors import ConfigurationError, ConfigurationMistake

REFUSED: Final = 1
MISCONFIGURED: Final = 2


class SaidError(Exception):
    """An error whose sentence is ready."""

    def __init__(self, sentence: str, status: int = MISCONFIGURED) -> None:
        """Say *sentence*, and end with *status*."""
        super().__init__(sentence)
        self.status = status


def build_voice() -> Voice:
    """Return the language of the shell: English where `LC_ALL` or `LANG` says so, else Japanese."""
    from chatops.messages import Voice  # noqa: PLC0415 - `sns --help` needs no words
    from publisher.clock import RealClock  # noqa: PLC0415 - the same

    locale = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return Voice(locale="en" if locale.startswith("en") else "ja", now=RealClock().now(), is_at_shell=True)


@contextmanager
def said_errors() -> Iterator[Voice]:
    """Run a command's body; an error ends it with one sentence on standard error and no traceback."""
    say = build_voice()
    try:
        yield say
    except typer.Exit:
        raise
    except Exception as error:
        if os.environ.get("SNS_LOG_LEVEL") == "debug":
            raise
        text, status = _sentence(error, say)
        sys.stderr.write(f"sns: {text}\n")
        raise typer.Exit(status) from None


def _sentence(error: Exception, say: Voice) -> tuple[str, int]:
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words
    from publisher.errors import ConfigurationError, PublisherError, Refusal, UnknownSecretKeyError  # noqa: PLC0415

    if isinstance(error, SaidError):
        return str(error), error.status
    if isinstance(error, Refusal):
        return say.refusal(error), REFUSED
    if isinstance(error, ConfigurationError):
        return _mistakes(error, say), MISCONFIGURED
    if isinstance(error, UnknownSecretKeyError):
        return say(words.wrong_key, error.origin), MISCONFIGURED
    if type(error).__module__.startswith("alembic."):
        return say(words.newer_schema), MISCONFIGURED
    if isinstance(error, PublisherError) or type(error).__module__.startswith("sqlalchemy."):
        text = say(words.no_database, _first_line(getattr(error, "orig", None) or error))
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
        text = say(words.system_error, f"{error.filename}: {reason}" if error.filename else reason)
    else:
        text = say(words.crashed, type(error).__name__)
    return text, REFUSED


def said_mistake(mistake: ConfigurationMistake, say: Voice) -> str:
    """Say a mistake with its place in front, as editors and terminals make a link of it."""
    from chatops.messages.ja import config  # noqa: PLC0415 - `sns --help` needs no words

    sentence = say(config.mistake, mistake.code, mistake.params, mistake.meant or "")
    if mistake.place:
        sentence = say(config.in_place, mistake.place, sentence)
    return f"{mistake.where}: {sentence}" if mistake.where else sentence


def _mistakes(error: ConfigurationError, say: Voice) -> str:
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    lines = [said_mistake(mistake, say) for mistake in error.mistakes]
    if len(lines) == 1 and not error.mistakes[0].where:
        return lines[0]
    return say(words.wrong_settings, len(lines), "\n".join(lines))


def _first_line(error: BaseException) -> str:
    # What SQLAlchemy adds in further lines is the statement and its values.
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
