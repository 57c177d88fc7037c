"""Pass phrases of people who act outside Slack (`publisher.api.Passphrases`).

What is stored is scrypt's (RFC 7914) with its parameters beside it, so that they can grow one day while old ones still
open. A pass phrase says who acts; it protects nothing against whoever can read the key file: the documents say so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, timedelta
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from publisher.api import NoticeKind, Outcome
from publisher.errors import Refusal
from publisher.store import audit, notices
from publisher.store import passphrases as rows

if TYPE_CHECKING:
    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.store.engine import Transaction

LEAST_CHARS: Final = 15
"""NIST SP 800-63B-4, 3.1.1.2: the least for a secret that stands alone."""
MOST_FAILURES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_FORM: Final = re.compile(
    r"\$scrypt\$ln=(?P<ln>\d{1,2}),r=(?P<r>\d{1,3}),p=(?P<p>\d{1,3})"
    r"\$(?P<salt>[A-Za-z0-9+/=]+)\$(?P<hash>[A-Za-z0-9+/=]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one try costs: 128 · r · 2^ln bytes of memory, p times over."""

    ln: int
    r: int
    p: int


COST: Final = Cost(ln=15, r=8, p=3)
"""32 MiB, three times over: one of the equally strong settings of OWASP's Password Storage Cheat Sheet."""


def hash_passphrase(phrase: str, *, cost: Cost = COST) -> str:
    """Return what is stored of a pass phrase: its parameters, a fresh salt and scrypt's result."""
    salt = token_bytes(_SALT_BYTES)
    return f"$scrypt$ln={cost.ln},r={cost.r},p={cost.p}${_encode(salt)}${_encode(_derive(phrase, salt, cost))}"


def fits(phrase: str, stored: str) -> bool:
    """Tell in constant time whether *phrase* is the one of which *stored* was made.

    Raises:
        ValueError: *stored* is of no form that is known.
    """
    read = _FORM.fullmatch(stored)
    if read is None:
        raise ValueError("the stored pass phrase is of an unknown form")
    cost = Cost(ln=int(read["ln"]), r=int(read["r"]), p=int(read["p"]))
    made = _derive(phrase, base64.b64decode(read["salt"]), cost)
    return hmac.compare_digest(made, base64.b64decode(read["hash"]))


def _derive(phrase: str, salt: bytes, cost: Cost) -> bytes:
    # NFKC, so that a phrase typed in full width is the same (NIST SP 800-63B-4, 3.1.1.2).
    secret = unicodedata.normalize("NFKC", phrase).encode()
    memory = 128 * cost.r * (2**cost.ln + cost.p + 2)
    return hashlib.scrypt(secret, salt=salt, n=2**cost.ln, r=cost.r, p=cost.p, maxmem=2 * memory, dklen=_HASH_BYTES)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


