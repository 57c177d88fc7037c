"""`sns audit` and `sns erase` at the shell."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from pack_texts import SECOND_MANAGER, cities_with_two_managers
from shell import sns
from town import CLERK, PR_CHIEF, build_town

from chatops.cli.audit import BOM, COLUMNS, safe_cell
from publisher.audit_chain import digest_content

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    """A home with a draft whose note would be a formula, and its manager's pass phrase."""
    home = tmp_path / "var"
    town = build_town(home)
    town.services.drafting.withdraw(town.act(CLERK), number=town.submit())
    cancelled = town.save().number
    town.services.deciding.cancel(town.act(PR_CHIEF), number=cancelled, reason='=HYPERLINK("http://x")')
    town.heart.passphrases.set(town.act("cli"), person=PR_CHIEF, new=PHRASE)
    town.heart.credentials.set("kashiwa", "kashiwa_shi", {"access_token": "s3cr3t-value"}, who="cli")
    town.heart.database.close()
    return home


def lines(home: Path, *options: str) -> list[dict[str, object]]:
    """Return an export's lines."""
    done = sns("audit", "export", "--format", "jsonl", *options, home=home)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_whole_trail_is_told_with_its_mark(home: Path) -> None:
    """0, the number of events, and the mark that the next call takes."""
    first = sns("audit", "verify", home=home)
    mark = first.stdout.split("控え: ")[1].splitlines()[0]
    again = sns("audit", "verify", "--expect", mark, home=home)
    assert (first.returncode, again.returncode) == (0, 0)
    assert f"監査記録 {mark.split(':')[0]}件" in first.stdout


def test_a_broken_link_is_named_with_what_to_do(home: Path) -> None:
    """1, and a sentence with number, what is wrong, and whom to call."""
    with sqlite3.connect(home / "kairan.sqlite3") as raw:
        raw.execute("DROP TRIGGER audit_content_only_erased")
        raw.execute("UPDATE audit_content SET note = 'x' WHERE seq = 2")
    raw.close()
    done = sns("audit", "verify", home=home)
    assert done.returncode == 1
    assert "2番（" in done.stderr
    assert "記録の内容（詳細・理由）が書き換えられた" in done.stderr
    assert "情報担当" in done.stderr


@pytest.mark.parametrize(
    ("mark", "status", "said"),
    [
        ("999:" + "0" * 64, 1, "末尾が切り取られています"),
        ("1:" + "0" * 64, 1, "控えと違う記録"),
        ("1", 2, "読み取れません"),
    ],
)
def test_a_mark_that_does_not_fit_is_told(home: Path, mark: str, status: int, said: str) -> None:
    """A shorter trail, another trail, and a mark that is none."""
    done = sns("audit", "verify", "--expect", mark, home=home)
    assert (done.returncode, said in done.stderr) == (status, True)


def test_every_line_proves_itself_and_the_export_is_recorded(home: Path) -> None:
    """JSON Lines: each digest is that of its salt, facts and note; the last event is the export, by the shell."""
    found = lines(home)
    assert [line["seq"] for line in found] == list(range(1, len(found) + 1))
    assert [digest_content(one["facts"], one["note"], salt=one["salt"]) for one in found] == [  # type: ignore[arg-type]
        one["content_digest"] for one in found
    ]
    assert (found[-1]["kind"], found[-1]["who"]) == ("audit_exported", "shell")
    assert {(one["who"], one["who_name"]) for one in found} >= {(CLERK, "田中 花"), ("cli", "")}


def test_whoever_exports_with_a_pass_phrase_is_named(home: Path) -> None:
    """`--as` stands in the trail."""
    done = sns("audit", "export", "--format", "jsonl", "--as", PR_CHIEF, "--passphrase-stdin", home=home, given=PHRASE)
    assert json.loads(done.stdout.splitlines()[-1])["who"] == PR_CHIEF


