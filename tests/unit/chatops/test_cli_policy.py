"""`sns policy check` and `sns policy lint`: the policy asked from a shell, without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from policy.packs import shipped_packs

ROOT = Path(__file__).resolve().parents[3]
CITY = ROOT / "chatops" / "sandbox" / "cities" / "kashiwa.yaml"
KASHIWA = ROOT / "policy" / "packs" / "kashiwa.yaml"
QUESTION: dict[str, Any] = {
    "pack": "kashiwa",
    "action": "publish",
    "at": "2026-12-05T10:00:00+09:00",
    "platform": "x",
    "account": {"key": "kashiwa_shi", "kind": "official", "section": "広報広聴課"},
    "text": "市民文化祭を開催します。 #柏市",
    "category": "event",
}


def sns(*arguments: str, home: Path, given: bytes = b"", language: str = "ja_JP.UTF-8") -> Any:
    """Run `sns policy` in a process of its own, where nothing is set up but a home that may be empty."""
    return subprocess.run(
        [sys.executable, "-c", "from chatops.cli.main import main; main()", "policy", *arguments],
        cwd=ROOT,
        env={"SNS_HOME": str(home), "LANG": language, "PYTHONUTF8": "1"},
        input=given,
        capture_output=True,
        check=False,
    )


def asked(home: Path, *lines: bytes) -> tuple[int, list[dict[str, Any]]]:
    """Ask in JSON Lines; return the exit status and the answers."""
    answer = sns("check", "--json", "-", home=home, given=b"\n".join(lines))
    return answer.returncode, [json.loads(line) for line in answer.stdout.splitlines()]


@needs_shared
def test_the_worked_cases_agree_when_asked_from_the_shell(tmp_path: Path) -> None:
    """Every worked case of a shipped pack gets its verdict in its place, and the exit status is 0."""
    text = (SHARED / "guidelines" / "cases.jsonl").read_text("utf-8")
    cases = [case for case in map(json.loads, text.splitlines()) if case["input"]["pack"] in shipped_packs()]
    status, answers = asked(tmp_path, *(json.dumps(case["input"]).encode() for case in cases))

    assert status == 0
    assert [case["expect"]["decision"] for case in cases] == [answer["decision"] for answer in answers]
    assert [case["expect"]["next_open"][:19] for case in cases if "next_open" in case["expect"]] == [
        answer["next_open"][:19] for case, answer in zip(cases, answers, strict=True) if "next_open" in case["expect"]
    ]
    assert not list(tmp_path.iterdir())  # no database, nothing half-written


def test_a_line_that_cannot_be_understood_is_answered_in_its_place(tmp_path: Path) -> None:
    """The other lines keep their verdicts, the bad ones say why and which line, and the exit status is 2."""
    good = json.dumps(QUESTION).encode()
    status, answers = asked(
        tmp_path,
        good,
        b"{",
        b"\xff",
        json.dumps({**QUESTION, "pack": "nowhere"}).encode(),
        json.dumps({**QUESTION, "categroy": "event"}).encode(),
        b"[" * 100_000,
        good,
    )

    assert status == 2
    assert ["decision", "error", "error", "error", "error", "error", "decision"] == [
        next(iter({"decision", "error"} & set(answer))) for answer in answers
    ]
    assert [2, 3, 4, 5, 6] == [answer["line"] for answer in answers if "error" in answer]
    assert "category" in answers[4]["error"]


def test_a_citys_own_pack_is_asked_by_its_path(tmp_path: Path) -> None:
    """A pack in a file answers like a shipped one; one with mistakes answers with them, by line."""
    own = tmp_path / "own.pack.yaml"
    own.write_text(KASHIWA.read_text("utf-8").replace('opens: "08:30"', 'opens: "11:00"'), "utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(KASHIWA.read_text("utf-8").replace("effect: block", "effekt: block", 1), "utf-8")
    tuesday = {**QUESTION, "at": "2026-12-01T10:00:00+09:00"}
    status, answers = asked(
        tmp_path,
        *(json.dumps({**tuesday, "pack": str(pack)}).encode() for pack in ("kashiwa", own, broken)),
    )

    assert status == 2
    assert ["allow", "escalate"] == [answer["decision"] for answer in answers[:2]]
    assert "2026-12-01T11:00:00+09:00" == answers[1]["next_open"]
    line = KASHIWA.read_text("utf-8").splitlines().index("        effect: block") + 1
    assert f"broken.yaml:{line}: 「effekt」という項目はありません。「effect」のことですか。" in answers[2]["error"]


def test_half_a_character_is_answered(tmp_path: Path) -> None:
    """A lone surrogate, which JSON can carry, gets its verdict."""
    line = json.dumps({**QUESTION, "text": "避難 090-1234-5678"}).replace("090", "\\ud83d 090")
    status, answers = asked(tmp_path, line.encode())

    assert status == 0
    assert answers[0]["decision"] == "block"


def test_people_read_the_verdict_with_its_clauses_and_the_place_marked(tmp_path: Path) -> None:
    """A person reads whose consent is missing, the clause in its own words, the place in the text, the next opening."""
    text = "講座を開きます。電話は04-7100-0000です。 #柏市"
    options = ("--pack", "kashiwa", "--account", "kashiwa_shi", "--at", "2026-12-05T10:00+09:00", "--category", "event")
    answer = sns("check", *options, "--text", text, home=tmp_path)
    said = answer.stdout.decode()

    assert answer.returncode == 0
    assert "判定: 広報広聴課長の了承が必要です" in said
    assert "2(4)キ「原則として、開庁日の8時30分から17時15分とする」" in said
    assert "電話は【04-7100-0000】です。" in said
    assert "12月7日(月) 8:30" in said
    assert "□ 市民等に有益な情報ですか。" in said


def test_an_english_shell_reads_english(tmp_path: Path) -> None:
    """With `LANG=en_US.UTF-8` the same verdict is said in English."""
    options = ("--pack", "kashiwa", "--at", "2026-12-05T10:00", "--category", "event", "--text", "文化祭です。 #柏市")
    said = sns("check", *options, home=tmp_path, language="en_US.UTF-8").stdout.decode()

    assert "Verdict: it needs the consent of the head of the PR division" in said


def test_an_account_of_a_city_file_brings_what_the_city_knows(tmp_path: Path) -> None:
    """With a city file, the account alone says pack, platform, kind, section and published contacts."""
    (tmp_path / "cities").mkdir()
    text = CITY.read_text("utf-8").replace("  - 04-7167-1111", "  - 04-7100-0000")
    (tmp_path / "cities" / "kashiwa.yaml").write_text(text, "utf-8")
    options = ("--account", "kashiwa_koen", "--at", "2026-12-01T10:00", "--category", "event")
    said = sns("check", *options, "--text", "電話は04-7100-0000です。 #柏市", home=tmp_path).stdout.decode()

    assert "判定: 投稿できます\n" in said
    assert "所管課内の決裁" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check",), "--text で本文を指定してください"),
        (("check", "--text", "x"), "運用方針が分かりません"),
        (("check", "--pack", "kasiwa", "--text", "x"), "「kasiwa」という運用方針はありません"),
        (("check", "--pack", "kashiwa", "--at", "昨日", "--text", "x"), "「昨日」は時刻として読めません"),
        (("check", "--pack", "kashiwa", "--action", "publsh", "--text", "x"), "質問を読み取れません"),
        (("check", "--json", "nowhere.jsonl"), "nowhere.jsonl"),
        (("lint", "nowhere.yaml"), "「nowhere.yaml」という運用方針はありません"),
    ],
)
def test_a_question_that_is_none_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """A mistake ends with its sentence on standard error, and no traceback."""
    answer = sns(*arguments, home=tmp_path)

    assert answer.returncode in {1, 2}
    assert said in answer.stderr.decode()
    assert "Traceback" not in answer.stderr.decode()
    assert b"" == answer.stdout


def test_lint_names_each_mistake_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    """A well pack is said to be so; in another every slip is named, all at once."""
    own = tmp_path / "own.yaml"
    lines = KASHIWA.read_text("utf-8").splitlines()
    hours = next(n for n, line in enumerate(lines, 1) if "kind: hours" in line)
    lines[hours - 1] = lines[hours - 1].replace("hours", "huors")
    lines.append("contcts: []")
    own.write_text("\n".join(lines), "utf-8")
    well, bad = sns("lint", "kashiwa", home=tmp_path), sns("lint", str(own), home=tmp_path)

    assert (0, "kashiwa: 誤りはありません") == (well.returncode, well.stdout.decode()[:17])
    assert bad.returncode == 2
    assert f"own.yaml:{hours}: 「huors」は使えません。「hours」のことですか。" in bad.stderr.decode()
    assert "「contcts」という項目はありません。「contacts」のことですか。" in bad.stderr.decode()
