"""`sns cancel`: stops at the shell what has not gone out, for when Slack can't be reached."""

from __future__ import annotations

from typing import Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import said_errors
from chatops.cli._heart import find_city, opened_heart


def cancel(
    number: Annotated[str, typer.Argument(help="投稿の番号（K-12）")],
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="理由（記録に残ります）")] = "",
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Stop what has not gone out, and say what has."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.cancel.views import build_answer  # noqa: PLC0415 - heavy

        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        outcome = heart.services.deciding.cancel(act, number=number, reason=reason)
        told, _ = build_answer(outcome, heart.services.board.card(found, number), say)
        typer.echo(told)
