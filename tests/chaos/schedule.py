"""What a seed decides: the posts with their texts and times, the kills with their points, the database's restarts."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.chaos.city import COUNTS, MIRRORED, REPORTING, name_account, name_city
from tests.chaos.options import POINTS

if TYPE_CHECKING:
    from tests.chaos.options import Options

MARK: Final = re.compile(r"zq[a-z]{6}q")
"""What makes each text one of its own. Plain letters, which every encoding on the wire leaves as they are."""
VIDEO_SHARE: Final = 0.04
CANCEL_SHARE: Final = 0.02
_POSTS_AN_EVENT: Final = 40
"""How many posts there are for each event with its two reports."""
_POSTS_A_HOLD: Final = 200
"""How many posts there are for each hold of a city."""
OUTSIDE: Final = "outside"
"""Killed from outside, wherever the process stands."""
_RARE: Final = frozenset({"checkpoint", "looked"})
"""Points that few deliveries pass: their turn comes first."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_PLACES: Final = (
    "中央図書館",
    "市民ホール",
    "南公園",
    "駅前広場",
    "保健センター",
    "青少年会館",
    "河川敷運動場",
    "西児童館",
)
_NEWS: Final = (
    "の開館時間を変更します",
    "で市民講座を開きます",
    "の工事が始まります",
    "で清掃活動を行います",
    "の駐車場が使えません",
    "で展示会を開催します",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPost:
    """One post: a text of its own for some accounts."""

    mark: str
    text: str
    city: str
    accounts: tuple[str, ...]
    at_seconds: float
    """When it is handed in, counted from the beginning; later where too much waits."""
    has_video: bool
    is_cancelled: bool
    """Somebody cancels it right after it was handed in."""
    is_report: bool = False
    """The duty officer sends it at once, as a report of an event."""
    follows: str | None = None
    """The mark of the older report whose place it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHold:
    """A city's routine is held for a while."""

    key: str
    city: str
    after_posts: int
    until_posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedKill:
    """One process is to die."""

    after_posts: int
    """Once so many posts were handed in: a slow machine has its kills later."""
    slot: int
    """Which of the worker processes."""
    point: str
    """A labelled point, or `OUTSIDE`."""


def plan_posts(options: Options) -> list[PlannedPost]:
    """Plan posts until they make as many deliveries as asked for, reposts included."""
    draw = random.Random(f"{options.seed}:posts")  # noqa: S311 - chance, no secret
    posts: list[PlannedPost] = []
    count = 0
    while count < options.deliveries:
        if len(posts) % _POSTS_AN_EVENT == _POSTS_AN_EVENT // 2:
            pair = _plan_event(draw, len(posts), options)
            posts += pair
            count += sum(len(post.accounts) for post in pair)
        has_video = draw.random() < VIDEO_SHARE
        city = name_city(draw.randrange(options.cities))
        places = {"youtube": 0} if has_video else _pick(draw)
        accounts = tuple(name_account(city, platform, index) for platform, index in places.items())
        mark = _mark(len(posts), options.seed)
        text = f"{draw.choice(_PLACES)}{draw.choice(_NEWS)} {mark}"
        is_cancelled = draw.random() < CANCEL_SHARE
        posts.append(
            PlannedPost(
                mark=mark,
                text=text,
                city=city,
                accounts=accounts,
                at_seconds=0.0,
                has_video=has_video,
                is_cancelled=is_cancelled,
            )
        )
        count += len(accounts) + (places.get("x") in MIRRORED)
    times = sorted(draw.uniform(0.0, options.load_seconds) for _ in posts)
    return [replace(post, at_seconds=seconds) for post, seconds in zip(posts, times, strict=True)]


def _plan_event(draw: random.Random, number: int, options: Options) -> list[PlannedPost]:
    """Plan two reports of one event, the second right after the first: it takes the place of what is not out yet."""
    city = name_city(draw.randrange(options.cities))
    place = draw.choice(_PLACES)
    accounts = tuple(name_account(city, platform, 0) for platform in REPORTING)
    marks = [_mark(number, options.seed), _mark(number + 1, options.seed)]
    return [
        PlannedPost(
            mark=mark,
            text=f"{place}に避難所を開きました {mark}",
            city=city,
            accounts=accounts,
            at_seconds=0.0,
            has_video=False,
            is_cancelled=False,
            is_report=True,
            follows=follows,
        )
        for mark, follows in zip(marks, [None, marks[0]], strict=True)
    ]


def plan_holds(options: Options, posts: int) -> list[PlannedHold]:
    """Hold one city after the other, each for as long as some posts take to be handed in."""
    if options.breaks:
        return []  # under a hold even a ledger that guesses repeats nothing
    draw = random.Random(f"{options.seed}:holds")  # noqa: S311 - chance, no secret
    begins = range(_POSTS_A_HOLD // 20, posts - 1, _POSTS_A_HOLD)
    return [
        PlannedHold(
            key=f"{options.seed}:{number}",
            city=name_city(draw.randrange(options.cities)),
            after_posts=begin,
            until_posts=min(begin + max(3, min(_POSTS_A_HOLD, posts) // 5), posts - 1),
        )
        for number, begin in enumerate(begins)
    ]


def _pick(draw: random.Random) -> dict[str, int]:
    """Pick one X account, and mostly one on LINE and on Facebook; by platform, its number."""
    chosen = {"x": draw.randrange(COUNTS["x"])}
    if draw.random() < 0.95:
        chosen["line"] = draw.randrange(COUNTS["line"])
    if draw.random() < 0.9:
        chosen["facebook"] = draw.randrange(COUNTS["facebook"])
    return chosen


def _mark(number: int, seed: int) -> str:
    letters = []
    left = (number * 7919 + seed * 104729) % len(_LETTERS) ** 6
    for _ in range(6):
        left, digit = divmod(left, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return f"zq{''.join(letters)}q"


def plan_kills(options: Options, posts: int) -> list[PlannedKill]:
    """Spread the kills over *posts*; each labelled point comes up in turn, and every fourth or so from outside."""
    draw = random.Random(f"{options.seed}:kills")  # noqa: S311 - chance, no secret
    points = [*sorted(POINTS, key=lambda point: point not in _RARE), OUTSIDE, OUTSIDE]
    last = max(1, posts * 9 // 10)  # with enough still to come that every point comes by again
    places = sorted(draw.randrange(last) for _ in range(options.kills))
    return [
        PlannedKill(after_posts=place, slot=draw.randrange(options.workers), point=points[number % len(points)])
        for number, place in enumerate(places)
    ]


def plan_restarts(options: Options, posts: int) -> list[int]:
    """Spread the database's restarts over *posts*."""
    draw = random.Random(f"{options.seed}:restarts")  # noqa: S311 - chance, no secret
    return sorted(draw.randrange(posts) for _ in range(options.restarts))