def test_a_posts_events_alone_can_be_given_away(home: Path) -> None:
    """`--post` leaves out everything else; a number that is none is refused."""
    assert {line["post"] for line in lines(home, "--post", "K-1")} == {"K-1"}
    assert lines(home, "--until", "2020-01-01") == []
    assert sns("audit", "export", "--format", "csv", "--post", "K-99", home=home).returncode == 1


def test_a_table_opens_in_a_spreadsheet_and_works_nothing_out(home: Path) -> None:
    """CSV with the mark of UTF-8 where asked for; a note that begins like a formula is text."""
    done = sns("audit", "export", "--format", "csv", "--bom", home=home)
    assert done.stdout.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(done.stdout.removeprefix(BOM))))
    assert tuple(rows[0]) == COLUMNS
    assert '\'=HYPERLINK("http://x")' in {row["note"] for row in rows}
    assert {"中止", "取下げ", "監査記録の書き出し"} <= {row["kind_name"] for row in rows}


def test_no_secret_is_given_away(home: Path) -> None:
    """Neither form holds a credential, a pass phrase or its hash."""
    told = "".join(sns("audit", "export", "--format", form, home=home).stdout for form in ("jsonl", "csv"))
    assert "credentials_set" in told
    assert [secret for secret in ("s3cr3t-value", PHRASE, "scrypt") if secret in told] == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+81", "'+81"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝１", "'＝１"),
        ("  =1", "'  =1"),
        ("紅葉 = 見頃", "紅葉 = 見頃"),
        (None, ""),
        (12, "12"),
    ],
)
def test_a_cell_that_begins_like_a_formula_is_text(cell: object, expected: str) -> None:
    """OWASP, CSV Injection: what begins with = + - @, tab or carriage return gets an apostrophe in front."""
    assert safe_cell(cell) == expected


def test_an_erasure_at_the_shell_is_read_first(home: Path) -> None:
    """The list with its digest comes first; without a terminal nothing is proposed until the digest is handed back."""
    shown = sns("erase", "show", "K-1", home=home)
    digest = shown.stdout.split("一覧の照合値: ")[1].strip()
    order = ("erase", "propose", "K-1", "--reason", "personal_data", "--note", "誤掲載", "--as", PR_CHIEF)
    unread = sns(*order, "--passphrase-stdin", home=home, given=PHRASE)
    listed = sns("erase", "list", home=home)
    proposed = sns(*order, "--passphrase-stdin", "--seen", digest, home=home, given=PHRASE)
    assert "本文・媒体別原稿・タイトル（版）: 1件" in shown.stdout
    assert "Slack のメッセージ" in shown.stdout
    assert (unread.returncode, "--seen" in unread.stderr) == (1, True)
    assert "決定を待っている消去の提案はありません" in listed.stdout
    assert (proposed.returncode, "まだ何も消えていません" in proposed.stdout) == (0, True)
    assert "誤掲載" in sns("erase", "list", home=home).stdout


def test_an_erased_post_shows_its_tombstone(tmp_path: Path) -> None:
    """`sns show` says when and by whose decision in place of the text; who has left the city file is named by key."""
    home = tmp_path / "var"
    town = build_town(home, cities=cities_with_two_managers(tmp_path))
    number = town.submit()
    town.services.deciding.cancel(town.act(PR_CHIEF), number=number, reason="山田花子さんの件")
    for act, seen in ((town.act(PR_CHIEF), True), (town.act(SECOND_MANAGER), False)):
        digest = town.heart.erasing.listing("kashiwa", number=number).digest
        if seen:
            town.heart.erasing.propose(act, number=number, reason="personal_data", note="誤掲載", seen=digest)
        else:
            town.heart.erasing.confirm(act, erasure=number, seen=digest)
    town.heart.database.close()
    shown = sns("show", number, home=home)
    assert "、広報広聴課長 高橋 健一とkoho_moriの決定により消去" in shown.stdout
    assert "山田花子" not in shown.stdout
