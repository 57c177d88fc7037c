"""Rules on links in the text: dead, shortened, unknown or denied addresses, and sites that may not be linked to.

An address is what X makes a link of: one with `http(s)://`, or a bare domain of a well-known form. Hosts are compared
in lower case and IDNA. A site is named as a domain, its subdomains included, or as the beginning of an address
(`youtube.com/@chikuma`); so a city that marks its own channel does not mark every other one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from policy.facts import LinkState
from policy.model import Relation, Span
from policy.rules.kind import FOUND, TEXTS, Hit, Param, ParamType, RuleKind, quote_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = (
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59}"
    r"|みんな|コム|ストア|セール|ファッション|クラウド|ポイント|世界|中国|台湾|한국|рф)"
)
_USER = r"[A-Za-z0-9._~%!$&'*+=:@-]{1,300}@"
_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_ASCII_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_GENERIC = r"(?:com|net|org|info|biz|edu|app|dev|page|site|online|shop|store|link|xyz|asia|tokyo|osaka|kyoto|nagoya)"
_COUNTRY = r"(?:jp|ly|be|gl|gd|co|me|tv|to|cc|us|uk|eu|de|fr|kr|cn|tw|at|io|ai|la|nu|in|it|tl|mp|id|ee|sc)"
_ENDS = r"(?![A-Za-z0-9_@]|[-.][A-Za-z0-9])"
# X takes a domain of a country alone (`example.jp`) for no link unless more stands before or after it.
_LINK = re.compile(
    rf"(?:https?://(?:{_USER})?(?P<host>(?:{_LABEL}\.){{1,126}}{_TOP}|{_IPV4}){_ENDS}"
    rf"|(?<![A-Za-z0-9@$#_./-])(?P<bare>(?:{_ASCII_LABEL}\.){{1,126}}{_GENERIC}{_ENDS}"
    rf"|(?:{_ASCII_LABEL}\.){{2,126}}{_COUNTRY}{_ENDS}|(?:{_ASCII_LABEL}\.){_COUNTRY}(?=/)))"
    r"(?::(?P<port>\d{1,5})(?!\d))?(?P<path>[/?#][A-Za-z0-9!#$%&'()*+,\-./:;=?@\[\]_~|]*)?",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\s*(?:https?://)?(?:\*?\.)?(?P<host>[^\s/?#:@]{1,255})(?::(?P<port>\d{1,5}))?(?P<path>[/?#]\S*)?\s*",
    re.IGNORECASE,
)
_LOOSE_ENDS = ".,;:!?'*~|(["
_BRACKETS = {")": "(", "]": "["}
_STANDARD_PORTS = frozenset({"", "80", "443"})
_AFTER_PREFIX = "/?#&"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address in a text."""

    span: Span
    host: str
    """In lower case and IDNA, with its port where that is no standard one."""
    path: str
    """What follows the host, without the fragment; at least `/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A domain with its subdomains, or those of its addresses that begin in one way."""

    host: str
    path: str

    def covers(self, link: Link) -> bool:
        """Tell whether a link leads there."""
        if link.host != self.host and not link.host.endswith(f".{self.host}"):
            return False
        if self.path == "/":
            return True
        rest = link.path.removeprefix(self.path)
        return len(rest) < len(link.path) and (not rest or self.path[-1] == "/" or rest[0] in _AFTER_PREFIX)


@lru_cache(maxsize=1024)  # what is known of an address changes, and so a text is asked about again and again
def find_links(text: str) -> tuple[Link, ...]:
    """Return the addresses in a text in which full-width signs are plain (`Written.flat_text`), in their order."""
    return tuple(_links(text)) if "." in text else ()


def _links(text: str) -> Iterator[Link]:
    for match in _LINK.finditer(text):
        path = _without_loose_end(match["path"] or "")
        end = match.start("path") + len(path) if match["path"] else match.end()
        host = _plain_host(match["host"] or match["bare"], match["port"] or "")
        yield Link(span=Span(start=match.start(), end=end), host=host, path=_plain_path(path))


