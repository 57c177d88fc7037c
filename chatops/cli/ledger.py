"""`sns ledger …`: a ledger that is held because it came back from a backup, or may run twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from publisher.api import CopyView

app = typer.Typer(help="台帳の停止（控えから戻したとき）", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def ledger() -> None:
    """Work with the ledger's hold."""


@app.command(help="台帳が止まっているかどうか")
def show(*, as_json: options.Json = False) -> None:
    """Show whether the ledger is held, why, and how far it is."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import copied as words  # noqa: PLC0415 - `sns --help` needs no words

        state = heart.restoring.state()
        if as_json:
            typer.echo(json.dumps(None if state is None else copy_data(state), ensure_ascii=False, indent=2))
        elif state is None:
            typer.echo(say(words.not_held))
        else:
            typer.echo(say(words.held, state.kind, say.moment(state.known_until)))
            typer.echo(say(words.counts, state.waiting, state.looking, state.asked))


@app.command(help="台帳の停止を解除する（運用管理者）")
def release(
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="理由（ほかに動いている複製がないことをどう確かめたか）")],
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """End the hold of a restored or copied ledger."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        typer.echo(say.outcome(heart.restoring.release(act, reason=reason)))


def copy_data(state: CopyView) -> dict[str, Any]:
    """Return the hold as plain data: a contract for scripts."""
    return {
        "kind": state.kind,
        "since": state.since.isoformat(),
        "known_until": state.known_until.isoformat(),
        "waiting": state.waiting,
        "looking": state.looking,
        "asked": state.asked,
    }
