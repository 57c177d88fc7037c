"""Find the links in a text as X does: each of them becomes a t.co address of 23 characters.

Follows twitter-text's published grammar (conformance files `extract.yml`, `tlds.yml`, version 3.1): a link may
stand without `https://`, directly beside Japanese text, and ends where X lets it end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from platforms.tlds import TLDS

MAX_URL_CHARS = 4096
"""X takes longer ones for plain text (twitter-text `MAX_URL_LENGTH`)."""
MAX_TCO_SLUG_CHARS = 40
MAX_LABEL_CHARS = 63

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263"
    "\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_CYRILLIC = "\u0400-\u04ff"
_DIRECTIONAL = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_SPACES = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NONCHARACTERS = "\ufffe\ufeff\uffff"
_NO_DOMAIN = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$" + _SPACES + _NONCHARACTERS + _DIRECTIONAL

# Labels are possessive runs: a label ends at the dot, so nothing is gained by giving characters back. The bounds
# (both far above what DNS allows, 63 octets and 127 labels) keep the time for any text short.
_SUBDOMAIN = rf"(?:(?=[^{_NO_DOMAIN}])(?:[^{_NO_DOMAIN}]|[_-]){{1,255}}+(?<![_-])\.)"
_DOMAIN_NAME = rf"(?:(?=[^{_NO_DOMAIN}])(?:[^{_NO_DOMAIN}]|-){{1,255}}+(?<!-)\.)"
_AFTER_TLD = r"(?=[^0-9a-zA-Z@+\-]|$)"

_PATH_CHARS = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_PARENTHESES = rf"\((?:{_PATH_CHARS}+|{_PATH_CHARS}*\({_PATH_CHARS}+\){_PATH_CHARS}*)\)"
_PATH_END = rf"(?:[+\-a-z{_CYRILLIC}0-9=_#/{_LATIN}]|{_PARENTHESES})"
_PATH = rf"(?:(?:{_PATH_CHARS}*(?:{_PARENTHESES}{_PATH_CHARS}*)*{_PATH_END})|(?:@{_PATH_CHARS}+/))"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"

_TCO = re.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link, from character *start* to before *end*."""

    start: int
    end: int
    url: str


def find_links(text: str) -> list[Link]:
    """Find the links in *text*, in their order."""
    if "." not in text:
        return []
    links: list[Link] = []
    for match in _patterns()[0].finditer(text):
        if match["scheme"]:
            link = _with_scheme(match)
            links += [link] if link else []
        elif match["before"] not in set("-_./"):
            links += _without_scheme(match)
    return links


def _with_scheme(match: re.Match[str]) -> Link | None:
    start = match.end("before")
    url, end = match[0][start - match.start() :], match.end()
    tco = _TCO.match(url)
    if tco:
        if len(tco[1]) > MAX_TCO_SLUG_CHARS:
            return None
        url, end = tco[0], start + tco.end()
    return Link(start=start, end=end, url=url) if _is_address(url, match["domain"]) else None


def _without_scheme(match: re.Match[str]) -> list[Link]:
    """Keep the Latin parts of a run of domains and other letters; the path belongs to the last of them."""
    domain, start = match["domain"], match.start("domain")
    parts = _patterns()[1].finditer(domain)
    links = [Link(start=start + part.start(), end=start + part.end(), url=part[0]) for part in parts]
    if links and match["path"]:
        last = links[-1]
        tail = match.string[match.end("domain") : match.end()]
        links[-1] = Link(start=last.start, end=match.end(), url=last.url + tail)
    return [link for link in links if _is_address(link.url, domain)]


def _is_address(url: str, domain: str) -> bool:
    """Tell whether X takes it for an address at all: a host's labels end at 63 octets (RFC 1035)."""
    labels = [_encoded_size(label) for label in domain.split(".")]
    return max(labels) <= MAX_LABEL_CHARS and len(url) - len(domain) + sum(labels) <= MAX_URL_CHARS


def _encoded_size(label: str) -> int:
    if label.isascii():
        return len(label)
    if label.lower().startswith("xn--"):
        return MAX_URL_CHARS
    return len("xn--") + len(label.encode("punycode"))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile the link pattern and the one for Latin domains, on first use (some 30 ms)."""
    tld = rf"(?:(?:{_alternatives(TLDS)}){_AFTER_TLD}|xn--[\-0-9a-z]+{_AFTER_TLD})"
    link = re.compile(
        rf"(?P<before>^|[^A-Za-z0-9@＠$#＃{_NONCHARACTERS}])(?P<scheme>https?://)?"
        rf"(?P<domain>{_SUBDOMAIN}{{0,127}}{_DOMAIN_NAME}{tld})(?::[0-9]+)?"
        rf"(?P<path>/{_PATH}*)?(?:{_QUERY})?",
        re.IGNORECASE,
    )
    latin = re.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+{tld}", re.IGNORECASE)
    return link, latin


def _alternatives(words: tuple[str, ...]) -> str:
    """Fold *words* into one pattern that reads each character once (a trie)."""
    trie: dict[str, Any] = {}
    for word in words:
        node = trie
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _fold(trie)


def _fold(node: dict[str, Any]) -> str:
    branches = [re.escape(character) + _fold(child) for character, child in node.items() if character]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)})" + ("?" if "" in node else "")