class PassphraseDesk:
    """The pass phrases.

    Args:
        desk: The shared collaborators.
        cost: What one try costs; tests take less.
    """

    def __init__(self, desk: Desk, *, cost: Cost = COST) -> None:
        self._desk = desk
        self._cost = cost

    def is_set(self, city: str, person: str) -> bool:
        """Tell whether a person has a pass phrase.

        Raises:
            Refusal: `no_such_person` (param `person`).
        """
        self._require_person(city, person)
        with self._desk.database.reading() as tx:
            return rows.get(tx, city, person) is not None

    def set(self, act: Act, *, person: str, new: str, is_reset: bool = False) -> Outcome:
        """Give a person a first pass phrase, or with *is_reset* another one without the old; a lock ends with it.

        Outcomes: `passphrase_set`.

        Raises:
            Refusal: `no_such_person`, `passphrase_short` (param `least`), `passphrase_is_set` (a first one is wanted
                where there is one).
        """
        self._require_person(act.city, person)
        hashed = self._hash(new)

        def work(tx: Transaction) -> Outcome:
            if not is_reset and rows.lock(tx, act.city, person) is not None:
                raise Refusal("passphrase_is_set", person=person)
            return self._put(tx, act, person, hashed, how="reset" if is_reset else "first")

        return self._desk.once(act, work)

    def change(self, act: Act, *, person: str, old: str, new: str) -> Outcome:
        """Give a person another pass phrase in place of *old*.

        Outcomes: `passphrase_set`.

        Raises:
            Refusal: `passphrase_short` (param `least`), and those of `check`.
        """
        hashed = self._hash(new)
        self.check(act.city, person, old)
        return self._desk.once(act, lambda tx: self._put(tx, act, person, hashed, how="changed"))

    def check(self, city: str, person: str, given: str) -> None:
        """Find out whether *given* is the person's pass phrase; each failure is counted and recorded.

        Raises:
            Refusal: `no_such_person`, `no_position_today` (param `person`), `passphrase_not_set` (param `person`),
                `passphrase_wrong` (param `left`: tries until it is locked), `passphrase_locked` (param `until`).
        """
        self._require_person(city, person)
        if not self._desk.city(city).positions_of(person, self._desk.today()):
            raise Refusal("no_position_today", person=person)
        with self._desk.database.reading() as tx:
            stored = rows.get(tx, city, person)
        if stored is None:
            raise Refusal("passphrase_not_set", person=person)
        # Outside the transaction that writes: nobody waits for a tenth of a second of arithmetic.
        is_right = fits(given, stored.hash)
        with self._desk.database.transaction() as tx:
            refusal = self._count(tx, city, person, is_right=is_right, against=stored.hash)
        if refusal is not None:  # after the commit: a failure that was rolled back would not be counted
            raise refusal

    def _count(self, tx: Transaction, city: str, person: str, *, is_right: bool, against: str) -> Refusal | None:
        now = rows.lock(tx, city, person)
        if now is None or now.hash != against:
            return Refusal("passphrase_wrong", left=MOST_FAILURES)  # it was changed this very moment
        if now.locked_until is not None and now.locked_until > tx.now:
            return Refusal("passphrase_locked", until=now.locked_until.astimezone(UTC).isoformat())
        if is_right:
            if now.failures or now.locked_until:
                rows.count(tx, city, person, failures=0, locked_until=None)
            return None
        failures = now.failures + 1
        if failures < MOST_FAILURES:
            rows.count(tx, city, person, failures=failures, locked_until=None)
            audit.append(tx, city=city, who=person, kind="passphrase_failed", facts={"person": person})
            return Refusal("passphrase_wrong", left=MOST_FAILURES - failures)
        until = tx.now + LOCKED_FOR
        rows.count(tx, city, person, failures=0, locked_until=until)
        facts = {"person": person, "until": until.isoformat()}
        audit.append(tx, city=city, who=person, kind="passphrase_locked", facts=facts)
        notices.add(tx, city=city, kind=NoticeKind.ANSWER, person=person, params={"code": "passphrase_locked_now"})
        return Refusal("passphrase_locked", until=until.isoformat())

    def _put(self, tx: Transaction, act: Act, person: str, hashed: str, *, how: str) -> Outcome:
        rows.put(tx, act.city, person, hashed, who=act.person)
        facts = {"person": person, "how": how}
        audit.append(tx, city=act.city, who=act.person, kind="passphrase_set", facts=facts)
        # Whoever did not do it must hear of it.
        notices.add(tx, city=act.city, kind=NoticeKind.ANSWER, person=person, params={"code": "passphrase_set_now"})
        return Outcome(code="passphrase_set", params={"name": self._desk.person_name(act.city, person)})

    def _hash(self, phrase: str) -> str:
        if len(unicodedata.normalize("NFKC", phrase)) < LEAST_CHARS:
            raise Refusal("passphrase_short", least=LEAST_CHARS)
        return hash_passphrase(phrase, cost=self._cost)

    def _require_person(self, city: str, person: str) -> None:
        if person not in self._desk.city(city).people:
            raise Refusal("no_such_person", person=person)
