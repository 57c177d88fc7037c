"""Looks whether addresses answer: each vendor that a city uses, and our own media address. Sends no secret."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from publisher.clock import RealClock
from publisher.doctor.check import guarded, note, well, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from publisher.city import City
    from publisher.doctor.check import Check
    from publisher.settings import Settings

TIMEOUT_SECONDS: Final = 8.0
CLOCK_SECONDS: Final = 30.0
"""How far the machine's clock may be from a vendor's: signatures of some are refused beyond minutes."""
_HOSTS: Final = {
    "x": ("x_api_url",),
    "line": ("line_api_url", "line_data_api_url"),
    "facebook": ("facebook_api_url", "facebook_video_api_url"),
    "youtube": ("youtube_api_url", "google_token_url"),
}
LINE: Final = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address said."""

    error: str = ""
    """The exception's name; empty where anything at all was answered."""
    offset_seconds: float | None = None
    """How far its clock is ahead of ours."""


class _NoRedirect(HTTPRedirectHandler):
    """Follows nowhere: an answer is an answer."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        """Stay."""
        return


def look_at_vendors(settings: Settings, cities: Mapping[str, City]) -> list[Check]:
    """Ask every address that the cities' platforms need, all at once."""
    used = list(dict.fromkeys(one.platform for city in cities.values() for one in city.accounts.values()))
    asked = [(platform, getattr(settings, name)) for platform in used for name in _HOSTS.get(platform, ())]
    with ThreadPoolExecutor(max(len(asked), 1)) as pool:
        answers = list(pool.map(lambda one: ask(one[1], settings), asked))
    found: list[Check] = []
    for platform in used:
        mine = [(url, answer) for (one, url), answer in zip(asked, answers, strict=True) if one == platform]
        found += guarded(platform, partial(_vendor, platform, mine))
    return [*found, *_clock(answers)]


def look_at_media(settings: Settings, cities: Mapping[str, City]) -> Iterator[Check]:
    """See whether our own media address answers; LINE alone fetches from there."""
    has_line = any(one.platform == LINE for city in cities.values() for one in city.accounts.values())
    if settings.media_base_url is None:
        if has_line:
            yield note("media", "media_not_set")
        return
    answer = ask(f"{settings.media_base_url}/media/", settings)
    if answer.error:
        yield wrong("media", "media_unreachable", url=settings.media_base_url, error=answer.error)
    else:
        yield well("media", "media_well", url=settings.media_base_url)


def ask(url: str, settings: Settings) -> Answer:
    """Ask an address for its headers, through the proxy where there is one; any answer will do."""
    context = ssl.create_default_context(cafile=None if settings.ca_file is None else str(settings.ca_file))
    opener = build_opener(HTTPSHandler(context=context), _NoRedirect)
    begun = RealClock().now()
    try:
        with opener.open(Request(url, method="HEAD"), timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - settings allow http and https alone
            return Answer(offset_seconds=_offset(answer.headers.get("Date"), begun))
    except HTTPError as error:
        return Answer(offset_seconds=_offset(error.headers.get("Date"), begun))
    except URLError as error:
        return Answer(error=_name(error.reason))
    except OSError as error:
        return Answer(error=_name(error))


def _vendor(platform: str, answers: Sequence[tuple[str, Answer]]) -> Iterator[Check]:
    silent = [(url, answer) for url, answer in answers if answer.error]
    for url, answer in silent:
        yield wrong("platforms", "vendor_unreachable", platform=platform, host=_host(url), error=answer.error)
    if answers and not silent:
        yield well("platforms", "vendor_well", platform=platform)


def _clock(answers: Sequence[Answer]) -> Iterator[Check]:
    """Compare our clock with the vendors': the nearest of them, since some may be wrong themselves."""
    offsets = [one.offset_seconds for one in answers if one.offset_seconds is not None]
    if not offsets:
        yield note("clock", "clock_unchecked")
        return
    offset = min(offsets, key=abs)
    if abs(offset) > CLOCK_SECONDS:
        yield wrong("clock", "clock_off_vendors", seconds=round(offset))
    else:
        yield well("clock", "clock_well_vendors")


def _offset(date: str | None, begun: datetime) -> float | None:
    if not date:
        return None
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (theirs - begun).total_seconds() if theirs.tzinfo is not None else None


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _name(error: object) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)[:100]
