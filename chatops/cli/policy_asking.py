"""`sns policy check` and `sns policy lint`: asking the policy without posting. No database, no network."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from chatops.cli._errors import MISCONFIGURED, SaidError, said_errors, said_mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chatops.messages import Voice
    from policy.wire import TextCounter

_MAX_JSON_BYTES: Final = 64 * 1024 * 1024
"""One line of questions; a longer one is a mistake, and not worth the memory."""


def check(
    *,
    questions: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="JSON Lines で質問し、同じ形で答えます（- は標準入力）"),
    ] = None,
    pack: Annotated[str | None, typer.Option("--pack", help="運用方針（kashiwa など）、またはファイル")] = None,
    account: Annotated[str | None, typer.Option("--account", help="アカウントのキー")] = None,
    at: Annotated[str | None, typer.Option("--at", help="投稿時刻（例 2026-12-05T10:00。既定は今）")] = None,
    text: Annotated[str | None, typer.Option("--text", help="本文（- は標準入力）")] = None,
    action: Annotated[str, typer.Option("--action", help="publish, repost, follow, reply, delete など")] = "publish",
    platform: Annotated[str | None, typer.Option("--platform", help="x, line, facebook, youtube")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="official, section, field, related")] = None,
    section: Annotated[str | None, typer.Option("--section", help="アカウントの所管課")] = None,
    category: Annotated[str | None, typer.Option("--category", help="情報の種類（event, disaster など）")] = None,
    emergency: Annotated[str | None, typer.Option("--emergency", help="緊急発信の種別（evacuation など）")] = None,
    relation: Annotated[str | None, typer.Option("--relation", help="相手との関係（public_body など）")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="削除の理由（error, takeover, T01〜T26）")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="行う人の役割（くり返せます）")] = None,
) -> None:
    """Say what a city's guideline says of an action."""
    from chatops.cli import policy_question  # noqa: PLC0415 - `sns --help` needs none of it
    from chatops.messages.ja import policy_check as words  # noqa: PLC0415 - the same

    with said_errors() as say:
        if questions is not None:
            try:
                status = _answer_lines(_lines_of(questions), say)
            except BrokenPipeError:  # whoever reads the answers has seen enough
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                status = 0
            raise typer.Exit(status)
        if text is None and action == "publish":
            raise SaidError(say(words.what_to_ask))
        asked = policy_question.Asked(
            pack=pack,
            account=account,
            at=at,
            text=sys.stdin.read() if text == "-" else text or "",
            action=action,
            platform=platform,
            kind=kind,
            section=section,
            category=category,
            emergency=emergency,
            relation=relation,
            reason=reason,
            roles=tuple(role or ()),
        )
        typer.echo(policy_question.answer(asked, _counters(), say))


def lint(
    files: Annotated[list[Path], typer.Argument(help="運用方針のファイル（YAML）")],
) -> None:
    """Name every mistake of a pack with its line."""
    from chatops.messages.ja import policy_check as words  # noqa: PLC0415 - `sns --help` needs none of it
    from policy.errors import PackError, UnknownPackError  # noqa: PLC0415 - the same
    from policy.packs import load_pack  # noqa: PLC0415 - the same

    with said_errors() as say:
        is_well = True
        for file in files:
            try:
                pack = load_pack(file if file.suffix in {".yaml", ".yml"} else str(file))
            except PackError as error:
                is_well = False
                typer.echo("\n".join(_said(error, say)), err=True)
            except UnknownPackError as error:
                is_well = False
                typer.echo(say(words.no_such_pack, str(file), _why(error)), err=True)
            else:
                typer.echo(say(words.pack_is_well, str(file), len(pack.clauses), len(pack.rules)))
        if not is_well:
            raise typer.Exit(MISCONFIGURED)


def show(
    name: Annotated[str, typer.Argument(help="運用方針（kashiwa など）、またはファイル")],
    *,
    as_html: Annotated[bool, typer.Option("--html", help="印刷用の HTML で出力します")] = False,
) -> None:
    """Print a pack as a page to read and to sign."""
    from chatops.cli.policy_page import html_page, text_page  # noqa: PLC0415 - `sns --help` needs none of it
    from chatops.messages.ja import policy_check as words  # noqa: PLC0415 - the same
    from policy.errors import PackError, UnknownPackError  # noqa: PLC0415 - the same
    from policy.packs import find_pack, load_pack  # noqa: PLC0415 - the same

    with said_errors() as say:
        try:
            pack = load_pack(name)
            digest = hashlib.sha256(find_pack(name).read_bytes()).hexdigest()
        except UnknownPackError as error:
            raise SaidError(say(words.no_such_pack, name, _why(error))) from error
        except PackError as error:
            raise SaidError("\n".join(_said(error, say))) from error
        typer.echo(html_page(pack, digest, say) if as_html else text_page(pack, digest, say))


def _why(error: Exception) -> str:
    cause = error.__cause__
    return cause.strerror or "" if isinstance(cause, OSError) else ""


def _said(error: Any, say: Voice) -> list[str]:  # noqa: ANN401 - a PackError, imported when needed
    from publisher.city.folder import said_of_pack  # noqa: PLC0415 - heavy

    return [said_mistake(said_of_pack(one), say) for one in error.mistakes]


def _counters() -> Mapping[str, TextCounter]:
    from platforms.counting import count_texts  # noqa: PLC0415 - `sns --help` needs none of it
    from policy.wire import TextCounter  # noqa: PLC0415 - the same

    return {name: TextCounter(limit=one.limit, measure=one.measure) for name, one in count_texts().items()}


def _lines_of(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield from file


def _answer_lines(lines: Iterable[bytes], say: Voice) -> int:
    """Answer each line in its place; return the exit status."""
    counters = _counters()
    status = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        answer = _answer(line, counters, say)
        if "error" in answer:
            answer["line"] = number
            status = MISCONFIGURED
        _write(answer)
    return status


def _answer(line: bytes, counters: Mapping[str, TextCounter], say: Voice) -> dict[str, Any]:
    from policy import judge  # noqa: PLC0415 - `sns --help` needs none of it
    from policy.errors import PackError, PolicyError  # noqa: PLC0415 - the same
    from policy.packs import load_pack  # noqa: PLC0415 - the same
    from policy.wire import action_from_json, verdict_to_json  # noqa: PLC0415 - the same

    if len(line) > _MAX_JSON_BYTES:
        return {"error": f"the line is longer than {_MAX_JSON_BYTES} bytes"}
    try:
        name, action, facts = action_from_json(json.loads(line.decode("utf-8-sig")), counters=counters)
        return verdict_to_json(judge(load_pack(name), action, facts))
    except PackError as error:
        return {"error": "\n".join(_said(error, say))}
    except PolicyError as error:
        return {"error": str(error)}
    except UnicodeDecodeError:
        return {"error": "the line is not UTF-8"}
    except (ValueError, RecursionError) as error:
        return {"error": f"the line is not JSON: {error}"}


def _write(answer: dict[str, Any]) -> None:
    try:
        line = json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which only an escape can write
        line = json.dumps(answer).encode()
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
