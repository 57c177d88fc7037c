"""A city hall with a hundred accounts a platform on the stand-ins, for benchmarks of the whole way."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import av
import sqlalchemy as sa
from ruamel.yaml import YAML

from chatops.sandbox.stage import make_secrets
from platforms.port import Media, MediaKind
from platforms.sandbox.app import endpoints_at
from publisher.api import Act, Decision, DraftForm, MediaChoice, PeopleShown
from publisher.compose import build
from publisher.delivery import DeliveryState
from publisher.ledger.pace import TURN_SECONDS
from publisher.settings import load_settings
from publisher.store import tables
from tests.bench.posts import write_post
from tests.bench.vendors import stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.compose import Heart

CITIES = Path(__file__).resolve().parents[2] / "chatops/sandbox/cities"
OPEN_TUESDAY = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
"""Tuesday, 1 December 2026, 9:30 in Japan: the counters are open for hours yet."""
ACCOUNTS_EACH = 100
"""Accounts of each platform."""
ACCOUNTS = {"x": "kashiwa_shi", "line": "kashiwa_line", "facebook": "kashiwa_facebook", "youtube": "kashiwa_youtube"}
"""One a platform: its calls come after one another, a few at a time, as its vendor wants it."""
CITY, WRITER, CHIEF = "kashiwa", "koho_suzuki", "koho_takahashi"
LOOK_SECONDS = 0.5
"""How often it is looked whether all has arrived: looking costs processor time too."""
PATIENCE_SECONDS = 600.0


class SteppingClock:
    """The operating system's time, moved by what is set."""

    is_real = False

    def __init__(self, now: datetime) -> None:
        self.ahead = now - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC) + self.ahead


