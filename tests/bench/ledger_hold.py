"""How soon `/sns hold` answers in a thick of deliveries: calls under way by the thousand, others opened all the time.

The first answer says that from now on nothing is begun. `python -m tests.bench.ledger_hold` prints its figure alone.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from platforms.drill import DrillPlatform
from platforms.port import Limits
from platforms.registry import build_platforms
from publisher.api import Act
from publisher.clock import RealClock
from publisher.compose import build
from publisher.ledger import Pace, Worker
from publisher.settings import load_settings
from tests.bench.figures import Figure
from tests.bench.ledger_ground import PLATFORM, Nothing, address_of, fresh_database, lay, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from platforms.port import Plan, Receipt
    from publisher.compose import Heart

UNDER_WAY = 1000
"""Calls that the platform has taken and not answered when the order comes."""
STREAMING = 40
"""Slots beside them in which calls are opened and answered all the time."""
BEHIND = 20_000
"""Due deliveries that the stream has not reached yet: it must not run dry."""
ROUNDS = 3
PATIENCE_SECONDS = 120.0
CITY, DUTY = "city_0", "bosai_ito"
EXAMPLE = Path(__file__).resolve().parents[2] / "chatops/sandbox/cities/kashiwa.yaml"


@dataclass(slots=True)
class Slow(Nothing):
    """Keeps the first calls waiting until it is told to go on, and answers the others at once."""

    go_on: threading.Event = field(default_factory=threading.Event)
    taken: int = 0
    answered: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)

    def limits(self, platform: str) -> Limits:  # noqa: ARG002 - the port's signature
        """Let that many calls be under way, and end none for its slowness."""
        concurrency = UNDER_WAY + STREAMING
        return Limits(
            capabilities=frozenset(), absence=None, max_images=4, concurrency=concurrency, timeout_seconds=600.0
        )

    def publish(self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]) -> Receipt:
        """Take the call."""
        with self.counting:
            self.taken += 1
            waits = self.taken <= UNDER_WAY
        if waits:
            self.go_on.wait(PATIENCE_SECONDS)
        with self.counting:
            self.answered += 1
        return Nothing.publish(self, plan, key=key, resume=resume, checkpoint=checkpoint)


def measure_hold(address: str) -> Iterator[Figure]:
    """Measure from the order to the first answer, on PostgreSQL."""
    found = [time_hold(address) for _ in range(ROUNDS)]
    worst = max(seconds for seconds, _ in found)
    note = f"named as under way: {min(named for _, named in found):,} and more"
    name = f"first answer of sns hold, {UNDER_WAY:,} under way, worst of {ROUNDS}"
    yield Figure(name=name, seconds=worst, bar_seconds=1.0, note=note)


def time_hold(address: str) -> tuple[float, int]:
    """Return how long the first answer took, and how many deliveries it names as under way."""
    with fresh_database(address) as named, tempfile.TemporaryDirectory(prefix="kairan-bench-hold-") as folder:
        heart = _heart(Path(folder), named)
        slow = Slow()
        pace = Pace(lane_slots=UNDER_WAY + STREAMING)
        worker = Worker(heart.database, slow, platforms=[PLATFORM], pace=pace)
        try:
            heart.database.migrate()
            plain = address_of(heart.database, address)
            lay(plain, UNDER_WAY + BEHIND, cities=1, due_at=slow.clock.now())
            worker.start()
            _wait_for(lambda: slow.taken >= UNDER_WAY + STREAMING and slow.answered > 0)
            began = time.perf_counter()
            outcome = heart.services.holding.hold(Act(city=CITY, person=DUTY, key="bench:hold"), reason="大雨警報")
            took = time.perf_counter() - began
            count = int(outcome.params.get("count", 0))
            if count < UNDER_WAY or slow.taken >= UNDER_WAY + BEHIND:
                raise SystemExit(f"the hold named {count} deliveries, after {slow.taken} calls: this measures nothing")
        finally:
            slow.go_on.set()
            worker.stop(PATIENCE_SECONDS)
            heart.database.close()
    return took, count


def _heart(folder: Path, address: str) -> Heart:
    """Compose the product for one city, with platforms that are never called."""
    cities = folder / "cities"
    cities.mkdir()
    example = EXAMPLE.read_text("utf-8").replace("city: kashiwa\n", f"city: {CITY}\n", 1)
    (cities / f"{CITY}.yaml").write_text(example, "utf-8")
    settings = load_settings({"SNS_HOME": str(folder / "var"), "SNS_CITIES": str(cities), "SNS_DATABASE_URL": address})
    clock = RealClock()
    platforms = build_platforms(settings.endpoints, now=clock.now)
    drills = {name: DrillPlatform(platform, now=clock.now) for name, platform in platforms.items()}
    return build(settings, platforms=drills, clock=clock)


def _wait_for(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE_SECONDS * 50)):
        if is_so():
            return
        pause.wait(0.02)
    raise SystemExit("the calls did not get under way")


def main() -> None:
    """Print the figure."""
    with server() as address:
        for figure in measure_hold(address):
            sys.stdout.write(f"{figure}\n")


if __name__ == "__main__":
    main()
