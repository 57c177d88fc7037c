"""`sns doctor` says what is wrong and what to do, whatever else is broken; and never a secret."""

from __future__ import annotations

import base64
import json
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from mail_server import MailServer
from ruamel.yaml import YAML
from shell import sns

from chatops.cli.doctor import check_data, examine, sentences
from chatops.doctoring import SCOPES
from chatops.messages import Voice
from chatops.messages.en import doctor as english
from chatops.messages.ja import doctor as japanese
from chatops.sandbox.product import free_port
from publisher.api import WatchKind
from publisher.clock import RealClock
from publisher.doctor.check import Mark
from publisher.secrets import CredentialStore, load_key
from publisher.store import tables, workers
from publisher.store.engine import Database

if TYPE_CHECKING:
    from publisher.doctor.check import Check

ROOT = Path(__file__).resolve().parents[3]
CITY = ROOT / "chatops" / "sandbox" / "cities" / "kashiwa.yaml"
RELAY = ROOT / "chatops/courier/relay.py"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
JA, EN = Voice(now=NOW), Voice(locale="en", now=NOW)
SECRETS = {
    "SNS_SLACK_BOT_TOKEN": "xoxb-hidden-bot",
    "SNS_SLACK_APP_TOKEN": "xapp-hidden-app",
    "SNS_SLACK_SIGNING_SECRET": "hidden-signing",
    "SNS_SMTP_USER": "sns",
    "SNS_SMTP_PASSWORD": "hidden-word",
}
VENDORS = (
    *("SLACK_API_URL", "X_API_URL", "LINE_API_URL", "LINE_DATA_API_URL", "FACEBOOK_API_URL"),
    *("FACEBOOK_VIDEO_API_URL", "YOUTUBE_API_URL", "GOOGLE_TOKEN_URL"),
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home with Kashiwa's city file; every vendor is on this machine, and nothing listens there."""
    tmp_path.chmod(0o700)
    (tmp_path / "cities").mkdir()
    shutil.copy(CITY, tmp_path / "cities")
    nowhere = f"http://127.0.0.1:{free_port()}"
    return {"SNS_HOME": str(tmp_path), **{f"SNS_{name}": nowhere for name in VENDORS}}


def found(environ: dict[str, str]) -> dict[str, Check]:
    """Examine, and return what was found by code."""
    return {one.code: one for one in examine(environ, JA)}


def migrated(environ: dict[str, str]) -> Database:
    """Make the ledger."""
    database = Database(f"sqlite:///{environ['SNS_HOME']}/kairan.sqlite3", clock=RealClock())
    database.migrate()
    return database


def test_a_fresh_machine_is_told_what_is_not_there_yet_and_nothing_is_made(environ: dict[str, str]) -> None:
    """The doctor looks: it makes no key, no database, no folder."""
    home = Path(environ["SNS_HOME"])
    codes = found(environ)

    assert {"settings_well", "cities_well", "home_well", "key_missing", "database_new"} <= set(codes)
    assert sorted(path.name for path in home.iterdir()) == ["cities"]


def test_a_database_that_is_down_hides_nothing_else(environ: dict[str, str]) -> None:
    """It is said, without the password, and Slack, mail and vendors are looked at all the same."""
    nobody = free_port()
    codes = found(environ | {"SNS_DATABASE_URL": f"postgresql://kairan:hidden-pass@127.0.0.1:{nobody}/kairan"})

    assert codes["database_down"].mark is Mark.WRONG
    assert {"slack_not_set", "mail_not_set", "vendor_unreachable", "clock_unchecked"} <= set(codes)
    said = " ".join(sentences(codes["database_down"], JA))
    assert said.startswith("データベースにつながりません（")
    assert "hidden-pass" not in said


def test_wrong_settings_are_each_said_and_the_rest_is_looked_at(environ: dict[str, str]) -> None:
    """A misspelt name and a wrong form keep nothing else from being looked at; a wrong database is not replaced."""
    checks = examine(
        environ | {"SNS_SMPT_URL": "x", "SNS_SLACK_BOT_TOKEN": "hidden-bot", "SNS_DATABASE_URL": "mysql://x"}, JA
    )
    texts = [sentences(one, JA)[0] for one in checks if one.code == "mistake"]

    assert len(texts) == 3
    assert any("SNS_SMPT_URL という設定はありません" in text for text in texts)
    assert "hidden-bot" not in "".join(texts)
    assert {"database_skipped", "home_well", "cities_well"} <= {one.code for one in checks}


def test_authorities_that_cannot_be_read_are_named_by_their_setting(environ: dict[str, str], tmp_path: Path) -> None:
    """Every connection over TLS fails by it, and none of them says why."""
    file = tmp_path / "city-ca.pem"
    file.write_text("not a certificate", "utf-8")
    codes = found(environ | {"SNS_CA_FILE": str(file)})

    assert codes["ca_unreadable"].params == {"path": str(file)}
    assert "ca_unreadable" not in found(environ)


def test_a_city_file_with_a_mistake_is_named_with_its_line(environ: dict[str, str]) -> None:
    """What `sns cities check` says stands here too, and the accounts that can be read are still looked at."""
    file = Path(environ["SNS_HOME"]) / "cities" / "kashiwa.yaml"
    file.write_text(
        file.read_text("utf-8").replace("section: koen\n    roles: [author]", "section: koenn\n    roles: [author]", 1),
        "utf-8",
    )
    checks = examine(environ, JA)
    (text,) = [sentences(one, JA)[0] for one in checks if one.code == "mistake"]

    assert re.match(r".*kashiwa\.yaml:\d+: 「koenn」という所属はありません。", text)
    assert "vendor_unreachable" in {one.code for one in checks}


def test_a_key_that_others_can_read_and_a_key_of_another_ledger_are_told_apart(environ: dict[str, str]) -> None:
    """The first is mended by chmod, the second by the right key; neither key is shown."""
    key = Path(environ["SNS_HOME"]) / "key"
    database = migrated(environ)
    CredentialStore(database, load_key(None, key)).check_key()
    database.close()
    key.chmod(0o644)
    assert sentences(found(environ)["key_readable_by_others"], JA)[1] == f"chmod 600 {key} を実行してください。"
    key.chmod(0o600)
    other = base64.b64encode(b"1" * 32).decode()
    codes = found(environ | {"SNS_SECRET_KEY": other})

    assert codes["key_wrong"].mark is Mark.WRONG
    assert other not in json.dumps([check_data(one, JA) for one in codes.values()])


def test_accounts_without_credentials_are_named_with_the_command(environ: dict[str, str]) -> None:
    """The first of them stands in the command to type."""
    migrated(environ).close()
    load_key(None, Path(environ["SNS_HOME"]) / "key")
    said = sentences(found(environ)["credentials_missing"], JA)

    assert "kashiwa/kashiwa_shi" in said[0]
    assert re.match(r"sns credentials set kashiwa/\w+ のように登録してください。", said[1])


def test_nobody_sending_and_a_silent_worker_are_told(environ: dict[str, str]) -> None:
    """No beat at all, one long ago, and one of now."""
    database = migrated(environ)
    assert sentences(found(environ)["workers_none"], JA)[0] == "いま送信しているものがありません。"
    with database.transaction() as tx:
        workers.beat(tx, "w1")
    assert "workers_well" in found(environ)
    with database.transaction() as tx:
        tx.execute(sa.update(tables.workers).values(beat_at=RealClock().now() - timedelta(minutes=5)))
    assert "workers_gone" in found(environ)
    database.close()


def test_an_old_schema_is_told_and_not_mended(environ: dict[str, str]) -> None:
    """The doctor migrates nothing: it says what does."""
    database = migrated(environ)
    database.close()
    with sqlite3.connect(Path(environ["SNS_HOME"]) / "kairan.sqlite3") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0010'")
    raw.close()

    assert "sns migrate" in sentences(found(environ)["schema_other"], JA)[1]
    assert "schema_other" in found(environ)


@pytest.mark.parametrize(("scheme", "code"), [("smtp", "relay_well"), ("smtp+starttls", "relay_starttls_missing")])
def test_the_relay_is_asked_and_nothing_is_sent(environ: dict[str, str], scheme: str, code: str) -> None:
    """EHLO and NOOP tell whether it takes mail; what stands in its way is said."""
    server = MailServer()
    codes = found(environ | {"SNS_SMTP_URL": server.url(scheme), "SNS_MAIL_FROM": "sns@city.kashiwa.example"})
    server.close()

    assert code in codes
    assert server.taken == []
    assert "admins_not_set" in codes


def test_no_secret_is_in_any_sentence(environ: dict[str, str]) -> None:
    """Tokens, passwords and keys appear nowhere, neither in the lines nor in the JSON."""
    shown = json.dumps([check_data(one, JA) for one in examine(environ | SECRETS, JA)], ensure_ascii=False)

    assert "hidden" not in shown


def test_every_code_has_its_sentences_in_both_languages() -> None:
    """Whatever is found can be said; what is wrong always says what to do; both languages use the same params."""
    files = [*(ROOT / "publisher/doctor").glob("*.py"), ROOT / "chatops/doctoring.py"]
    source = "\n".join(path.read_text("utf-8") for path in files)
    codes = set(re.findall(r"""(?:well|note|wrong)\([^)]*?"\w+", "(\w+)\"""", source))
    wrong = set(re.findall(r"""wrong\("\w+", "(\w+)\"""", source))

    def params(text: tuple[str, str]) -> set[str]:
        return set(re.findall(r"{(\w+)}", " ".join(text)))

    codes |= {f"watch_{kind}" for kind in set(WatchKind) - {WatchKind.NOBODY_SENDS, WatchKind.INBOX}}
    codes |= {f"relay_{code}" for code in re.findall(r'RelayError\(\s*"(\w+)"', RELAY.read_text("utf-8"))}
    assert len(codes) > 40
    assert codes - set(japanese.SENTENCES) == set()
    assert {code: params(text) for code, text in japanese.SENTENCES.items()} == {
        code: params(text) for code, text in english.SENTENCES.items()
    }
    assert [code for code in wrong if not japanese.SENTENCES[code][1]] == []
    assert [code for code in wrong if not english.SENTENCES[code][1]] == []


def test_the_scopes_are_those_of_the_manifest() -> None:
    """What the doctor misses is what the app's manifest asks for."""
    manifest = YAML(typ="safe").load((ROOT / "deploy/slack-manifest.yaml").read_text("utf-8"))

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_the_command_ends_with_1_where_something_is_wrong_and_speaks_english(tmp_path: Path) -> None:
    """At the shell: signs, sentences, what to do, a sum, and the status that a script asks for."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    answer = sns("doctor", home=tmp_path, LANG="en_US.UTF-8", **{f"SNS_{name}": nowhere for name in VENDORS})

    assert answer.returncode == 1
    assert "✗ Without SNS_SLACK_BOT_TOKEN there is no Slack.\n  → Set it to the app's" in answer.stdout
    assert re.search(r"\n\d+ to mend \(✗\), \d+ to know \(!\)\.\n$", answer.stdout)
    assert answer.stderr == ""
