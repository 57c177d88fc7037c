"""How long a check by a pack takes: alone, and against a year of posts.

Processor time on one core, so that what else the machine does changes little.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from policy import judge
from policy.errors import PackError
from policy.packs import load_pack, shipped_packs
from policy.past_posts import PastIndex
from policy.wire import action_from_json
from tests.bench.figures import Figure, median_of, p99_of
from tests.town_news import AGAIN, YEAR_START, throw, write_notice, write_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.model import PastPost

PLAIN = (
    "市民文化祭の作品を募集しています。絵画、書道、写真など、どなたでも応募できます。"
    "応募用紙は市役所、公民館、図書館にあります。皆さんの力作をお待ちしています。柏市"
)
"""80 characters, no link."""
CHECKS = 2000
ROUNDS = 5
YEAR = 100_000
ASKED = 1000
SCANNED = 20
SIMILARITY = 90


def measure_policy() -> Iterator[Figure]:
    """Measure every shipped pack that can be read, and the search for repeats."""
    for name in shipped_packs():
        try:
            yield time_plain_check(name)
        except PackError as error:
            sys.stdout.write(f"{name}: not measured, {error}\n")
    yield from time_repeats()


def time_plain_check(name: str) -> Figure:
    """Judge a plain post again and again; the best of five rounds, since the others only had worse luck."""
    pack = load_pack(name)
    _, action, facts = action_from_json({**pack.example, "pack": name, "text": PLAIN})
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(CHECKS):
            judge(pack, action, facts)
        rounds.append((time.process_time() - began) / CHECKS)
    return Figure(
        name=f"check of a plain post, {name}",
        seconds=min(rounds),
        bar_seconds=1 / 10_000,
        note=f"{1 / min(rounds):,.0f} a second",
    )


def time_repeats() -> Iterator[Figure]:
    """Check posts against a year of 100,000 behind an index that each of them joins, and by a plain scan."""
    posts = write_year(YEAR)
    before = _megabytes()
    began = time.process_time()
    index = PastIndex(posts)
    built = time.process_time() - began
    yield Figure(
        name=f"index of {YEAR:,} posts, built once",
        seconds=built,
        note=f"{_megabytes() - before:.0f} MB beside the posts",
    )
    yield from _time_checks(index, posts)
    yield _time_scan(posts)


def _time_checks(index: PastIndex, posts: list[PastPost]) -> Iterator[Figure]:
    pack = load_pack("neutral")
    line = {**pack.example, "pack": "neutral", "at": (YEAR_START + timedelta(days=364)).isoformat()}
    _, action, facts = action_from_json(line)
    facts = replace(facts, past=index)
    dice = throw(2)
    checks, additions = [], []
    for number in range(ASKED):
        text = dice.choice(AGAIN)(dice.choice(posts).text) if number % 2 else write_notice(dice)
        asked = replace(action, text=text)
        began = time.process_time()
        judge(pack, asked, facts)
        checks.append(time.process_time() - began)
        began = time.process_time()
        index.add(replace(posts[-1], at=action.at, text=text))
        additions.append(time.process_time() - began)
    name = f"check against {YEAR:,} posts"
    note = f"p50 {median_of(checks) * 1000:.3f} ms"
    yield Figure(name=f"{name}, p99 of {ASKED}", seconds=p99_of(checks), bar_seconds=0.005, note=note)
    yield Figure(name="  one post more in the index (median)", seconds=median_of(additions))


def _time_scan(posts: list[PastPost]) -> Figure:
    """Compare raw texts one by one, as one would without an index, and without knowing a date from a word."""
    texts = [post.text for post in posts]
    dice = throw(3)
    times = []
    for _ in range(SCANNED):
        text = write_notice(dice)
        began = time.process_time()
        process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=SIMILARITY, limit=None)
        times.append(time.process_time() - began)
    return Figure(name=f"  a plain rapidfuzz scan of them (median of {SCANNED})", seconds=median_of(times))


def _megabytes() -> float:
    """Return the most memory that this process has had; macOS counts it in bytes, Linux in kibibytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)
