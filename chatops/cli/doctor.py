"""`sns doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._errors import REFUSED, build_voice, said_mistake

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops.messages import Voice
    from publisher.doctor.check import Check
    from publisher.doctor.ledger import LedgerDoctor
    from publisher.errors import ConfigurationMistake

SIGNS: Final = {"well": "✓", "wrong": "✗", "note": "!"}


Online = Annotated[
    bool,
    typer.Option("--online", help="各媒体に問い合わせ、認証情報が有効かも確かめる（読み取りだけで、何も投稿しません）"),
]


def doctor(*, online: Online = False, as_json: options.Json = False) -> None:
    """Look at everything that sending needs; ends with 1 where something is wrong."""
    say = build_voice()
    found = examine(os.environ, say, is_online=online)
    if as_json:
        typer.echo(json.dumps([check_data(one, say) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            is_so, to_do = sentences(one, say)
            typer.echo(f"{SIGNS[one.mark]} {is_so}" + (f"\n  → {to_do}" if to_do else ""))
        typer.echo(summary(found, say))
    if any(one.mark == "wrong" for one in found):
        raise typer.Exit(REFUSED)


def examine(environ: Mapping[str, str], say: Voice, *, is_online: bool = False) -> Sequence[Check]:
    """Make every check that can be made, in the order in which a person mends things."""
    from chatops.doctoring import look_at_mail, look_at_slack  # noqa: PLC0415 - heavy
    from platforms.registry import build_platforms  # noqa: PLC0415 - heavy
    from publisher.clock import RealClock  # noqa: PLC0415 - heavy
    from publisher.doctor import places  # noqa: PLC0415 - heavy
    from publisher.doctor.check import guarded  # noqa: PLC0415 - heavy
    from publisher.doctor.ledger import LedgerDoctor  # noqa: PLC0415 - heavy
    from publisher.doctor.online import look_at_accounts  # noqa: PLC0415 - heavy
    from publisher.doctor.reach import look_at_media, look_at_vendors  # noqa: PLC0415 - heavy

    settings, mistakes = places.read_settings(environ)
    cities, city_mistakes = places.read_cities(settings)
    platforms = build_platforms(settings.endpoints, now=RealClock().now)
    return [
        *_mistakes("settings", mistakes, say),
        *guarded("settings", lambda: places.look_at_authorities(settings)),
        *_mistakes("cities", city_mistakes, say, names=", ".join(cities)),
        *guarded("home", lambda: places.look_at_home(settings)),
        *guarded("key", lambda: places.look_at_key(settings)),
        *_database(LedgerDoctor(settings, cities, platforms), mistakes),
        *guarded("slack", lambda: look_at_slack(settings, cities)),
        *guarded("mail", lambda: look_at_mail(settings, cities)),
        *guarded("platforms", lambda: look_at_vendors(settings, cities)),
        *guarded("media", lambda: look_at_media(settings, cities)),
        *(guarded("online", lambda: look_at_accounts(settings, cities, platforms)) if is_online else ()),
    ]


def _database(ledger: LedgerDoctor, mistakes: Sequence[ConfigurationMistake]) -> list[Check]:
    """Look at the database that is meant; never at another because the setting that names it has a mistake."""
    from publisher.doctor.check import guarded, note  # noqa: PLC0415 - heavy

    if any(one.params.get("name") in {"SNS_DATABASE_URL", "SNS_HOME"} for one in mistakes):
        return [note("database", "database_skipped")]
    return guarded("database", ledger.look)


def sentences(one: Check, say: Voice) -> tuple[str, str]:
    """Say what was found, and what to do."""
    from chatops.messages.ja import doctor as words  # noqa: PLC0415 - `sns --help` needs no words
    from chatops.messages.ja import labels  # noqa: PLC0415 - the same
    from platforms.port import Remark  # noqa: PLC0415 - heavy

    shown = {name: str(value) for name, value in one.params.items()}
    if shown.get("at"):
        shown["at"] = say.moment(datetime.fromisoformat(shown["at"]))
    if "why" in shown:
        shown["why"] = say.remark(Remark(code=shown["why"], params=one.params))
    if "platform" in shown:
        shown["platform"] = say(labels.platform, shown["platform"])
    if "of" in shown:
        shown["of"] = say(words.area, shown["of"])
    return say(words.found, one.code, shown), say(words.what_to_do, one.code, shown)


def summary(found: Sequence[Check], say: Voice) -> str:
    """Count what is wrong."""
    from chatops.messages.ja import doctor as words  # noqa: PLC0415 - `sns --help` needs no words

    counts = [sum(one.mark == mark for one in found) for mark in ("wrong", "note")]
    return say(words.summary, *counts)


def check_data(one: Check, say: Voice) -> dict[str, Any]:
    """Return a check as plain data: a contract for scripts."""
    found, todo = sentences(one, say)
    return {
        "area": one.area,
        "mark": str(one.mark),
        "code": one.code,
        "params": dict(one.params),
        "found": found,
        "to_do": todo,
    }


def _mistakes(area: str, mistakes: Sequence[ConfigurationMistake], say: Voice, **params: str) -> list[Check]:
    from publisher.doctor.check import well, wrong  # noqa: PLC0415 - heavy

    if not mistakes:
        return [well(area, f"{area}_well", **params)]
    return [wrong(area, "mistake", text=said_mistake(one, say)) for one in mistakes]
