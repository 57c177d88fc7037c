"""`sns queue` and `sns show`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._errors import said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from datetime import datetime

    from chatops.messages import Voice
    from publisher.api import CardView, QueueLine, ReportView

Number = Annotated[str, typer.Argument(help="投稿の番号（K-1）")]


def queue(*, city: options.City = None, as_json: options.Json = False) -> None:
    """List what is in the round or waiting to go out."""
    from chatops.event_words import report_name  # noqa: PLC0415 - `sns --help` needs none of it
    from chatops.features.hold.views import copy_notes, hold_notes  # noqa: PLC0415 - the same
    from chatops.features.queue.views import line_state  # noqa: PLC0415 - the same
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - the same
    from chatops.messages.ja import labels  # noqa: PLC0415 - the same

    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        lines = heart.services.board.queue(found, "")
        if as_json:
            _print_json([queue_data(line) for line in lines])
            return
        holding = heart.services.holding
        notes = hold_notes(holding.listing(found), len(holding.waiting(found)), say, slack=False)
        for note in [*copy_notes(heart.services.restoring.state(), say), *notes]:
            typer.echo(note)
        if not lines:
            typer.echo(say(words.queue_empty))
        else:
            for line in lines:
                when = say.moment(line.publish_at) if line.publish_at else say(labels.as_soon_as_approved)
                excerpt = line.excerpt.replace("\n", " ")
                if line.report is not None:
                    excerpt = f"{report_name(line.report, say)} {excerpt}"
                typer.echo("\t".join((line.number, when, line_state(line, say), line.section_name, excerpt)))


def show(number: Number, *, city: options.City = None, as_json: options.Json = False) -> None:
    """Show a post, whole."""
    with said_errors() as say, opened_heart() as heart:
        view = heart.services.board.card(find_city(heart, city, say), number.upper())
        if as_json:
            _print_json(card_data(view))
        else:
            typer.echo(card_text(view, say))


def queue_data(line: QueueLine) -> dict[str, Any]:
    """Return a line of the queue as plain data: a contract for scripts."""
    return {
        "number": line.number,
        "state": line.state.value,
        "outlook": line.outlook.value,
        "publish_at": _iso(line.publish_at),
        "section": line.section_name,
        "excerpt": line.excerpt,
        "accounts": list(line.accounts),
        "waiting_for": list(line.waiting_for),
        "report": report_data(line.report),
    }


def report_data(report: ReportView | None) -> dict[str, Any] | None:
    """Return a post's place in its event as plain data."""
    if report is None:
        return None
    names = ("event", "n", "level", "areas", "is_closing", "is_open")
    return {name: getattr(report, name) for name in names}


def card_data(view: CardView) -> dict[str, Any]:
    """Return a post as plain data: a contract for scripts."""
    return {
        "number": view.number,
        "version": view.version,
        "state": view.state.value,
        "outlook": view.outlook.value,
        "is_emergency": view.is_emergency,
        "report": report_data(view.report),
        "author": view.author,
        "section": view.section_name,
        "text": view.form.text,
        "publish_at": _iso(view.form.publish_at),
        "latest_at": _iso(view.form.latest_at),
        "waiting_for": list(view.waiting_for),
        "accounts": [{"account": pane.account, "name": pane.name, "text": pane.plan.text} for pane in view.panes],
        "deliveries": [
            {
                "id": line.id,
                "account": line.account,
                "kind": line.kind.value,
                "state": line.state.value,
                "due_at": _iso(line.due_at),
                "sent_at": _iso(line.sent_at),
                "url": line.url,
                "problem": line.problem.code if line.problem else None,
                "replaced_by": line.newer.number if line.newer else None,
                "taken_back_at": _iso(line.taken_back.at) if line.taken_back else None,
            }
            for line in view.deliveries
        ],
        "history": [
            {"at": _iso(line.at), "who": line.who, "code": line.code, "note": line.note} for line in view.history
        ],
        "corrections": [
            {"number": one.number, "is_newer": one.is_newer, "cause": one.cause, "accounts": list(one.accounts)}
            for one in view.corrections
        ],
        "erased": view.erased
        and {"at": _iso(view.erased.at), "by": list(view.erased.by), "reason": view.erased.reason},
    }


def card_text(view: CardView, say: Voice) -> str:
    """Return a post in words."""
    from chatops.event_words import newer_line, replaced_lines, report_line  # noqa: PLC0415 - as above
    from chatops.features.approve.card import correction_lines, gone_text, post_state, problem_text  # noqa: PLC0415 - `sns --help` needs none of it
    from chatops.features.show.views import history_lines, kept_lines  # noqa: PLC0415 - the same
    from chatops.messages.ja import card as words  # noqa: PLC0415 - the same
    from chatops.messages.ja import form, labels  # noqa: PLC0415 - the same
    from chatops.panes import account_name  # noqa: PLC0415 - the same
    from chatops.tombstones import tombstone  # noqa: PLC0415 - the same

    at = view.form.publish_at
    lines = [
        say(words.title, view.number, view.section_name),
        post_state(view, say),
        say(form.when, say.moment(at) if at else say(labels.as_soon_as_approved)),
        say(words.author, view.author),
    ]
    if view.report is not None:
        lines.append(report_line(view.report, say))
    lines += [*replaced_lines(view.replaced, say), *correction_lines(view, say)]
    if view.erased is not None:
        lines += ["", tombstone(view.erased, say)]
    for pane in view.panes:
        lines += ["", say(form.reads_as, pane.name), pane.plan.text]
    if view.deliveries:
        lines += ["", say(words.deliveries_head)]
    for each in view.deliveries:
        if each.taken_back is not None:
            lines.append(gone_text(each, say))
            continue
        said = say(words.delivery_line, account_name(each, say), say(labels.delivery, each.state), "")
        why = newer_line(each, say) or problem_text(each, say)
        lines.append(" ".join(part for part in (said, why, each.url) if part))
    if kept := kept_lines(view, say):
        lines += ["", say(words.kept_head), *kept]
    lines += ["", say(words.history_head), *history_lines(view, say)]
    return "\n".join(lines)


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
