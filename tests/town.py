"""Kashiwa as a whole, in process: a real SQLite, the real packs, the real plans; what is sent goes nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platforms.drill import DrillPlatform
from platforms.registry import build_platforms
from publisher.api import Act, Decision, DraftForm, PeopleShown
from publisher.compose import build
from publisher.settings import load_settings

if TYPE_CHECKING:
    from publisher.api import CardView, Outcome, Review
    from publisher.compose import Heart

CITIES = Path(__file__).resolve().parents[1] / "chatops/sandbox/cities"
CLERK, CHIEF = "koen_tanaka", "koen_sato"
PR_CLERK, PR_CHIEF = "koho_suzuki", "koho_takahashi"
DUTY = "bosai_ito"
OPEN_TUESDAY = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
"""Tuesday, 1 December 2026, 9:00 in Japan: an open day."""
NIGHT = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
"""Wednesday, 2 December 2026, 3:00 in Japan."""


class StillClock:
    """A clock that stands until a test moves it."""

    is_real = False

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        """Return where it stands."""
        return self.moment


class Town:
    """The city hall, and the short ways to do what people do there."""

    city = "kashiwa"

    def __init__(self, heart: Heart, clock: StillClock) -> None:
        self.heart = heart
        self.clock = clock
        self.services = heart.services
        self._keys = count()

    def act(self, person: str, key: str | None = None) -> Act:
        """Make an act of its own, or one under a given key."""
        return Act(city=self.city, person=person, key=key or f"test:{next(self._keys)}")

    def form(self, text: str = "手賀沼公園の紅葉が見頃です。", **changes: Any) -> DraftForm:
        """Fill in the form of 公園緑地課 for its own account."""
        values = {"section": "koen", "text": text, "accounts": ("kashiwa_koen",), "category": "living"}
        return DraftForm(**(values | changes))

    def save(self, person: str = CLERK, form: DraftForm | None = None) -> Review:
        """Save a new draft."""
        return self.services.drafting.save(self.act(person), form or self.form(), number=None, version=None)

    def submit(self, person: str = CLERK, form: DraftForm | None = None, *, at_opening: bool = False) -> str:
        """Save and submit; return the number."""
        review = self.save(person, form)
        self.hand_in(review, person, at_opening=at_opening)
        return review.number

    def hand_in(self, review: Review, person: str = CLERK, **changes: Any) -> Outcome:
        """Submit a saved draft: every question answered with yes, and nobody in the pictures."""
        values = {
            "number": review.number,
            "version": review.version,
            "at_opening": False,
            "answers": {question.key: True for question in review.questions},
            "people": {one.sha256: PeopleShown.NONE for one in review.form.media},
        } | changes
        act = values.pop("act", None) or self.act(person)
        return self.services.drafting.submit(act, **values)

    def decide(self, person: str, number: str, decision: Decision = Decision.APPROVE, **more: Any) -> Outcome:
        """Decide the newest version, answering every question with yes."""
        card = self.card(number)
        answers = {question.key: True for question in card.questions}
        values = {"version": card.version, "answers": answers} | more
        act = values.pop("act", None) or self.act(person)
        return self.services.approving.decide(act, number=number, decision=decision, **values)

    def card(self, number: str) -> CardView:
        """Return the card."""
        return self.services.board.card(self.city, number)

    def move(self, to: datetime) -> None:
        """Move the clock."""
        self.clock.moment = to

    def wait(self, **how_long: float) -> None:
        """Move the clock on."""
        self.clock.moment += timedelta(**how_long)

    def send(self) -> None:
        """Let the worker send what is due, reposts too."""
        while self.heart.worker.run_due_once():
            pass

    def states(self, number: str) -> dict[tuple[str, str], str]:
        """Return the states of a post's deliveries by account and kind."""
        return {(one.account, one.kind.value): one.state.value for one in self.card(number).deliveries}

    def notices(self) -> list[tuple[str, str | None, str | None]]:
        """Take every notice that waits, as (kind, number, person)."""
        taken = self.services.notices.claim(limit=200)
        for notice in taken:
            self.services.notices.done(notice)
        return [(notice.kind.value, notice.number, notice.person) for notice in taken]


def build_town(
    home: Path,
    now: datetime = OPEN_TUESDAY,
    cities: Path = CITIES,
    *,
    is_drill: bool = True,
    lease_clock: StillClock | None = None,
    **settings: str,
) -> Town:
    """Build the town at a time, from its own city file or a changed one."""
    clock = StillClock(now)
    read = load_settings({"SNS_HOME": str(home), "SNS_CITIES": str(cities)} | settings)
    real = build_platforms(read.endpoints, now=clock.now)
    drills = {name: DrillPlatform(platform, now=clock.now) for name, platform in real.items()}
    heart = build(read, platforms=drills if is_drill else real, clock=clock, lease_clock=lease_clock)
    heart.migrate()
    return Town(heart, clock)


def changed_cities(folder: Path, old: str, new: str) -> Path:
    """Write a folder with Kashiwa's file, once changed; return it."""
    text = (CITIES / "kashiwa.yaml").read_text("utf-8")
    assert old in text, "the example's file has changed"
    cities = folder / "cities"
    cities.mkdir()
    (cities / "kashiwa.yaml").write_text(text.replace(old, new, 1), "utf-8")
    return cities
