"""The name of an account as people write it, brought into one form. Pure.

`@Chiba_Pref`, the same in full width and the address of its page are one account. The forms are the vendors' own, from
their help pages: X (up to 15 letters, digits or underscores), Facebook (letters and digits; periods and capitals make
no difference), YouTube (handles of 3 to 30 characters, and channel ids), LINE (basic and premium ids).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHANNEL: Final = re.compile(r"UC[\w-]{22}", re.ASCII)
"""A YouTube channel's id; capitals make a difference in it alone."""
_ADDRESS: Final = re.compile(r"(?:https?://)?(?P<host>[\w-]+(?:\.[\w-]+)+)(?P<path>/\S*)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How a platform writes its accounts."""

    hosts: frozenset[str] = frozenset()
    name: re.Pattern[str] = re.compile(r"\S{1,100}")
    folders: frozenset[str] = frozenset()
    """Parts of an address that stand before the name."""
    reserved: frozenset[str] = frozenset()
    """First parts of an address that are no account."""
    ignored: str = ""
    """Signs that make no difference."""


_ANY: Final = _Form()
_FORMS: Final[Mapping[str, _Form]] = {
    "x": _Form(
        hosts=frozenset({"x.com", "twitter.com"}),
        name=re.compile(r"[a-z0-9_]{1,15}"),
        reserved=frozenset({"i", "home", "search", "intent", "hashtag", "share", "explore", "settings"}),
    ),
    "facebook": _Form(
        hosts=frozenset({"facebook.com", "fb.com"}),
        name=re.compile(r"[a-z0-9]{5,50}"),
        folders=frozenset({"pg", "p"}),
        reserved=frozenset({"groups", "events", "watch", "sharer", "share", "story.php", "photo.php", "reel"}),
        ignored=".",
    ),
    "youtube": _Form(
        hosts=frozenset({"youtube.com"}),
        name=re.compile(r"[\w.·-]{3,30}"),
        folders=frozenset({"c", "user", "channel"}),
        reserved=frozenset({"watch", "playlist", "shorts", "results", "feed"}),
    ),
    "line": _Form(
        hosts=frozenset({"line.me", "page.line.me"}),
        name=re.compile(r"[a-z0-9._-]{1,20}"),
        folders=frozenset({"r", "ti", "p"}),
    ),
}


def normalise_handle(platform: str, text: str) -> str:
    """Return the one form of an account's name on a platform: no `@`, no capitals, no address around it.

    Raises:
        ValueError: It is no name of an account there.
    """
    form = _FORMS.get(platform, _ANY)
    plain = unicodedata.normalize("NFKC", text).strip()
    address = _ADDRESS.fullmatch(plain)
    if address is not None and (form.hosts or "://" in plain):
        if _host(address["host"]) not in form.hosts:
            raise ValueError("the address is of another platform")
        plain = _name_in(address["path"], form)
    plain = plain.removeprefix("@")
    if form is _FORMS["youtube"] and _CHANNEL.fullmatch(plain):
        return plain
    name = "".join(sign for sign in plain.lower() if sign not in form.ignored)
    if not form.name.fullmatch(name):
        raise ValueError("it is no name of an account")
    return name


def find_platform(text: str) -> str | None:
    """Return the platform whose address *text* is, or None where it is none."""
    address = _ADDRESS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if address is None:
        return None
    host = _host(address["host"])
    return next((name for name, form in _FORMS.items() if host in form.hosts), None)


def _host(host: str) -> str:
    return re.sub(r"^(?:www|m|mobile|ja-jp)\.", "", host.lower())


def _name_in(path: str, form: _Form) -> str:
    read = urlsplit(path)
    parts = [unquote(part) for part in read.path.split("/") if part]
    while parts and parts[0].lower() in form.folders:
        parts.pop(0)
    if parts[:1] == ["profile.php"]:
        return parse_qs(read.query).get("id", [""])[0]
    if not parts or parts[0].lower() in form.reserved:
        return ""
    return parts[0]
