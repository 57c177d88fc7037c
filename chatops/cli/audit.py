"""`sns audit …`: the trail's proof, and its export."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as
from chatops.cli._errors import REFUSED, SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import TextIO

    from chatops.messages import Voice
    from publisher.api import AuditLine

SHELL: Final = "shell"
"""Who asks where nobody has proved who he or she is."""
BOM: Final = "\ufeff"
app = typer.Typer(help="監査記録", no_args_is_help=True, rich_markup_mode=None)
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula, half width and full width."""


class Form(StrEnum):
    """A form of an export."""

    JSONL = "jsonl"
    CSV = "csv"


@app.callback()
def audit() -> None:
    """Work with the audit trail."""


@app.command(help="監査記録に改ざんがないことを確かめる")
def verify(
    *,
    expect: Annotated[
        str | None, typer.Option(metavar="SEQ:HASH", help="前回表示された控え。末尾の切取りや作り直しも見つけます")
    ] = None,
    city: options.City = None,
) -> None:
    """Prove a trail's integrity, or name its first broken link."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import audit as words  # noqa: PLC0415 - `sns --help` needs no words

        found = find_city(heart, city, say)
        proof = heart.auditing.verify(found, expected=None if expect is None else _read_mark(expect, say))
        if proof.broken is not None:
            at = "" if proof.broken.at is None else say.moment(proof.broken.at)
            raise SaidError(say(words.broken, found, proof.broken.seq, at, proof.broken.reason), REFUSED)
        if not proof.events:
            typer.echo(say(words.empty, found))
            return
        typer.echo(say(words.whole, found, proof.events))
        typer.echo(say(words.mark, f"{proof.events}:{proof.hash}"))


@app.command(help="監査記録を書き出す（書き出したことも記録されます）")
def export(
    *,
    form: Annotated[Form, typer.Option("--format", help="jsonl（1行に1件の JSON）または csv（表計算ソフト用）")],
    since: Annotated[str | None, typer.Option(help="この日（日時）から。日本時間")] = None,
    until: Annotated[str | None, typer.Option(help="この日（日時）まで。日付だけなら、その日の終わりまで")] = None,
    post: Annotated[str | None, typer.Option(help="この投稿だけ（K-12）")] = None,
    bom: Annotated[bool, typer.Option("--bom", help="UTF-8 の BOM を付ける（Excel で開くとき）")] = False,
    person: Annotated[
        str | None, typer.Option("--as", metavar="PERSON", help="書き出す職員のキー。パスフレーズを尋ねます")
    ] = None,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Give a trail away, to standard output."""
    with said_errors() as say, opened_heart() as heart:
        span = _span(since, until, say)
        found = find_city(heart, city, say)
        who = SHELL if person is None else acting_as(heart, found, person, from_stdin=passphrase_stdin)
        lines = heart.auditing.export(
            found,
            who=who,
            form=form.value,
            since=span[0],
            until=span[1],
            number=post,
        )
        out = sys.stdout
        if hasattr(out, "reconfigure"):
            out.reconfigure(encoding="utf-8", newline="")
        out.write(BOM if bom else "")
        with closing(lines):
            write_jsonl(out, lines) if form is Form.JSONL else write_csv(out, lines, say)


def write_jsonl(out: TextIO, lines: Iterable[AuditLine]) -> None:
    """Write one JSON object a line: a contract for programs."""
    out.writelines(json.dumps(line_data(line), ensure_ascii=False) + "\n" for line in lines)


def write_csv(out: TextIO, lines: Iterable[AuditLine], say: Voice) -> None:
    """Write a table in which no cell is taken for a formula; what happened stands there in words too."""
    from chatops.messages.ja import acts  # noqa: PLC0415 - `sns --help` needs no words
    from chatops.tombstones import tombstone  # noqa: PLC0415 - the same

    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for line in lines:
        data = line_data(line)
        cells = {
            **data,
            "facts": "" if line.erased else json.dumps(data["facts"], ensure_ascii=False),
            "kind_name": say(acts.history, line.kind),
            "erased": tombstone(line.erased, say) if line.erased else "",
        }
        rows.writerow([safe_cell(cells[name]) for name in COLUMNS])


COLUMNS: Final = (
    *("seq", "at", "who", "who_name", "kind", "kind_name", "post", "delivery", "note", "facts", "erased"),
    *("content_digest", "previous_hash", "hash"),
)
"""The columns of a table."""


def line_data(line: AuditLine) -> dict[str, Any]:
    """Return an event as plain data; times are Japan's, with their offset."""
    from chatops.clockface import JST  # noqa: PLC0415 - `sns --help` needs no words

    erased = line.erased
    return {
        "seq": line.seq,
        "at": line.at.astimezone(JST).isoformat(),
        "who": line.who,
        "who_name": line.who_name,
        "kind": line.kind,
        "post": line.number,
        "delivery": line.delivery,
        "facts": None if erased else dict(line.facts),
        "note": None if erased else line.note,
        "salt": None if erased else line.salt,
        "erased": erased
        and {"at": erased.at.astimezone(JST).isoformat(), "by": list(erased.by), "reason": erased.reason},
        "content_digest": line.content_digest,
        "previous_hash": line.previous_hash,
        "hash": line.hash,
    }


def safe_cell(value: object) -> str:
    """Return a cell that a spreadsheet shows and never works out (OWASP, CSV Injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULAS) or text.startswith(_FORMULAS) else text


def _read_mark(given: str, say: Voice) -> tuple[int, str]:
    from chatops.messages.ja import audit as words  # noqa: PLC0415 - `sns --help` needs no words

    seq, _, digest = given.strip().partition(":")
    if not (seq.isascii() and seq.isdigit()) or len(digest) != 64 or not set(digest.lower()) <= set("0123456789abcdef"):  # noqa: PLR2004 - SHA-256 in hexadecimal digits
        raise SaidError(say(words.unreadable_mark, given))
    return int(seq), digest.lower()


def _span(since: str | None, until: str | None, say: Voice) -> tuple[datetime | None, datetime | None]:
    from chatops.messages.ja import audit as words  # noqa: PLC0415 - `sns --help` needs no words

    begin = None if since is None else _instant(since, say)
    end = None if until is None else _instant(until, say, is_end=True)
    if begin is not None and end is not None and end < begin:
        raise SaidError(say(words.ends_before_it_begins))
    return begin, end


def _instant(text: str, say: Voice, *, is_end: bool = False) -> datetime:
    from chatops.spoken import UnreadableError, read_instant  # noqa: PLC0415 - heavy

    try:
        return read_instant(text, is_end=is_end)
    except UnreadableError as error:
        raise SaidError(error.speak(say)) from None
