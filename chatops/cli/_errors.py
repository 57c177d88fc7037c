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

REFUSED: Final = 1
MISCONFIGURED: Final = 2


class SaidError(Exception):
    """An error whose sentence is ready."""


def build_voice() -> Voice:
    """Return the language of the shell: English where `LC_ALL` or `LANG` says so, else Japanese."""
    from chatops.messages import Voice  # noqa: PLC0415 - `sns --help` needs no words
    from publisher.clock import RealClock  # noqa: PLC0415 - the same

    locale = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return Voice(locale="en" if locale.startswith("en") else "ja", now=RealClock().now())


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
        return str(error), MISCONFIGURED
    if isinstance(error, Refusal):
        return say.refusal(error), REFUSED
    if isinstance(error, ConfigurationError):
        return say(words.wrong_settings, str(error)), MISCONFIGURED
    if isinstance(error, UnknownSecretKeyError):
        return say(words.wrong_key, str(error)), MISCONFIGURED
    if isinstance(error, PublisherError):
        text = say(words.no_database, str(error) or type(error).__name__)
    elif isinstance(error, OSError):
        text = say(words.system_error, str(error))
    else:
        text = say(words.crashed, type(error).__name__)
    return text, REFUSED
