"""`sns hold`, `sns resume`, `sns held`: disaster mode at the shell. They need the database alone, not Slack."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.compose import Heart

Target = Annotated[str, typer.Argument(help="アカウントまたは所属（省略すると市全体）")]


def hold(
    target: Target = "",
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="理由")],
    wait: Annotated[float, typer.Option(help="送信中の投稿が終わるのを待つ秒数")] = 20.0,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Put routine posts on hold: the first answer at once, the second when what was on its way has ended."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.hold.views import outcome_text  # noqa: PLC0415 - heavy

        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        outcome = heart.services.holding.hold(act, target=target, reason=reason)
        typer.echo(outcome_text(outcome, say))
        if outcome.code == "hold_began_moving":
            typer.echo(_second_answer(heart, found, target, int(outcome.params["count"]), wait, say))


def resume(
    target: Target = "",
    *,
    person: options.As,
    note: Annotated[str, typer.Option(help="メモ")] = "",
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Lift a hold; what it stopped waits for a person's word."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.hold.views import outcome_text  # noqa: PLC0415 - heavy

        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        typer.echo(outcome_text(heart.services.holding.resume(act, target=target, note=note), say))
        typer.echo("\n".join(_listed(heart, found, say)))


def held(*, city: options.City = None) -> None:
    """Show the holds in force, and what waits for a person's word."""
    with said_errors() as say, opened_heart() as heart:
        typer.echo("\n".join(_listed(heart, find_city(heart, city, say), say)))


def _listed(heart: Heart, city: str, say: Voice) -> list[str]:
    from chatops.features.hold.views import held_line, hold_line  # noqa: PLC0415 - heavy
    from chatops.messages.ja import hold as words  # noqa: PLC0415 - `sns --help` needs no words

    holding = heart.services.holding
    lines = [hold_line(one, say) for one in holding.listing(city)] or [say(words.no_hold)]
    waiting = [f"{held_line(one, say)}　{one.excerpt}" for one in holding.waiting(city)]
    return lines + (waiting or [say(words.nothing_waits)])


def _second_answer(heart: Heart, city: str, target: str, count: int, wait_seconds: float, say: Voice) -> str:
    """Wait until what was on its way has ended, and say so; or say how many are left."""
    from chatops.messages.ja import hold as words  # noqa: PLC0415 - `sns --help` needs no words
    from publisher.ledger.pace import Pace  # noqa: PLC0415 - heavy

    ends_at = time.monotonic() + wait_seconds
    while True:
        heart.holding.settle()
        left = sum(one.under_way for one in heart.services.holding.listing(city) if target in {one.target, one.where})
        if not left:
            return say(words.settled, count)
        if time.monotonic() >= ends_at:
            return say(words.still_moving, left)
        time.sleep(Pace().hold_look_seconds)
