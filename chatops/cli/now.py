"""`sns now`: an emergency post from the shell, for when Slack is down. It needs the database, and decides nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, done_once, shell_act
from chatops.cli._errors import REFUSED, SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from chatops.cli.now_asking import Asked
    from chatops.messages import Voice
    from publisher.api import OverrideForm
    from publisher.compose import Heart


def now(
    text: Annotated[str, typer.Argument(help="本文（- にすると標準入力から読みます）")],
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="緊急発信の理由（記録に残ります）")] = "",
    kind: Annotated[
        str, typer.Option(help="災害の種類（evacuation, storm_flood, earthquake など。省略すると本文から提案）")
    ] = "",
    event: Annotated[str, typer.Option(help="続報なら事案の番号、新しい事案なら new（省略すると尋ねます）")] = "",
    level: Annotated[str | None, typer.Option(help="警戒レベル（1〜5、なしは空）")] = None,
    areas: Annotated[str | None, typer.Option(help="対象地域（本文には入りません）")] = None,
    closing: Annotated[
        bool | None, typer.Option("--closing/--no-closing", help="解除の発信である・ない（省略すると本文から提案）")
    ] = None,
    short: Annotated[
        list[str] | None, typer.Option(help="媒体用の短い本文（x=本文。くり返せます）", metavar="媒体=本文")
    ] = None,
    own: Annotated[list[str] | None, typer.Option(help="本文にある市の連絡先・施設（くり返せます）")] = None,
    contacts_checked: Annotated[
        bool, typer.Option("--contacts-checked", help="市のもの以外の連絡先も、公表してよいと確かめた")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="確認の問いを省いて、すぐに発信する")] = False,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Show what would go out and where, ask once, send it, and say per account what became of it."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.cli.now_asking import Asked, read_short  # noqa: PLC0415 - heavy
        from chatops.cli.now_results import follow  # noqa: PLC0415 - heavy
        from chatops.features.now.views import answer_text  # noqa: PLC0415 - heavy

        found = find_city(heart, city, say)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        heart.shelf.open(heart.database)
        asked = Asked(
            city=found,
            person=who,
            text=sys.stdin.read().strip() if text == "-" else text,
            reason=reason,
            kind=kind,
            event=event,
            level=level,
            areas=areas,
            is_closing=closing,
            variants=read_short(short or (), say),
            own=frozenset(own or ()),
            others_checked=contacts_checked,
        )
        form, asked = _confirmed(heart, asked, say, is_sure=yes)
        act, order = shell_act(found, who), asked.order(form)
        outcome = done_once(lambda: heart.services.overriding.send(act, order))
        typer.echo(answer_text(outcome, say))
        if outcome.code != "sent_now" or outcome.number is None:
            return
        if not follow(heart, found, outcome.number, say):
            raise typer.Exit(REFUSED)


def _confirmed(heart: Heart, asked: Asked, say: Voice, *, is_sure: bool) -> tuple[OverrideForm, Asked]:
    """Return what is sent, once it was shown and confirmed: what the person saw, and nothing else.

    Raises:
        SaidError: Nothing is sent: something is to be chosen, or nobody said yes.
    """
    from chatops.cli.now_asking import ask_missing, is_asking, is_yes, look, preview  # noqa: PLC0415 - heavy
    from chatops.features.now.reading import preview_mark  # noqa: PLC0415 - heavy
    from chatops.messages.ja import shell_now as words  # noqa: PLC0415 - `sns --help` needs no words

    asked = ask_missing(heart, asked, say)
    while True:
        form = look(heart, asked)
        typer.echo("\n".join(preview(form, asked, say)))
        if is_sure:
            return form, asked
        if not is_asking():
            raise SaidError(say(words.not_sent_say_yes), REFUSED)
        if not is_yes(say(words.send_now if form.ordinary_kind is None else words.submit_now)):
            raise SaidError(say(words.not_sent), REFUSED)
        if preview_mark(look(heart, asked)) == preview_mark(form):
            return form, asked
        typer.echo(say(words.changed))
