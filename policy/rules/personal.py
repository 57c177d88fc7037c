"""Rules on personal information that a machine can see: numbers, addresses and accounts that are not public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy.model import Span
from policy.rules.kind import FOUND, TEXTS, Hit, RuleKind, hint_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params

# What people write between the groups of a number; zero-width characters too, which hide one.
_GAP = r"[-ー()\s.\u200b-\u200d\u2060\ufeff]{0,3}"
_FREE_PREFIXES = ("0120", "0800", "0570", "0990", "0180")
"""Numbers that are services and never a person's home."""

_MOBILE = re.compile(rf"(?<!\d)(?:\+81{_GAP}|0)[789]0{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)", re.ASCII)
_LANDLINE = re.compile(
    rf"(?<!\d)(?:\+81{_GAP}|\(?0)(?:50{_GAP}\d{{4}}|(?![5789]0)\d{{1,4}}[-ー()\s]{{1,3}}\d{{1,4}}){_GAP}\d{{4}}(?!\d)",
    re.ASCII,
)
_E_MAIL = re.compile(r"[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}", re.ASCII)
_TWELVE = re.compile(rf"(?<![\d.])\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?![\d.])", re.ASCII)
_BANK = re.compile(r"(?:普通|当座|口座番号|口座)(?:預金)?[^\d\n]{0,8}(\d{7})(?!\d)", re.ASCII)
_STREET = re.compile(
    r"[一-龥ぁ-んァ-ヶ]{1,12}(?:[\d一二三四五六七八九十]{1,3}丁目\d{1,4}番(?:地)?(?:\d{1,4}号?)?|\d{1,4}(?:-\d{1,4}){1,3}|\d{1,4}番地)"
    r"[^\n。]{0,20}(?:(?<!皆)さん|(?<![皆客])様|氏(?!名)|(?<![在住自])宅)",
)

_LANDLINE_DIGITS = 10
_MY_NUMBER_DIGITS = 12
_LETTER = re.compile(r"[A-Za-z]")
_NON_DIGITS = re.compile(r"\D", re.ASCII)


def is_my_number(digits: str) -> bool:
    """Tell whether twelve digits carry the check digit of an individual number.

    Order 85 of 2014 of the Ministry of Internal Affairs, article 5: weights 2 to 7 and 2 to 6 from the right;
    11 minus the remainder by 11, and 0 where the remainder is 0 or 1.
    """
    if len(digits) != _MY_NUMBER_DIGITS or not digits.isascii() or not digits.isdigit():
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if remainder <= 1 else 11 - remainder)


def digits_of(number: str) -> str:
    """Return a number's digits alone, in the form used inside Japan."""
    digits = _NON_DIGITS.sub("", number)
    return "0" + digits[2:] if number.startswith("+81") else digits


def _find_mobiles(case: Case, _public: frozenset[str]) -> Iterator[re.Match[str]]:
    yield from _MOBILE.finditer(case.flat_text)


def _find_landlines(case: Case, _public: frozenset[str]) -> Iterator[re.Match[str]]:
    for match in _LANDLINE.finditer(case.flat_text):
        digits = digits_of(match[0])
        is_plausible = len(digits) == _LANDLINE_DIGITS or digits.startswith("050")
        if is_plausible and not digits.startswith(_FREE_PREFIXES):
            yield match


def _find_e_mails(case: Case, public: frozenset[str]) -> Iterator[re.Match[str]]:
    if "@" not in case.flat_text:
        return
    for match in _E_MAIL.finditer(case.flat_text):
        domain = match[0].rpartition("@")[2].lower()
        if not any(domain == one or domain.endswith("." + one) for one in public):
            yield match


def _find_my_numbers(case: Case, _public: frozenset[str]) -> Iterator[re.Match[str]]:
    for match in _TWELVE.finditer(case.flat_text):
        if is_my_number(digits_of(match[0])):
            yield match


def _find_bank_accounts(case: Case, _public: frozenset[str]) -> Iterator[re.Match[str]]:
    yield from _BANK.finditer(case.flat_text)


def _find_streets(case: Case, _public: frozenset[str]) -> Iterator[re.Match[str]]:
    yield from _STREET.finditer(case.flat_text)


_FINDERS: dict[str, Callable[[Case, frozenset[str]], Iterator[re.Match[str]]]] = {
    "mobile": _find_mobiles,
    "landline": _find_landlines,
    "e_mail": _find_e_mails,
    "my_number": _find_my_numbers,
    "bank_account": _find_bank_accounts,
    "street_address": _find_streets,
}


def build_contacts(params: Params) -> Check:
    """Build a rule that speaks where the text has personal information of the kinds it names.

    What the pack or the city publishes already is none.
    """
    finders = [_FINDERS[name] for name in params["seek"]]

    def check(case: Case) -> Iterator[Hit]:
        if not case.has_digits and "@" not in case.flat_text:
            return
        published = case.pack.contacts | case.facts.published_contacts
        known = {_key(contact) for contact in published}
        found = [match for find in finders for match in find(case, published) if _key(match[0]) not in known]
        if found:
            spans = tuple(Span(start=match.start(), end=match.end()) for match in found)
            yield Hit(fill={"found": hint_spans(case, spans)}, spans=spans)

    return check


def _key(contact: str) -> str:
    """Return a contact in the form in which two spellings of it are the same."""
    return contact.strip().lower() if _LETTER.search(contact) else digits_of(contact)


SEEKABLE = frozenset(_FINDERS)
KINDS = {"personal": RuleKind(build=build_contacts, params={"seek": TEXTS}, placeholders=FOUND)}