def _without_loose_end(path: str) -> str:
    """Return a path without the signs that belong to the sentence: a full stop, a bracket that it did not open."""
    spare = {closing: path.count(closing) - path.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(path)
    while end:
        last = path[end - 1]
        if last in spare and spare[last] > 0:
            spare[last] -= 1
        elif last not in _LOOSE_ENDS:
            break
        end -= 1
    return path[:end]


@lru_cache(maxsize=1024)
def _plain_host(host: str, port: str) -> str:
    plain = host.lower().rstrip(".")
    if not plain.isascii():
        # What cannot be written in IDNA is no host that anybody knows; it stays as it is.
        with suppress(UnicodeError):
            plain = plain.encode("idna").decode("ascii")
    return plain if port in _STANDARD_PORTS else f"{plain}:{port}"


def _plain_path(path: str) -> str:
    before_fragment = path.partition("#")[0]
    return before_fragment if before_fragment.startswith("/") else f"/{before_fragment}"


@lru_cache(maxsize=4096)
def read_site(written: str) -> Site | None:
    """Read how a pack or a city names a site, or None where that can be no site."""
    match = _SITE.fullmatch(written)
    if match is None:
        return None
    return Site(host=_plain_host(match["host"], match["port"] or ""), path=_plain_path(match["path"] or ""))


def _sites(written: Iterable[str]) -> list[Site]:
    return [site for one in written if (site := read_site(one)) is not None]


class _Ways:
    """Sorts links by what there is to say of them, the gravest first."""

    def __init__(self, case: Case, shorteners: frozenset[str]) -> None:
        self._denied = _sites(case.facts.denied_sites)
        self._known = _sites(case.pack.sites | case.facts.known_sites)
        self._shorteners = shorteners
        self._dead = {
            (link.host, link.path)
            for address, state in case.facts.links.items()
            if state is LinkState.DEAD
            for link in find_links(address)
        }

    def outcome(self, link: Link) -> str | None:
        """Return the outcome for a link, or None where nothing need be said."""
        if any(site.covers(link) for site in self._denied):
            return "denied"
        if (link.host, link.path) in self._dead:
            return "dead"
        if any(site.covers(link) for site in self._known):
            return None
        # A shortener's subdomains are sites of their own (maps.app.goo.gl).
        return "shortened" if link.host.removeprefix("www.") in self._shorteners else "unknown"


def build_links(params: Params) -> Check:
    """Build a rule that speaks on links; each link has one outcome, and each outcome marks all of its links.

    `denied`: nothing may link there; `dead`: the page is not there; `shortened`: it hides where it leads; `unknown`:
    neither the pack nor the city knows the site.
    """
    shorteners = frozenset(one.lower() for one in params.get("shorteners", []))

    def check(case: Case) -> Iterator[Hit]:
        found: dict[str, list[Span]] = {}
        if not case.written.may_link:
            return
        ways = _Ways(case, shorteners)
        for link in find_links(case.flat_text):
            outcome = ways.outcome(link)
            if outcome is not None:
                found.setdefault(outcome, []).append(link.span)
        for outcome, spans in found.items():
            yield Hit(outcome=outcome, fill={"found": quote_spans(case.action.text, spans)}, spans=tuple(spans))

    return check


def build_links_to(params: Params) -> Check:
    """Build a rule that speaks on links to some hosts, and on reposts from the platform that they belong to.

    What the pack's or the city's sites name by the beginning of its address is the city's own, and passes; a whole
    domain there says only that the site is known.

    `other`: not the city's; `unclear`: where only some addresses show whose they are (`owners`), one that does not.
    """
    hosts = [site for one in params["hosts"] if (site := read_site(one)) is not None]
    owners = tuple(params.get("owners", ()))
    source: str | None = params.get("source")

    def check(case: Case) -> Iterator[Hit]:
        found: dict[str, list[Span]] = {}
        if not case.written.may_link and not source:
            return
        own = [site for site in _sites(case.pack.sites | case.facts.known_sites) if site.path != "/"]
        if source and case.target.source_platform == source and case.target.relation is not Relation.SECTION_ACCOUNT:
            found["other"] = []
        for link in find_links(case.flat_text):
            if any(host.covers(link) for host in hosts) and not any(site.covers(link) for site in own):
                outcome = "other" if not owners or link.path.startswith(owners) else "unclear"
                found.setdefault(outcome, []).append(link.span)
        for outcome, spans in found.items():
            yield Hit(outcome=outcome, fill={"found": quote_spans(case.action.text, spans)}, spans=tuple(spans))

    return check


_OPTIONAL_TEXTS = Param(type=ParamType.TEXTS, is_required=False)
_LINK_OUTCOMES = ("denied", "dead", "shortened", "unknown")
_LINK_TO_OUTCOMES = ("other", "unclear")

KINDS = {
    "links": RuleKind(
        build=build_links,
        params={"shorteners": _OPTIONAL_TEXTS},
        outcomes=_LINK_OUTCOMES,
        optional_outcomes=frozenset(_LINK_OUTCOMES),
        placeholders=FOUND,
    ),
    "links_to": RuleKind(
        build=build_links_to,
        params={
            "hosts": TEXTS,
            "owners": _OPTIONAL_TEXTS,
            "source": Param(type=ParamType.TEXT, is_required=False),
        },
        outcomes=_LINK_TO_OUTCOMES,
        optional_outcomes=frozenset(_LINK_TO_OUTCOMES),
        placeholders=FOUND,
    ),
}
