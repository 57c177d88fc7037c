"""Rules on what would help an intruder: addresses inside the network, names of machines, passwords and keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy.model import Span
from policy.rules.kind import Hit, OnWording, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.pack import Check
    from policy.rules.kind import Params
    from policy.written import Written

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
# Each pattern stands beside a part that every hit of it has: a text without that part is not searched.
_INSIDE = (
    (".", re.compile(rf"(?<![\w.]){_OCTET}(?:\.{_OCTET}){{3}}(?![\w.]\d|\d)", re.ASCII)),
    (
        ".",
        re.compile(
            r"(?<![\w.-])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.(?:local|internal|intra|lan|corp)(?![\w.-])",
            re.ASCII | re.IGNORECASE,
        ),
    ),
    ("\\\\", re.compile(r"\\\\[A-Za-z0-9._-]{2,63}\\\w{1,63}")),
)
_CREDENTIALS = (
    (
        "",
        re.compile(
            r"(?:パスワード|暗証番号|password|passwd|passcode|pwd|api[ _-]?key|secret|token)\s{0,3}(?:は|[:=])\s{0,3}"
            r"[「『\"']?(?!https?:)[!-~]{4,64}",
            re.IGNORECASE,
        ),
    ),
    ("AKIA", re.compile(r"(?<![\w])AKIA[0-9A-Z]{16}", re.ASCII)),
    ("xox", re.compile(r"(?<![\w])xox[abeprs]-[\w-]{10,}", re.ASCII)),
    ("xapp-", re.compile(r"(?<![\w])xapp-[\w-]{10,}", re.ASCII)),
    ("gh", re.compile(r"(?<![\w])gh[opsu]_\w{20,}", re.ASCII)),
    ("-----BEGIN", re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")),
    ("://", re.compile(r"https?://[^\s/@:]{1,64}:[^\s/@]{1,64}@", re.ASCII)),
)


def build_security(_params: Params) -> Check:
    """Build a rule that speaks where the text has an address, a machine's name or a credential."""
    return _build_seeker((*_INSIDE, *_CREDENTIALS))


def build_credentials(_params: Params) -> Check:
    """Build a rule that speaks where the text has a password or a key, whatever it opens."""
    return _build_seeker(_CREDENTIALS)


def _build_seeker(patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> Check:
    """Build a check that marks what was found; no message repeats it, since messages are kept and shown elsewhere."""

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        if not written.has_latin:
            return
        spans = [
            Span(start=match.start(), end=match.end())
            for part, pattern in patterns
            if part in written.flat_text
            for match in pattern.finditer(written.flat_text)
        ]
        if spans:
            yield Hit(spans=tuple(sorted(spans, key=lambda span: span.start)))

    return check


KINDS = {
    "security": RuleKind(build=build_security),
    "credentials": RuleKind(build=build_credentials),
}
