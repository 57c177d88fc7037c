"""`sns correct`: corrections and deletions at the shell. It needs the database alone; whatever worker runs deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import CorrectionForm


def correct(
    number: Annotated[str, typer.Argument(help="投稿の番号（K-1）")],
    *,
    person: options.As,
    cause: Annotated[
        str,
        typer.Option(
            help="理由: typo, wrong_content, personal_data, secret, wrong_account（省略すると、できることを表示）"
        ),
    ] = "",
    note: Annotated[str, typer.Option(help="詳しい理由（削除するときは必須）")] = "",
    delete: Annotated[
        bool, typer.Option("--delete", help="すぐに削除する（personal_data などの理由では必須）")
    ] = False,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Say what can be done about a post, or open its correction, or delete it at once."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.correct.views import answer_text  # noqa: PLC0415 - heavy
        from chatops.messages.ja import correct as words  # noqa: PLC0415 - `sns --help` needs no words
        from publisher.api import CorrectionOrder  # noqa: PLC0415 - heavy

        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        service = heart.services.correcting
        form = service.look(found, act.person, number.upper())
        if not cause or (cause in form.urgent and not delete):
            typer.echo("\n".join(_form_lines(form, say)))
            if cause:
                typer.echo(say(words.delete_first))
                raise typer.Exit(1)
            return
        order = CorrectionOrder(number=form.number, cause=cause, note=note, is_at_once=delete)
        typer.echo(answer_text(service.correct(act, order), say))


def _form_lines(form: CorrectionForm, say: Voice) -> list[str]:
    """Say where a post went, which way holds there, and the reasons to choose from."""
    from chatops.features.correct.views import way_lines  # noqa: PLC0415 - heavy
    from chatops.messages.ja import correct as words  # noqa: PLC0415 - `sns --help` needs no words
    from chatops.messages.ja import labels  # noqa: PLC0415 - the same

    lines = [f"{form.number} {form.excerpt}"]
    for target in form.targets:
        sent = "" if target.sent_at is None else f"　{say(words.sent_at, say.moment(target.sent_at))}"
        lines += ["", f"{target.account_name}{sent}　{target.url or ''}".rstrip(), *way_lines(target, form.number, say)]
    lines += ["", say(words.not_out_hint, form.number)] if form.is_ahead else []
    goes = words.stops_at_once if form.is_ahead else words.goes_at_once
    lines += ["", f"{say(words.cause)}（--cause）"]
    for one in form.causes:
        urgent = f"　{say(goes)}" if one in form.urgent else ""
        lines.append(f"  {one}: {say(labels.cause, one)}{urgent}")
    return lines
