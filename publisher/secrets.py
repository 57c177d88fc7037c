"""The accounts' secrets: sealed with one key, bound to their account, never logged.

AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D, 8.2.2); the city and the account are the associated
data, so that a sealed row copied to another account does not open. The key comes from `SNS_SECRET_KEY`, or from
a file that only its owner can read and that is made on first use. Whoever can read the key and the
database can do everything: the documents say so.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import stat
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from publisher.errors import ConfigurationError, ConfigurationMistake, UnknownSecretKeyError
from publisher.store import audit, lane_memories
from publisher.store import credentials as rows
from publisher.store.lane_memories import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from publisher.store.engine import Database, Transaction

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FORM: Final = b"\x01"
"""The form of a sealed value, so that it can change one day."""
_KNOWN: Final = b"kairan"


class SecretBox:
    """Seals and opens short byte strings with one key.

    Args:
        key: 32 bytes.
        origin: Where the key came from, for the sentence that says it is the wrong one.
    """

    def __init__(self, key: bytes, *, origin: str) -> None:
        self._cipher = AESGCM(key)
        self._origin = origin

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Return *plain* sealed; it opens only with the same *context*."""
        nonce = token_bytes(_NONCE_BYTES)
        return _FORM + nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Return what was sealed.

        Raises:
            UnknownSecretKeyError: Another key, another context, or a changed value.
        """
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            # A value of another form cannot open either: its nonce stands elsewhere.
            return self._cipher.decrypt(nonce, body if sealed[:1] == _FORM else b"", context.encode())
        except (InvalidTag, ValueError):
            raise UnknownSecretKeyError(self._origin) from None


def load_key(setting: str | None, key_file: Path) -> SecretBox:
    """Build the box from `SNS_SECRET_KEY`, or from the key file, which is made where it is missing.

    Raises:
        ConfigurationError: The key is none, or others can read its file.
    """
    if setting is not None:
        return SecretBox(_parse(setting, origin="SNS_SECRET_KEY"), origin="SNS_SECRET_KEY")
    try:
        if not key_file.exists():
            _make(key_file)
        mode = stat.S_IMODE(key_file.stat().st_mode)
        text = key_file.read_text("ascii", "replace")
    except OSError as error:
        raise _wrong("key_unreadable", path=str(key_file), reason=error.strerror or str(error)) from None
    if mode & 0o077:
        raise _wrong("key_readable_by_others", path=str(key_file))
    return SecretBox(_parse(text, origin=str(key_file)), origin=str(key_file))


def _parse(text: str, *, origin: str) -> bytes:
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise _wrong("key_form", origin=origin)
    return key


def _wrong(code: str, **params: str) -> ConfigurationError:
    return ConfigurationError([ConfigurationMistake(code=code, params=params)])


def _make(key_file: Path) -> None:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f"{key_file.name}.{token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, key_file)  # of two processes that start at once, one makes the key and both use it
    except FileExistsError:
        pass
    finally:
        draft.unlink()


class CredentialStore:
    """The accounts' secrets, by city and account."""

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database = database
        self._box = box

    def set(self, city: str, account: str, secrets: Mapping[str, str], *, who: str) -> None:
        """Seal and store an account's *secrets* in place of what was there; the audit trail has their names.

        Raises:
            UnknownSecretKeyError: Others were sealed with another key: two keys at once would open neither half.
        """
        self.check_key()
        sealed = self._box.seal(json.dumps(dict(secrets)).encode(), context=_context(city, account))
        with self._database.transaction() as tx:
            rows.put(tx, city, account, sealed)
            lane_memories.forget(tx, city, account, kind=Kind.NEEDS_PERSON)  # the repair that it waited for
            facts = {"account": account, "fields": sorted(secrets)}
            audit.append(tx, city=city, who=who, kind="credentials_set", facts=facts)

    def get(self, city: str, account: str) -> Mapping[str, str]:
        """Return an account's secrets; empty where it has none.

        Raises:
            UnknownSecretKeyError: The key at hand does not open them.
        """
        with self._database.reading() as tx:
            sealed = self.sealed(tx, [(city, account)])
        return self.open(city, account, sealed)

    @staticmethod
    def sealed(tx: Transaction, accounts: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], bytes]:
        """Return the secrets of these (city, account) as they are kept, for `open`."""
        return rows.of_accounts(tx, accounts)

    def open(self, city: str, account: str, sealed: Mapping[tuple[str, str], bytes]) -> Mapping[str, str]:
        """Return an account's secrets among what `sealed` returned; empty where it has none.

        Raises:
            UnknownSecretKeyError: The key at hand does not open them.
        """
        kept = sealed.get((city, account))
        if kept is None:
            return {}
        found: dict[str, str] = json.loads(self._box.open(kept, context=_context(city, account)))
        return found

    def has(self, city: str, account: str) -> bool:
        """Tell whether an account has secrets."""
        with self._database.reading() as tx:
            return rows.get(tx, city, account) is not None

    def forget_all(self, *, who: str) -> int:
        """Remove every account's secrets, so that a new key can be used where the old one is lost; return how many."""
        with self._database.transaction() as tx:
            gone = rows.clear(tx)
            for city, account in gone:
                facts = {"account": account, "fields": []}
                audit.append(tx, city=city, who=who, kind="credentials_forgotten", facts=facts)
        return len(gone)

    def check_key(self) -> None:
        """Notice a wrong key before anything needs it; the first key that is seen here is the right one.

        Raises:
            UnknownSecretKeyError: The stored secrets were sealed with another key.
        """
        context = _context(*rows.KEY_CHECK)
        with self._database.reading() as tx:
            sealed = rows.get(tx, *rows.KEY_CHECK)
        if sealed is None:
            with self._database.transaction() as tx:
                rows.put_missing(tx, *rows.KEY_CHECK, self._box.seal(_KNOWN, context=context))
                sealed = rows.get(tx, *rows.KEY_CHECK)
        self._box.open(sealed or b"", context=context)


def _context(city: str, account: str) -> str:
    return json.dumps(["credentials", city, account])
