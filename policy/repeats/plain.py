"""A text without what does not count in a comparison: forms of letters, hashtags around it, addresses of pages."""

from __future__ import annotations

import re
import unicodedata

from policy.repeats.wording import is_news

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]+"
)
_DASHES = str.maketrans({"\u301c": "~", "\u223c": "~"} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_LINK = re.compile(r"(?:https?://|www\.)[!-~]+")
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "goo.gl", "is.gd", "lin.ee", "onl.tw", "ow.ly", "t.co", "tinyurl.com", "x.gd"}
)
"""Two of their addresses may lead to one page."""
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|yclid|msclkid|twclid|dclid|igshid|igsh|mc_[ce]id|_ga|_gl|ref_src)=", re.ASCII
)
_TAG = re.compile(r"\s*#[^\W_]\w*")
_HEADING = re.compile(r"(^|[^\w\s#、,(・「『])\s*((?:#[^\W_]\w*+\s++)+)(?![のをはがにでともへや])")
_INLINE = re.compile(r"[ \t]*#(?=[^\W_])(\w+)(?:[ \t]+(?=[のをはがにでともへや]))?")


def plain_text(text: str) -> tuple[str, frozenset[str]]:
    """Return a text in plain letters, without addresses and the hashtags around it, and the pages it links to."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    plain = _UNSEEN.sub("", plain)
    links: frozenset[str] = frozenset()
    if "://" in plain or "www." in plain:
        links = frozenset(page for found in _LINK.findall(plain) if (page := _page(found)))
        plain = _LINK.sub(" ", plain)
    if "#" in plain:
        plain = _INLINE.sub(r"\1", "\n".join(map(_without_tags, plain.splitlines())))
    return plain, links


def _without_tags(line: str) -> str:
    """Take the hashtags before and after the sentences of a line away.

    One before a particle is a part of its sentence (「#柏まつり を開催」), and one that heads a sentence may be what it
    is about (「#図書館 本日休館」).
    """
    end = len(line.rstrip())
    while (start := line.rfind("#", 0, end)) >= 0 and (tag := _TAG.match(line, start, end)) and tag.end() == end:
        end = start
        while end and line[end - 1].isspace():
            end -= 1
    return _HEADING.sub(lambda found: found[1] + " ".join(_topics(found[2])) + "\n", line[:end])


def _topics(tags: str) -> list[str]:
    return [tag for one in tags.split() if is_news(tag := one.removeprefix("#")) and not tag.endswith(("市", "市役所"))]


def _page(address: str) -> str:
    """Return the page an address leads to; empty where only its shortener knows."""
    page = address.rstrip(".,)]}>'\"!?").removeprefix("https://").removeprefix("http://").removeprefix("www.")
    page, _, _ = page.partition("#")
    path, _, query = page.partition("?")
    if path.partition("/")[0] in _SHORTENERS:
        return ""
    kept = "&".join(sorted(one for one in query.split("&") if one and not _TRACKING.match(one)))
    return f"{path.rstrip('/')}?{kept}" if kept else path.rstrip("/")
