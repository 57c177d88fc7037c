"""Processor time and lateness of deliveries through the real SDKs, beside the same calls by the bare SDKs in a loop.

The whole way is gone: claim, prepare, last check, attempt, call, settle; on SQLite, with the real packs, a worker with
its threads, and the stand-ins in another process. Only this process's own processor time is counted.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
import urllib.request
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
import sqlalchemy as sa
from ruamel.yaml import YAML

from chatops.sandbox.stage import make_secrets
from platforms.port import AccountRef, Media, MediaKind, Message
from platforms.registry import import_sdks
from platforms.sandbox.app import endpoints_at
from publisher.api import Act, Decision, DraftForm, MediaChoice, PeopleShown
from publisher.compose import build
from publisher.delivery import DeliveryState
from publisher.ledger.pace import TURN_SECONDS
from publisher.settings import load_settings
from publisher.store import tables
from tests.bench.bare import Client, call_facebook, call_line, call_x, call_youtube
from tests.bench.figures import Figure, median_of, p99_of
from tests.bench.posts import write_post
from tests.bench.vendors import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from platforms.port import Plan
    from publisher.compose import Heart

CITIES = Path(__file__).resolve().parents[2] / "chatops/sandbox/cities"
OPEN_TUESDAY = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
"""Tuesday, 1 December 2026, 9:30 in Japan: the counters are open for hours yet."""
BAR_SECONDS = 0.000_4
ROUND = 25
"""Deliveries a round on one account."""
SPREAD = 100
"""Deliveries a round on as many accounts."""
ROUNDS = 3
AT_ONCE = 1_000
"""Posts due in the same second, over all platforms."""
AHEAD = timedelta(minutes=5)
"""How far ahead posts are planned: they are written and approved meanwhile, and then the clock is moved."""
PATIENCE_SECONDS = 600.0
LOOK_SECONDS = 0.5
"""How often it is looked whether all has arrived: looking costs processor time too."""
WARM = 3
"""Calls that nobody times: imports, the first connection, the first access token."""
ACCOUNTS = {"x": "kashiwa_shi", "line": "kashiwa_line", "facebook": "kashiwa_facebook", "youtube": "kashiwa_youtube"}
"""One a platform: its calls come after one another, a few at a time, as its vendor wants it."""
CITY, WRITER, CHIEF = "kashiwa", "koho_suzuki", "koho_takahashi"


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
        for number in range(1, SPREAD):
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


def time_deliveries(hall: Hall, platform: str, *, is_spread: bool) -> float:
    """Return the processor time of one delivery, the best of some rounds of posts due in the same second.

    All on one account, or where it *is spread* each on its own. Timed from shortly before they are due.
    """
    count = SPREAD if is_spread else ROUND
    hall.lay(platform, WARM)
    hall.wait_until_sent()
    best = float("inf")
    for _ in range(ROUNDS):
        due_at = hall.clock.now().replace(microsecond=0) + AHEAD
        hall.lay(platform, count, publish_at=due_at, is_spread=is_spread)
        hall.go_to(due_at - timedelta(seconds=1))
        time.sleep(0.9)  # so that what a process costs that waits is not counted
        began = time.process_time()
        hall.wait_until_sent()
        best = min(best, (time.process_time() - began) / count)
        if len(hall.arrivals(platform, due_at)) != count:
            raise SystemExit(f"{platform}: not each of {count} arrived once, and none before its time")
    return best


def time_bare(hall: Hall, platform: str, *, is_spread: bool) -> float:
    """Return the processor time of the same calls by the bare SDK, the best of some rounds.

    All by one account's client over the connection that it keeps, as deliveries on one account have it; or where it
    *is spread* each by the client of an account of its own, which has published before (so that its access token is
    there) and connects anew, as deliveries on as many accounts have it: the posts of an account are hours apart.
    """
    count = SPREAD if is_spread else ROUND
    at = endpoints_at(hall.base_url)
    builders: dict[str, Callable[..., Client]] = {
        "x": call_x,
        "line": call_line,
        "facebook": call_facebook,
        "youtube": lambda *args: call_youtube(*args, hall.film),
    }
    accounts = hall.heart.cities[CITY].accounts
    keys = [account_of(platform, number if is_spread else 0) for number in range(count)]
    clients = {key: builders[platform](at, hall.secrets[key], accounts[key].id) for key in keys}
    for client in clients.values():
        for _ in range(WARM):
            client.call(hall.text())
    best = float("inf")
    for _ in range(ROUNDS):
        for client in clients.values() if is_spread else ():
            client.hang_up()
        texts = [hall.text() for _ in range(count)]
        began = time.process_time()
        for key, text in zip(keys, texts, strict=True):
            clients[key].call(text)
        best = min(best, (time.process_time() - began) / count)
    for client in clients.values():
        client.hang_up()
    return best


def time_adapter(hall: Hall, platform: str) -> float:
    """Return the processor time of binding the account and publishing through our adapter, without the ledger."""
    own, key = hall.heart.platforms[platform], ACCOUNTS[platform]
    account = hall.heart.cities[CITY].accounts[key]
    ref = AccountRef(key=key, handle=account.handle, external_id=account.id)
    media = (film_of(hall.film),) if platform == "youtube" else ()

    def call(plan: Plan) -> None:
        session = own.connect(ref, hall.secrets[key])
        session.publish(plan, key=str(uuid.uuid4()), resume=None, checkpoint=lambda _token: None)

    best = float("inf")
    for count in (WARM, *[ROUND] * ROUNDS):
        plans = [own.plan(Message(text=hall.text(), title="会見" if media else "", media=media)) for _ in range(count)]
        began = time.process_time()
        for plan in plans:
            call(plan)
        if count == ROUND:
            best = min(best, (time.process_time() - began) / ROUND)
    return best


def film_of(path: Path) -> Media:
    """Describe the film as the media store would."""
    size = path.stat().st_size
    facts = {"width_px": 64, "height_px": 48, "duration_seconds": 1.0}
    return Media(kind=MediaKind.VIDEO, path=path, sha256="0" * 64, mime="video/mp4", size_bytes=size, **facts)


def measure_sdks() -> Iterator[Figure]:
    """Compare, platform by platform: the adapter alone, and the whole way."""
    import_sdks()
    with open_hall() as hall:
        for platform in ACCOUNTS:
            kept, adapter = time_bare(hall, platform, is_spread=False), time_adapter(hall, platform)
            note = f"adapter {adapter * 1000:.2f} ms, bare SDK {kept * 1000:.2f} ms"
            yield Figure(name=f"adapter above the bare SDK, {platform}", seconds=adapter - kept, note=note)
            for is_spread in (True, False):
                ours = time_deliveries(hall, platform, is_spread=is_spread)
                note = f"delivery {ours * 1000:.2f} ms, bare SDK {kept * 1000:.2f} ms"
                bare = kept
                if is_spread:
                    bare = time_bare(hall, platform, is_spread=True)
                    note = f"{note} over one kept connection, {bare * 1000:.2f} ms over as many new ones"
                where = f"on {SPREAD} accounts at once" if is_spread else f"{ROUND} on one account"
                yield Figure(
                    name=f"processor time above the bare SDK, {platform}, {where}",
                    seconds=ours - bare,
                    bar_seconds=BAR_SECONDS,
                    note=note,
                )


def measure_lateness() -> Iterator[Figure]:
    """Let as many posts as a busy noon has be due in the same second, on one account a platform."""
    with open_hall() as hall:
        for platform in ACCOUNTS:
            hall.lay(platform, WARM)
        hall.wait_until_sent()
        due_at = hall.clock.now().replace(microsecond=0) + AHEAD
        for platform in ACCOUNTS:
            hall.lay(platform, AT_ONCE // len(ACCOUNTS), publish_at=due_at)
        hall.go_to(due_at - timedelta(seconds=1))
        hall.wait_until_sent()
        for platform in ACCOUNTS:
            late = sorted(hall.arrivals(platform, due_at))
            note = f"p50 {median_of(late):.2f} s, worst {late[-1]:.2f} s, as the stand-in took them"
            name = f"due to request, p99 of {len(late)} at once, {platform}"
            yield Figure(name=name, seconds=p99_of(late), note=note)


if __name__ == "__main__":
    for figure in chain(measure_sdks(), measure_lateness()):
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
