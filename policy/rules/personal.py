"""Rules on personal information that a machine can see: numbers, addresses and names that are not public."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from policy.model import Words
from policy.rules.kind import FOUND, HIT, TEXTS, Hit, OnWording, RuleKind, hint_spans
from policy.texts.identity import find_bank_accounts, find_my_numbers, find_plates
from policy.texts.people import find_ages, find_names, find_residences
from policy.texts.telephone import find_telephones, national_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from policy.model import Span
    from policy.pack import Check
    from policy.rules.kind import Params
    from policy.texts.plaintext import PlainText
    from policy.written import Written

DECLARED = "declared"
"""The outcome of what the sender of `/sns now` declared to be the city's own."""
DECLARED_WORDS = Words(
    ja="{found}は、市の連絡先であると発信者が申告しました。発信後に確かめてください。",
    en="The sender declared {found} to be the city's own contact. Check it after it has gone out.",
)

_E_MAIL = re.compile(
    r"[\w.+%-]{1,64}(?:@|★|\s?[\[(](?:at|アット|アットマーク|@)[\])]\s?)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}",
    re.ASCII | re.IGNORECASE,
)
_E_MAIL_SIGN = re.compile(r"[@★]|\[at\]|\(at\)|[\[(]アット", re.IGNORECASE)
_PERSON_SIGN = re.compile(r"さん|さま|様|氏|名前|姓名")
_LETTER = re.compile(r"[A-Za-z]")
_ADDRESS_SIGN = re.compile(r"丁目|番地?|号|[市区町村]")
_KANJI_NUMERALS = {ord(char): str(digit) for digit, char in enumerate("〇一二三四五六七八九")}
_TEN = re.compile(r"十(?=丁目)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something personal in a text."""

    span: Span
    key: str
    """The form in which two spellings of the same contact are the same; empty for what is no contact."""
    is_declarable: bool = False
    """A landline, an e-mail or a street address, which the sender of `/sns now` may declare to be the city's own."""


def _find_mobiles(text: PlainText) -> Iterator[Found]:
    for one in find_telephones(text.text):
        if one.kind == "mobile":
            yield Found(span=text.span(one.start, one.end), key=one.digits)


def _find_landlines(text: PlainText) -> Iterator[Found]:
    for one in find_telephones(text.text):
        if one.kind != "mobile":
            yield Found(span=text.span(one.start, one.end), key=one.digits, is_declarable=True)


def _find_e_mails(text: PlainText) -> Iterator[Found]:
    if not _E_MAIL_SIGN.search(text.text):
        return
    for match in _E_MAIL.finditer(text.text):
        yield Found(span=text.span(*match.span()), key=contact_key(match[0]), is_declarable=True)


def _find_streets(text: PlainText) -> Iterator[Found]:
    for one in find_residences(text.text):
        yield Found(span=text.span(one.start, one.end), key=contact_key(one.address), is_declarable=True)


def _by(find: Callable[[str], Iterable[tuple[int, int]]]) -> Callable[[PlainText], Iterator[Found]]:
    def finder(text: PlainText) -> Iterator[Found]:
        for start, end in find(text.text):
            yield Found(span=text.span(start, end), key="")

    return finder


_FINDERS: dict[str, Callable[[PlainText], Iterator[Found]]] = {
    "mobile": _find_mobiles,
    "landline": _find_landlines,
    "e_mail": _find_e_mails,
    "my_number": _by(find_my_numbers),
    "bank_account": _by(find_bank_accounts),
    "street_address": _find_streets,
    "licence_plate": _by(find_plates),
    "name": _by(find_names),
    "name_with_age": _by(find_ages),
}
SEEKABLE = frozenset(_FINDERS)
_SIGNS = {"e_mail": _E_MAIL_SIGN, "name": _PERSON_SIGN}
"""What a text without a digit must have to have one of these."""
_IN_DIGITS = SEEKABLE - _SIGNS.keys()


def build_contacts(params: Params) -> Check:
    """Build a rule that speaks where the text has personal information of the kinds it names.

    What the pack or the city publishes already is none. What the sender of `/sns now` declares to be the city's own is
    told apart, where the rule is a guess.
    """
    seek = frozenset(params["seek"])
    finders = [find for name, find in _FINDERS.items() if name in seek]
    in_words = [find for name, find in _FINDERS.items() if name in seek - _IN_DIGITS]
    signs = [_SIGNS[name] for name in sorted(seek & _SIGNS.keys())]

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        has_digits = written.has_digits or "〇" in written.flat_text or "零" in written.flat_text
        if not has_digits and not any(sign.search(written.flat_text) for sign in signs):
            return
        text = written.plain
        found = _outermost(chain.from_iterable(find(text) for find in (finders if has_digits else in_words)))
        if not found:
            return
        published = _Published(written.pack_contacts | written.city_contacts)
        declared = declared_keys(written)
        for outcome, is_declared in ((HIT, False), (DECLARED, True)):
            spans = tuple(
                one.span
                for one in found
                if not published.has(one.key) and (one.is_declarable and one.key in declared) is is_declared
            )
            if spans:
                yield Hit(outcome=outcome, fill={"found": hint_spans(written.text, spans)}, spans=spans)

    return check


def _outermost(found: Iterable[Found]) -> list[Found]:
    """Return what was found in order of its place, without what lies inside another."""
    outer: list[Found] = []
    for one in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if not outer or one.span.end > outer[-1].span.end:
            outer.append(one)
    return outer


def find_declarable(written: Written) -> tuple[Found, ...]:
    """Return what looks like a landline, an e-mail or a street address in a text, in order of its place."""
    text = written.plain
    found = chain.from_iterable(find(text) for find in (_find_landlines, _find_e_mails, _find_streets))
    return tuple(sorted(found, key=lambda one: one.span.start))


def declared_keys(written: Written) -> frozenset[str]:
    """Return what the sender of `/sns now` declared to be the city's own; outside it nothing is."""
    return frozenset(key for one in written.declared_contacts if (key := contact_key(one)))


class _Published:
    """Contacts that may be shown, each in the form in which two spellings are the same."""

    def __init__(self, contacts: Iterable[str]) -> None:
        self._keys = {contact_key(one) for one in contacts}

    def has(self, key: str) -> bool:
        """Tell whether a contact is one of them, or an e-mail address at a domain that is one of them."""
        if key in self._keys:
            return bool(key)
        domain = key.rpartition("@")[2] if "@" in key else ""
        return any(domain.endswith("." + one) or domain == one for one in self._keys) if domain else False


@lru_cache(maxsize=4096)
def contact_key(contact: str) -> str:
    """Return a contact in the form in which two spellings of it are the same: 0471671111, a@b.example, 柏市柏5-10-1."""
    flat = unicodedata.normalize("NFKC", contact).strip()
    if _LETTER.search(flat) and not _ADDRESS_SIGN.search(flat):
        return re.sub(r"\s?[\[(](?:at|アット|アットマーク|@)[\])]\s?|★", "@", flat, flags=re.IGNORECASE).lower()
    if not _ADDRESS_SIGN.search(flat):
        return national_digits(flat)
    flat = re.sub(r"^〒?\d{3}-\d{4}\s*", "", flat)
    flat = _TEN.sub("10", flat).translate(_KANJI_NUMERALS)
    flat = re.sub(r"丁目|番地の?|番|の(?=\d)|[-‐-―−ー]", "-", re.sub(r"\s", "", flat))
    return re.sub(r"号|-+$", "", re.sub(r"-{2,}", "-", flat))


KINDS = {
    "personal": RuleKind(
        build=build_contacts,
        params={"seek": TEXTS},
        placeholders=FOUND,
        allows={DECLARED: DECLARED_WORDS},
    ),
}
