"""Bad input: a clear answer each, and nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from theatre import open_theatre

from chatops.sandbox.delivery import Delivery
from chatops.sandbox.hand import words_of
from chatops.sandbox.script import ROUTINE
from chatops.sandbox.transport import Forgery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from theatre import Theatre

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(300)]

SNS = Path(sys.executable).with_name("sns")
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """Return everything running, Slack over HTTP; shared, since nothing here may leave a trace."""
    with open_theatre(tmp_path_factory.mktemp("desk"), over_http=True) as running:
        yield running


def sns(theatre: Theatre, *words: str, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command against the same home."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNS_")}
    settings = theatre.stage.settings(theatre.product.port) | (more or {})
    return subprocess.run(
        [str(SNS), *words], env=environment | settings, capture_output=True, text=True, check=False, timeout=60
    )


def fill(theatre: Theatre, **changes: Any) -> dict[str, str]:
    """Fill in the form with *changes*, send it, and return what stands beside the fields."""
    clerk = theatre.hand("koen_tanaka")
    assert clerk.type("/sns draft").is_acknowledged
    form = clerk.wait_for_form("投稿の下書き")
    filled = {"本文": ROUTINE, "投稿するアカウント": ["kashiwa_koen"], "分類": "event"} | changes
    errors = clerk.submit(form, filled).errors
    if errors:
        clerk._delivery.close(clerk.user_id, form.id)
    return errors


def problem_page(theatre: Theatre) -> str:
    """Wait for the page that says what is wrong, read it, and close it."""
    clerk = theatre.hand("koen_tanaka")
    view = clerk.wait_for_form("投稿の下書き")
    said = words_of(view.payload["blocks"])
    clerk._delivery.close(clerk.user_id, view.id)
    return said


def test_an_empty_text_is_said_beside_the_field(desk: Theatre) -> None:
    """Slack, or we, say beside the text that it is missing."""
    assert fill(desk, 本文="")


def test_281_weighted_characters_are_counted_for_the_clerk(desk: Theatre) -> None:
    """140 Japanese characters and one letter weigh 281 on X, and the answer says so."""
    errors = fill(desk, 本文="あ" * 140 + "a")

    assert "281" in "".join(errors.values())
    assert "280" in "".join(errors.values())


def test_a_date_in_the_past_is_said_beside_the_date(desk: Theatre) -> None:
    """The day before the sandbox's day is past."""
    errors = fill(desk, 投稿日="2026-11-30", 投稿時刻="09:00")

    assert "過ぎ" in "".join(errors.values())


def test_a_picture_of_40_mb_is_refused_by_name_and_size(desk: Theatre) -> None:
    """A 40 MB image is too large for every platform; the answer names the file and the limit."""
    picture = desk.hand("koen_tanaka").attach("huge.jpg", b"\xff\xd8\xff\xe0" + bytes(40 * MIB))
    errors = fill(desk, 画像=[picture])
    said = "".join(errors.values()) or problem_page(desk)

    assert "huge.jpg" in said
    assert "MB" in said


def test_a_text_file_named_jpg_is_refused_by_name(desk: Theatre) -> None:
    """The bytes are looked into, not the name."""
    note = desk.hand("koen_tanaka").attach("memo.jpg", "これは画像ではありません".encode())
    assert not fill(desk, 画像=[note])

    assert "memo.jpg" in problem_page(desk)


@pytest.mark.parametrize("forgery", [Forgery(has_wrong_signature=True), Forgery(is_stale=True)])
def test_a_forged_or_stale_request_is_refused(desk: Theatre, forgery: Forgery) -> None:
    """A wrong signature, or a right one of six minutes ago, is turned away and changes nothing."""
    city = desk.stage.city
    person = city.people["koen_tanaka"].slack or ""

    outcome = Delivery(desk.stage.slack).command(person, city.slack.channels.drafts, "/sns draft", forgery=forgery)

    assert not outcome.is_acknowledged
    assert not desk.stage.slack.views.stack(person)


def test_nothing_half_written_stays(desk: Theatre) -> None:
    """After all refusals there is no post, no draft and no file of them."""
    fill(desk, 本文="")
    media = [path for path in (desk.stage.home / "media").rglob("*") if path.is_file()]

    assert "K-" not in sns(desk, "queue", "--json").stdout
    assert [] == media


def test_an_unknown_key_in_a_city_file_is_named_with_its_line(desk: Theatre, tmp_path: Path) -> None:
    """`sns cities check` says which line, which key, and which was meant."""
    text = (desk.stage.home / "cities" / "kashiwa.yaml").read_text("utf-8")
    (tmp_path / "kashiwa.yaml").write_text(text.replace("    emergency: true", "    emergancy: true", 1), "utf-8")
    line = 1 + text[: text.index("    emergency: true")].count("\n")

    ended = sns(desk, "cities", "check", more={"SNS_CITIES": str(tmp_path)})

    assert 0 != ended.returncode
    assert f"kashiwa.yaml:{line}" in ended.stderr + ended.stdout
    assert "emergancy" in ended.stderr + ended.stdout
    assert "emergency" in ended.stderr + ended.stdout


def test_a_wrong_key_stops_the_start_with_a_sentence(desk: Theatre) -> None:
    """Secrets sealed with another key are not opened, and the start says so instead of failing later."""
    other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

    ended = sns(desk, "serve", "--port", "0", more={"SNS_SECRET_KEY": other})

    assert 0 != ended.returncode
    assert "SNS_SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unknown_setting_is_named_with_the_nearest(desk: Theatre) -> None:
    """A mistyped setting is an error, not a silence."""
    ended = sns(desk, "queue", more={"SNS_DATABASE_ULR": "sqlite://"})

    assert 0 != ended.returncode
    assert "SNS_DATABASE_ULR" in ended.stderr
    assert "SNS_DATABASE_URL" in ended.stderr


def test_secrets_never_reach_the_record(desk: Theatre) -> None:
    """No secret of the sandbox stands in the product's log."""
    keys = json.loads((desk.stage.home / "sandbox" / "keys.json").read_text("utf-8"))
    secrets = [*keys["slack"].values(), *(value for one in keys["accounts"].values() for value in one.values())]
    log = (desk.stage.home / "serve.log").read_text("utf-8")

    assert [] == [secret for secret in secrets if secret in log]


def test_a_refused_command_is_acknowledged_and_answered(desk: Theatre) -> None:
    """Whoever may not use `/sns now` reads who can, and never Slack's own time-out, however fast the refusal comes."""
    clerk = desk.hand("koen_tanaka")

    outcomes = [clerk.type("/sns now 大雨警報が発表されました。").is_acknowledged for _ in range(20)]

    assert [True] * 20 == outcomes
    clerk.wait_for_message(lambda message: "伊藤 大輔" in message.text + words_of(message.blocks), "who can send")
