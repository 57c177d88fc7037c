"""`sns policy propose|changes|confirm|refuse|replay`: a pack changes while it is in use."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import REFUSED, SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chatops.messages import Voice
    from publisher.api import ChangeView, PackView, Replay
    from publisher.compose import Heart

DAYS = 90
"""How far back a replay looks where nothing else is said."""
File = Annotated[Path, typer.Argument(help="変更後の運用方針のファイル")]
Number = Annotated[int, typer.Argument(help="変更の番号（第3号なら 3）", min=1)]
Reason = Annotated[str, typer.Option("--reason", help="理由（記録されます）")]


def propose(
    file: File,
    *,
    pack: Annotated[str, typer.Option("--pack", help="変える運用方針のキー（kashiwa など）")],
    in_force: Annotated[str, typer.Option("--in-force", metavar="DAY", help="施行日（2027-01-04。日本時間の0時から）")],
    reason: Reason,
    person: options.As,
    days: Annotated[int, typer.Option("--days", help="試算する過去の日数", min=1, max=3660)] = DAYS,
    city: options.City = None,
    passphrase_stdin: options.PassphraseStdin = False,
) -> None:
    """Propose another text for a pack, with a replay over past posts."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        day = _day(in_force, say)
        text = _read(file)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        desk = heart.services.pack_changes
        outcome = desk.propose(
            shell_act(found, who),
            pack=pack,
            text=text,
            source=str(file),
            in_force_on=day,
            reason=reason,
            days=days,
        )
        _print_replay(desk.change(found, int(outcome.params["change"])).replay, say)
        typer.echo(say.outcome(outcome))


def changes(
    number: Annotated[int | None, typer.Argument(help="変更の番号。省くと一覧", min=1)] = None,
    *,
    text: Annotated[
        str | None, typer.Option("--text", metavar="PACK", help="施行中の内容をそのまま出す（kashiwa など）")
    ] = None,
    city: options.City = None,
    as_json: options.Json = False,
) -> None:
    """List the packs in force and their changes; or show one change, whole."""
    with said_errors() as say, opened_heart() as heart:
        found, desk = find_city(heart, city, say), heart.services.pack_changes
        if text is not None:
            typer.echo(desk.text(found, text), nl=False)
        elif number is not None:
            view = desk.change(found, number)
            if as_json:
                _print_json(change_data(view))
            else:
                _print_change(heart, found, view, say)
        elif as_json:
            _print_json(
                {
                    "packs": [pack_data(view) for view in desk.packs(found)],
                    "changes": [change_data(view) for view in desk.changes(found)],
                }
            )
        else:
            _print_list(heart, found, say)


def confirm(
    number: Number,
    *,
    reason: Reason,
    person: options.As,
    yes: Annotated[bool, typer.Option("--yes", help="試算を表示し、尋ねずに確認する")] = False,
    city: options.City = None,
    passphrase_stdin: options.PassphraseStdin = False,
) -> None:
    """Show a change with its replay, and put it into force."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import pack_changes as words  # noqa: PLC0415 - `sns --help` needs no words

        found, desk = find_city(heart, city, say), heart.services.pack_changes
        view = desk.change(found, number)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        _print_change(heart, found, view, say)
        if view.decision is None and not yes and not typer.confirm(say(words.confirm_in_shell, number)):
            raise SaidError(say(words.nothing_confirmed), REFUSED)
        act = shell_act(found, who)
        typer.echo(say.outcome(desk.confirm(act, number=number, note=reason, seen=view.replay_sha256)))


def refuse(
    number: Number,
    *,
    reason: Reason,
    person: options.As,
    city: options.City = None,
    passphrase_stdin: options.PassphraseStdin = False,
) -> None:
    """Let a proposed change go."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        outcome = heart.services.pack_changes.refuse(shell_act(found, who), number=number, note=reason)
        typer.echo(say.outcome(outcome))


def replay(
    *,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="いつの投稿から（2026-10-01。省くと90日前）")
    ] = None,
    pack: Annotated[
        Path | None,
        typer.Option("--pack", metavar="FILE", help="変更後のファイル。省くと、市で使っているファイルの今の内容"),
    ] = None,
    city: options.City = None,
    as_json: options.Json = False,
) -> None:
    """Judge past posts by a changed pack too, and tell where it differs; nothing changes."""
    with said_errors() as say, opened_heart() as heart:
        from publisher.pack_shelf import start_of  # noqa: PLC0415 - heavy

        found = find_city(heart, city, say)
        day = _today(heart) - timedelta(days=DAYS) if since is None else _day(since, say)
        made = list(_replays(heart, found, pack, start_of(day), say, is_told=not as_json))
        if as_json:
            from publisher.differing import replay_to_json  # noqa: PLC0415 - heavy

            _print_json([replay_to_json(one) for one in made])
        else:
            for one in made:
                typer.echo(one.pack)
                _print_replay(one, say)


