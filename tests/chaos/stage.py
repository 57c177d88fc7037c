"""One engine's run, from an empty folder to everything that the judge needs."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops.sandbox.footage import make_film
from platforms.sandbox.app import endpoints_at
from publisher.clock import RealClock
from publisher.compose import build
from publisher.settings import load_settings
from publisher.store.engine import StoreUnavailableError
from tests.chaos.city import city_of, make_secrets, name_city, write_cities
from tests.chaos.crew import CONTEXT, Crew
from tests.chaos.databases import open_engine
from tests.chaos.journal import read_journal
from tests.chaos.ledger import count_unsettled, read_ledger
from tests.chaos.options import LOSS_SECONDS
from tests.chaos.people import People
from tests.chaos.schedule import plan_holds, plan_kills, plan_posts, plan_restarts
from tests.chaos.stand_ins import serve
from tests.chaos.worker import Orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publisher.compose import Heart
    from tests.chaos.databases import Engine
    from tests.chaos.duty import Duty
    from tests.chaos.journal import Journal
    from tests.chaos.ledger import Ledger
    from tests.chaos.options import Options
    from tests.chaos.people import Logbook
    from tests.chaos.schedule import PlannedPost

_SAY_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What is left after a run."""

    posts: list[PlannedPost]
    logbook: Logbook
    duty: Duty
    ledger: Ledger
    journal: Journal
    crew: Crew
    audit: str
    is_audit_whole: bool
    restarts: int
    seconds: float


def play(options: Options, home: Path, say: Callable[[str], None]) -> Played:
    """Run everything in *home*."""
    engine = open_engine(options.engine, home / "postgres")
    ours, theirs = CONTEXT.Pipe()
    stand_ins = CONTEXT.Process(target=serve, args=(theirs, options.seed, options.cities), daemon=True)
    stand_ins.start()
    theirs.close()
    try:
        base_url = f"http://127.0.0.1:{ours.recv()}"
        settings = _settings(options, home, base_url, engine)
        heart = build(load_settings(settings))
        try:
            return _play(options, home, heart, engine, settings, base_url, say)
        finally:
            heart.database.close()
    finally:
        ours.close()
        stand_ins.join(5)
        engine.close()


def _settings(options: Options, home: Path, base_url: str, engine: Engine) -> dict[str, str]:
    write_cities(home / "cities", options.cities)
    at = endpoints_at(base_url)
    settings = {
        "SNS_HOME": str(home),
        "SNS_CITIES": str(home / "cities"),
        "SNS_X_API_URL": at.x,
        "SNS_LINE_API_URL": at.line,
        "SNS_LINE_DATA_API_URL": at.line_data,
        "SNS_FACEBOOK_API_URL": at.facebook,
        "SNS_FACEBOOK_VIDEO_API_URL": at.facebook_video,
        "SNS_YOUTUBE_API_URL": at.youtube,
        "SNS_GOOGLE_TOKEN_URL": at.google_token,
    }
    return settings if engine.url is None else settings | {"SNS_DATABASE_URL": engine.url}


def _play(
    options: Options,
    home: Path,
    heart: Heart,
    engine: Engine,
    settings: dict[str, str],
    base_url: str,
    say: Callable[[str], None],
) -> Played:
    heart.database.migrate()
    heart.shelf.open(heart.database)
    for account, secrets in make_secrets(options.seed, options.cities).items():
        heart.credentials.set(city_of(account), account, secrets, who="chaos")
    posts = plan_posts(options)
    film = home / "film.mp4"
    film.write_bytes(make_film())
    people = People(heart, posts, plan_holds(options, len(posts)), film, RealClock().now)
    orders = Orders(
        settings=settings,
        log=str(home / "workers.log"),
        absence_seconds=options.absence_seconds,
        breaks=options.breaks,
    )
    kills = plan_kills(options, len(posts))
    crew = Crew(orders, kills, options.workers, lambda: people.handed_in, seed=options.seed)
    began = time.monotonic()
    crew.start()
    people.start()
    restarter = _Restarter(engine, plan_restarts(options, len(posts)), lambda: people.handed_in)
    restarter.start()
    try:
        for sentence in _wait(heart, people, crew, began):
            say(sentence)
    finally:
        restarter.stop()
        people.stop()
        crew.stop()
    seconds = time.monotonic() - began
    proofs = [heart.auditing.verify(name_city(number)) for number in range(options.cities)]
    broken = [proof.broken for proof in proofs if proof.broken is not None]
    events = sum(proof.events for proof in proofs)
    said = f"BROKEN at {broken}" if broken else f"{events} events in {len(proofs)} chain(s), all hold"
    return Played(
        posts=posts,
        logbook=people.logbook,
        duty=people.duty,
        ledger=read_ledger(heart.database, options.cities),
        journal=read_journal(base_url),
        crew=crew,
        audit=said,
        is_audit_whole=not broken,
        restarts=restarter.done,
        seconds=seconds,
    )


def _wait(heart: Heart, people: People, crew: Crew, began: float) -> Iterator[str]:
    """Wait until everything is settled, or nothing moves any more; yields a sentence now and then."""
    says_at, moved_at, state = began + _SAY_SECONDS, began, (0, 0)
    while (now := time.monotonic()) - moved_at < LOSS_SECONDS + _SAY_SECONDS:
        time.sleep(0.5)
        with contextlib.suppress(StoreUnavailableError):
            people.waiting, people.backlog = count_unsettled(heart.database)
        if state != (people.waiting, people.handed_in):
            moved_at, state = now, (people.waiting, people.handed_in)
        if people.is_done and not crew.open_kills and not people.waiting:
            return
        if now >= says_at:
            says_at += _SAY_SECONDS
            killed, load = sum(crew.killed.values()), os.getloadavg()[0]
            yield (
                f"  {now - began:.0f} s: {people.handed_in} posts handed in, {people.waiting} deliveries open, "
                f"{killed} kills; load {load:.1f}"
            )


class _Restarter:
    """Stops the database's server in its tracks as planned."""

    def __init__(self, engine: Engine, places: list[int], progress: Callable[[], int]) -> None:
        self._engine = engine
        self._places = places
        self._progress = progress
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="restarts", daemon=True)
        self.done = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; one that is under way is finished."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        for place in self._places:
            while self._progress() < place:
                if self._ended.wait(0.1):
                    return
            self._engine.crash()
            self.done += 1
