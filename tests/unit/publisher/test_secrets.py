"""Secrets at rest."""

from __future__ import annotations

import base64
import stat
from typing import TYPE_CHECKING

import pytest

from publisher.clock import RealClock
from publisher.errors import ConfigurationError, UnknownSecretKeyError
from publisher.secrets import CredentialStore, SecretBox, load_key
from publisher.store import credentials
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = SecretBox(bytes(32), origin="the first key")
OTHER = SecretBox(bytes(31) + b"\x01", origin="the second key")


@pytest.fixture(name="database")
def _database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}", clock=RealClock())
    database.migrate()
    yield database
    database.close()


def test_what_is_sealed_opens_with_the_same_key_and_context() -> None:
    """Sealing hides the text, and opening gives it back."""
    sealed = ONE.seal(b"token", context="kashiwa/x")

    assert b"token" not in sealed
    assert ONE.open(sealed, context="kashiwa/x") == b"token"


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    """A nonce is random, so that equal secrets cannot be told from their rows."""
    assert ONE.seal(b"token", context="a") != ONE.seal(b"token", context="a")


def test_a_sealed_value_does_not_open_elsewhere() -> None:
    """A row copied to another account, a changed bit, an unknown form: none opens."""
    sealed = ONE.seal(b"token", context="kashiwa/x")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])

    for value, context in (
        (sealed, "kashiwa/line"),
        (changed, "kashiwa/x"),
        (b"", "kashiwa/x"),
        (b"\x02", "kashiwa/x"),
    ):
        with pytest.raises(UnknownSecretKeyError):
            ONE.open(value, context=context)


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """The first start makes the key, mode 0600; later starts use it."""
    file = tmp_path / "var" / "key"

    sealed = load_key(None, file).seal(b"token", context="c")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key"]
    assert load_key(None, file).open(sealed, context="c") == b"token"


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """A key that a backup job or a colleague can read is no key any more."""
    file = tmp_path / "key"
    load_key(None, file)
    file.chmod(0o640)

    with pytest.raises(ConfigurationError, match="key_readable_by_others"):
        load_key(None, file)


@pytest.mark.parametrize("setting", ["", "password", "AAAA", "あ", base64.b64encode(bytes(16)).decode()])
def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path: Path, setting: str) -> None:
    """A pass phrase is no key; the sentence says how to make one and does not repeat what was given."""
    with pytest.raises(ConfigurationError, match="key_form") as caught:
        load_key(setting, tmp_path / "key")

    assert not setting or setting not in str(caught.value)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_both_alphabets_of_base64_are_read(tmp_path: Path, encode: object) -> None:
    """Whatever made the key, 32 bytes are 32 bytes."""
    assert callable(encode)
    load_key(encode(b"\xff" * 32).decode(), tmp_path / "key")

    assert not (tmp_path / "key").exists()


def test_credentials_come_back_for_their_own_account_only(database: Database) -> None:
    """What was set for one account is there for that one."""
    store = CredentialStore(database, ONE)
    store.set("kashiwa", "kashiwa_shi", {"token": "t-1"}, who="it")

    assert store.get("kashiwa", "kashiwa_shi") == {"token": "t-1"}
    assert store.has("kashiwa", "kashiwa_shi")
    assert store.get("kashiwa", "kashiwa_line") == {}
    assert not store.has("kashiwa", "kashiwa_line")


def test_setting_again_replaces(database: Database) -> None:
    """A renewed token takes the old one's place."""
    store = CredentialStore(database, ONE)
    store.set("kashiwa", "kashiwa_shi", {"token": "old", "secret": "s"}, who="it")
    store.set("kashiwa", "kashiwa_shi", {"token": "new"}, who="it")

    assert store.get("kashiwa", "kashiwa_shi") == {"token": "new"}


def test_a_wrong_key_is_noticed_at_the_start(database: Database) -> None:
    """The first key is remembered by a known text; another one is refused, with what to do."""
    CredentialStore(database, ONE).check_key()
    CredentialStore(database, ONE).check_key()

    with pytest.raises(UnknownSecretKeyError, match="the key of the second key does not open the stored secrets"):
        CredentialStore(database, OTHER).check_key()


def test_the_database_holds_no_secret_in_the_clear(database: Database) -> None:
    """Whoever reads the database without the key learns nothing."""
    CredentialStore(database, ONE).set("kashiwa", "kashiwa_shi", {"token": "very-secret"}, who="it")

    with database.reading() as tx:
        assert b"very-secret" not in (credentials.get(tx, "kashiwa", "kashiwa_shi") or b"")


def test_nothing_is_sealed_with_a_second_key(database: Database) -> None:
    """Half of the accounts under one key and half under another would be a trap for the next start."""
    CredentialStore(database, ONE).set("kashiwa", "kashiwa_shi", {"token": "t"}, who="it")

    with pytest.raises(UnknownSecretKeyError):
        CredentialStore(database, OTHER).set("kashiwa", "kashiwa_line", {"token": "t"}, who="it")
    assert not CredentialStore(database, ONE).has("kashiwa", "kashiwa_line")
