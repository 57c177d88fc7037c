"""`/sns help`, and every word that is none of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.help.views import build_help
from chatops.messages.ja import board as words

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command to its listener."""
    registry.command(("help", "ヘルプ"), on_command)
    registry.unknown_command(on_unknown)


def on_command(call: Call) -> None:
    """Show the help; to strangers too."""
    call.ack()
    say = call.voice
    call.tell(say(words.help_title), build_help(say))


def on_unknown(call: Call, word: str, meant: str) -> None:
    """Say what was meant, and show the help."""
    call.ack()
    say = call.voice
    call.tell(say(words.unknown, word[:50]), build_help(say, unknown=word, meant=meant))