class Hall:
    """The city hall with its accounts on the stand-ins."""

    def __init__(
        self,
        heart: Heart,
        clock: SteppingClock,
        film: Path,
        base_url: str,
        secrets: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.heart = heart
        self.clock = clock
        self._first_ahead = clock.ahead
        self.film = film
        self.base_url = base_url
        self.secrets = secrets
        self._media = heart.services.drafting.add_media(CITY, film, "film.mp4")
        self._draw = random.Random(4)  # noqa: S311 - the same posts in every run
        self._acts = 0

    def text(self) -> str:
        """Write a post."""
        return write_post(self._draw)

    def lay(self, platform: str, count: int, *, publish_at: datetime | None = None, is_spread: bool = False) -> None:
        """Write, submit and approve *count* posts, for a time or to be sent at once.

        They are for the platform's account; where it *is spread*, for as many accounts, one each.
        """
        for number in range(count):
            media = (MediaChoice(sha256=self._media.sha256),) if platform == "youtube" else ()
            form = DraftForm(
                section="koho",
                text=self.text(),
                titles={"youtube": "会見"} if media else {},
                accounts=(account_of(platform, number if is_spread else 0),),
                category="living",
                media=media,
                publish_at=publish_at,
            )
            services = self.heart.services
            review = services.drafting.save(self._act(WRITER), form, number=None, version=None)
            answers = {question.key: True for question in review.questions}
            people = {one.sha256: PeopleShown.NONE.value for one in review.form.media}
            services.drafting.submit(
                self._act(WRITER),
                number=review.number,
                version=review.version,
                at_opening=False,
                answers=answers,
                people=people,
            )
            card = services.board.card(CITY, review.number)
            answers = {question.key: True for question in card.questions}
            services.approving.decide(
                self._act(CHIEF),
                number=review.number,
                decision=Decision.APPROVE,
                version=card.version,
                answers=answers,
            )

    def _act(self, person: str) -> Act:
        self._acts += 1
        return Act(city=CITY, person=person, key=f"bench:{self._acts}")

    def waiting(self) -> int:
        """Count the deliveries that have not arrived."""
        counted = sa.select(sa.func.count()).where(tables.deliveries.c.state != DeliveryState.SENT)
        with self.heart.database.reading() as tx:
            found: int = tx.execute(counted).scalar_one()
            return found

    def wait_until_sent(self) -> None:
        """Wait until everything has arrived."""
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while left := self.waiting():
            if time.monotonic() > ends_at:
                raise SystemExit(f"{left} deliveries did not arrive")
            time.sleep(LOOK_SECONDS)

    def go_to(self, moment: datetime) -> None:
        """Move the clock to a moment, as if the time until then had passed."""
        self.clock.ahead = moment - datetime.now(UTC)
        self.heart.worker.wake()

    def arrivals(self, platform: str, since: datetime) -> list[float]:
        """Return how long after *since* each publication reached the stand-in, in seconds by one clock."""
        verb = "update" if platform == "youtube" else "publish"  # the call that makes it visible
        with urllib.request.urlopen(f"{self.base_url}/_sandbox/journal?vendor={platform}&verb={verb}") as answer:
            taken = [entry for entry in json.load(answer) if entry["outcome"] == "accepted"]
        jumped = self.clock.ahead - self._first_ahead
        late = [(datetime.fromisoformat(one["at"]) + jumped - since).total_seconds() for one in taken]
        return [each for each in late if each >= 0]


@contextmanager
def open_hall(database_url: str | None = None) -> Iterator[Hall]:
    """Build the process, its database, and the stand-ins in another one."""
    sys.setswitchinterval(TURN_SECONDS)  # as `sns serve` does
    clock = SteppingClock(OPEN_TUESDAY)
    with tempfile.TemporaryDirectory(prefix="kairan-bench-sdks-") as folder:
        home = Path(folder)
        film = make_film(home / "film.mp4")
        cities = lay_cities(home / "cities")
        read = load_settings({"SNS_HOME": str(home), "SNS_CITIES": str(cities)})
        probe = build(read, clock=clock)
        accounts = probe.cities[CITY].accounts
        secrets = {key: make_secrets(one.platform, one.id) for key, one in accounts.items()}
        probe.database.close()
        opened = [
            {"vendor": one.platform, "handle": one.handle, "external_id": one.id, "secrets": secrets[key]}
            for key, one in accounts.items()
        ]
        with stand_ins(opened, clock.ahead.total_seconds()) as base_url:
            names = {"x": "X", "line": "LINE", "line_data": "LINE_DATA", "facebook": "FACEBOOK", "youtube": "YOUTUBE"}
            names |= {"facebook_video": "FACEBOOK_VIDEO"}
            at = endpoints_at(base_url)
            settings = {f"SNS_{name}_API_URL": getattr(at, field) for field, name in names.items()}
            settings |= {"SNS_GOOGLE_TOKEN_URL": at.google_token, "SNS_HOME": str(home), "SNS_CITIES": str(cities)}
            settings |= {"SNS_DATABASE_URL": database_url} if database_url else {}
            heart = build(load_settings(settings), clock=clock)
            heart.migrate()
            heart.shelf.open(heart.database)
            for key, fields in secrets.items():
                heart.credentials.set(CITY, key, fields, who="bench")
            heart.worker.start()
            try:
                yield Hall(heart, clock, film, base_url, secrets)
            finally:
                heart.stop()


def account_of(platform: str, number: int) -> str:
    """Name an account of a platform: the one that the city has, or one that is like it."""
    return f"{ACCOUNTS[platform]}{number}" if number else ACCOUNTS[platform]


def lay_cities(folder: Path) -> Path:
    """Write the city, with more accounts, whose calls are not counted: no vendor allows so many posts at once."""
    yaml = YAML(typ="safe")
    city = yaml.load((CITIES / f"{CITY}.yaml").read_text("utf-8"))
    for platform, first in ACCOUNTS.items():
        like = {name: value for name, value in city["accounts"][first].items() if name not in {"mirrors", "emergency"}}
        for number in range(1, ACCOUNTS_EACH):
            own = {name: f"{like[name]}{number}" for name in ("handle", "id") if name in like}
            city["accounts"][account_of(platform, number)] = like | own
    for account in city["accounts"].values():
        account["budget"] = {"calls": []}
    folder.mkdir()
    with (folder / f"{CITY}.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(city, file)
    return folder


def make_film(path: Path) -> Path:
    """Encode a second of grey."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode())
    return path


def film_of(path: Path) -> Media:
    """Describe the film as the media store would."""
    size = path.stat().st_size
    facts = {"width_px": 64, "height_px": 48, "duration_seconds": 1.0}
    return Media(kind=MediaKind.VIDEO, path=path, sha256="0" * 64, mime="video/mp4", size_bytes=size, **facts)
