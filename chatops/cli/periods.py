"""`sns period …`: times of the city's own choice in which some posts need more care."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from datetime import datetime

    from chatops.messages import Voice
    from publisher.api import PeriodView

app = typer.Typer(help="期間の設定（選挙、年末年始など）", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="期間の名前")]
_TIME = "日付または日時（2027-04-18、2027-04-18T09:00。日本時間）"


@app.callback()
def period() -> None:
    """Work with the city's periods."""


@app.command(help="設定する（運用管理者）")
def add(
    name: Name,
    *,
    person: options.As,
    starts: Annotated[str, typer.Option("--from", help=f"始まり: {_TIME}")],
    ends: Annotated[str, typer.Option("--to", help=f"終わり: {_TIME}。日付だけなら、その日の終わりまで")],
    effect: Annotated[str, typer.Option(help="head（運用管理者の了承を求める）または wait（終わるまで待つ）")],
    reason: Annotated[str, typer.Option(help="理由")],
    category: Annotated[list[str] | None, typer.Option(help="この分類の投稿だけ（いくつでも）")] = None,
    word: Annotated[list[str] | None, typer.Option(help="この語を含む投稿だけ（いくつでも）")] = None,
    account: Annotated[list[str] | None, typer.Option(help="このアカウントだけ（いくつでも）")] = None,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Set a period."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.periods.reading import read_effect  # noqa: PLC0415 - heavy
        from chatops.features.periods.views import outcome_text  # noqa: PLC0415 - heavy
        from publisher.api import PeriodOrder  # noqa: PLC0415 - heavy

        order = PeriodOrder(
            name=name,
            starts_at=_instant(starts, say),
            ends_at=_instant(ends, say, is_end=True),
            effect=read_effect(effect),
            reason=reason,
            categories=tuple(category or ()),
            words=tuple(word or ()),
            accounts=tuple(account or ()),
        )
        found = find_city(heart, city, say)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        typer.echo(outcome_text(heart.services.periods.add(shell_act(found, who), order), say))


@app.command(help="予定より早く終える（運用管理者）")
def end(
    name: Name,
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="理由")],
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """End a period before its time."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        typer.echo(say.outcome(heart.services.periods.end(act, name=name, reason=reason)))


@app.command(name="list", help="実施中とこれからの期間の一覧")
def list_(
    *,
    every: Annotated[bool, typer.Option("--all", help="終わった期間も")] = False,
    city: options.City = None,
    as_json: options.Json = False,
) -> None:
    """Show the periods."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.periods.views import period_lines  # noqa: PLC0415 - heavy
        from chatops.messages.ja import rules as words  # noqa: PLC0415 - `sns --help` needs no words

        found = heart.services.periods.listing(find_city(heart, city, say), is_past_shown=every)
        if as_json:
            typer.echo(json.dumps([period_data(one) for one in found], ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join("\n  ".join(period_lines(one, say)) for one in found) or say(words.period_empty))


def period_data(one: PeriodView) -> dict[str, Any]:
    """Return a period as plain data: a contract for scripts."""
    return {
        "name": one.name,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        "effect": one.effect,
        "categories": list(one.categories),
        "words": list(one.words),
        "accounts": list(one.accounts),
        "reason": one.reason,
        "is_in_force": one.is_in_force,
        "added_by": one.added_by,
        "added_at": one.added_at.isoformat(),
        "ended_by": one.ended_by,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "end_reason": one.end_reason,
    }


def _instant(text: str, say: Voice, *, is_end: bool = False) -> datetime:
    from chatops.spoken import UnreadableError, read_instant  # noqa: PLC0415 - heavy

    try:
        return read_instant(text, is_end=is_end)
    except UnreadableError as error:
        raise SaidError(error.speak(say)) from None
