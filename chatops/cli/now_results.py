"""What became of an emergency post, account by account, as `sns now` waits for it."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import typer

from chatops.courier.render import delivery_text
from chatops.messages.ja import shell_now as words
from publisher.api import DeliveryState

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import DeliveryLine
    from publisher.compose import Heart

PATIENCE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.3
_SETTLED: Final = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.CANCELLED,
        DeliveryState.SUPERSEDED,
        DeliveryState.ASKED,
        DeliveryState.HELD,
    }
)
"""States in which nothing more happens by itself."""


def follow(heart: Heart, city: str, number: str, say: Voice) -> bool:
    """Tell what became of a post on each account, until all has settled or the patience ends; True: all is out.

    Where no worker is there, this process sends it.
    """
    ends_at = time.monotonic() + PATIENCE_SECONDS
    told: set[str] = set()
    with ExitStack() as sending:
        if heart.lone.is_needed():
            typer.echo(say(words.sends_itself))
            sending.enter_context(heart.lone.sending(city, number))
        while True:
            lines = heart.services.board.card(city, number).deliveries
            for line in lines:
                if line.state in _SETTLED and line.id not in told:
                    told.add(line.id)
                    typer.echo(result_line(number, line, say))
            left = [line for line in lines if line.state not in _SETTLED]
            if not left:
                break
            if time.monotonic() >= ends_at:
                typer.echo("\n".join(result_line(number, line, say) for line in left))
                typer.echo(say(words.goes_on, number))
                return False
            time.sleep(LOOK_SECONDS)
    is_all_out = all(line.state is DeliveryState.SENT for line in lines)
    typer.echo(say(words.all_out if is_all_out else words.not_all_out, number))
    return is_all_out


def result_line(number: str, line: DeliveryLine, say: Voice) -> str:
    """Say what became of one delivery, with its address, or with the command that answers its question."""
    said = delivery_text(line, say)
    if line.state is DeliveryState.ASKED:
        return f"❓ {said} {say(words.answer_with, number, line.account)}"
    return f"{said} {line.url}" if line.url else said