def _replays(
    heart: Heart, city: str, pack: Path | None, since: datetime, say: Voice, *, is_told: bool
) -> Iterator[Replay]:
    """Replay one file, or the file of each pack that is not what is in force."""
    from chatops.messages.ja import pack_changes as words  # noqa: PLC0415 - `sns --help` needs no words

    desk = heart.services.pack_changes
    if pack is not None:
        yield desk.replay(city, text=_read(pack), source=str(pack), since=since)
        return
    for view in desk.packs(city):
        if view.differs_from_file:
            yield desk.replay(city, text=_read(Path(view.file)), source=view.file, since=since, pack=view.name)
        elif is_told:
            typer.echo(say(words.same_as_file, view.name))


def _read(file: Path) -> str:
    """Return a pack's text; whatever is wrong with the file is told with its lines."""
    from publisher.city.folder import read_pack_file  # noqa: PLC0415 - heavy

    return read_pack_file(file).text


def _day(given: str, say: Voice) -> date:
    from chatops.messages.ja import pack_changes as words  # noqa: PLC0415 - `sns --help` needs no words

    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise SaidError(say(words.which_day, given)) from None


def _today(heart: Heart) -> date:
    from chatops.clockface import JST  # noqa: PLC0415 - `sns --help` needs none of it

    return heart.database.now().astimezone(JST).date()


# ── printing ────────────────────────────────────────────────────────────────────────────────────────


def _print_list(heart: Heart, city: str, say: Voice) -> None:
    from chatops import pack_words  # noqa: PLC0415 - `sns --help` needs no words
    from chatops.messages.ja import pack_changes as words  # noqa: PLC0415 - the same

    desk = heart.services.pack_changes
    for view in desk.packs(city):
        _print_lines(pack_words.pack_lines(view, say))
    found = desk.changes(city)
    typer.echo("\n" + say(words.changes_title if found else words.no_changes))
    for change in found:
        _print_lines([*pack_words.change_lines(change, say), pack_words.replay_line(change.replay, say)])
        if change.decision is None:
            typer.echo("  " + say(words.how_to_decide_in_shell, change.number))


def _print_change(heart: Heart, city: str, view: ChangeView, say: Voice) -> None:
    from chatops import pack_words  # noqa: PLC0415 - `sns --help` needs no words
    from chatops.messages.ja import pack_changes as words  # noqa: PLC0415 - the same

    _print_lines(pack_words.change_lines(view, say))
    typer.echo("\n" + say(words.text_changes))
    for line in pack_words.text_diff(*heart.services.pack_changes.texts(city, view.number)):
        typer.echo(line)
    typer.echo()
    _print_replay(view.replay, say)


def _print_replay(replay: Replay, say: Voice) -> None:
    from chatops import pack_words  # noqa: PLC0415 - `sns --help` needs no words

    _print_lines([pack_words.replay_line(replay, say), *pack_words.difference_lines(replay, say)])


def _print_lines(lines: list[str]) -> None:
    """Print a head, and what belongs to it set in."""
    typer.echo("\n  ".join(lines))


def pack_data(view: PackView) -> dict[str, Any]:
    """Return a pack in force as plain data: a contract for scripts."""
    return {
        "name": view.name,
        "platforms": list(view.platforms),
        "edition": view.edition,
        "sha256": view.sha256,
        "number": view.number,
        "in_force_on": None if view.in_force_on is None else view.in_force_on.isoformat(),
        "ahead": [{"number": number, "begins_at": moment.isoformat()} for number, moment in view.ahead],
        "file": view.file,
        "differs_from_file": view.differs_from_file,
    }


def change_data(view: ChangeView) -> dict[str, Any]:
    """Return a change as plain data: a contract for scripts."""
    from publisher.differing import replay_to_json  # noqa: PLC0415 - heavy

    return {
        "number": view.number,
        "pack": view.pack,
        "in_force_on": view.in_force_on.isoformat(),
        "begins_at": view.begins_at.isoformat(),
        "ends_at": None if view.ends_at is None else view.ends_at.isoformat(),
        "reason": view.reason,
        "proposed_by": view.proposed_by,
        "proposed_at": view.proposed_at.isoformat(),
        "decision": view.decision,
        "decided_by": view.decided_by,
        "decided_at": None if view.decided_at is None else view.decided_at.isoformat(),
        "note": view.note,
        "replay": replay_to_json(view.replay),
        "replay_sha256": view.replay_sha256,
    }


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
