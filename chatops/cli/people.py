"""`sns people …`: the pass phrases of those who act outside Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import ask, read_line, shell_act
from chatops.cli._errors import SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from chatops.messages import Voice

SHELL = "cli"
"""Who acts where nobody has proved who he or she is."""
app = typer.Typer(help="Slack の外で操作する職員", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def people() -> None:
    """Work with the people of a city file."""


@app.command(help="パスフレーズを登録または変更する（sns … --as 職員 で使います）")
def passphrase(
    person: Annotated[str, typer.Argument(help="職員のキー（自治体設定の people）")],
    *,
    city: options.City = None,
    stdin: Annotated[
        bool,
        typer.Option("--stdin", help="標準入力から読む（変更は1行目に今のパスフレーズ、2行目に新しいパスフレーズ）"),
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="今のパスフレーズなしで付け直す（鍵が必要。記録に残ります）")
    ] = False,
) -> None:
    """Set a person's pass phrase, or change it."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import people as words  # noqa: PLC0415 - `sns --help` needs no words

        found = find_city(heart, city, say)
        is_change = heart.passphrases.is_set(found, person) and not reset
        if not is_change:
            # Only who has the key of the stored secrets may say whose phrase is whose.
            heart.credentials.check_key()
        old = "" if not is_change else read_line() if stdin else ask(say(words.ask_old))
        new = read_line() if stdin else _ask_twice(say)
        if is_change:
            outcome = heart.passphrases.change(shell_act(found, person), person=person, old=old, new=new)
        else:
            outcome = heart.passphrases.set(shell_act(found, SHELL), person=person, new=new, is_reset=reset)
        typer.echo(say.outcome(outcome))


def _ask_twice(say: Voice) -> str:
    from chatops.messages.ja import people as words  # noqa: PLC0415 - `sns --help` needs no words

    new = ask(say(words.ask_new))
    if ask(say(words.ask_again)) != new:
        raise SaidError(say(words.not_the_same))
    return new
