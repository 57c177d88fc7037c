"""What people do meanwhile: hand posts in, cancel some, renew what expired, and answer questions that are theirs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.api import Act, Answer, DraftForm, PeopleShown
from publisher.api.drafts import MediaChoice
from publisher.errors import Refusal
from publisher.store import tables
from publisher.store.engine import StoreUnavailableError
from tests.chaos.city import PERSON, SECTION, city_of
from tests.chaos.duty import Duty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from publisher.compose import Heart
    from tests.chaos.duty import Held
    from tests.chaos.schedule import PlannedHold, PlannedPost

NEEDS_RENEWAL: Final = frozenset({"token_refused"})
"""What a person is asked because a token expired, and not because anybody is in doubt."""
_MOST_WAITING: Final = 60
"""Nobody hands more in while so many deliveries want to be sent: a slow machine takes longer, and nothing else."""


@dataclass(slots=True)
class Logbook:
    """What people did, for the judge."""

    handed_in: dict[str, str] = field(default_factory=dict)
    """Number by mark: the ledger said that it is approved."""
    reports: set[str] = field(default_factory=set)
    """The marks of reports of an event: they pass every hold."""
    cancelled: dict[str, datetime] = field(default_factory=dict)
    """By mark: when the ledger had answered that what has not gone out will not."""
    under_way: dict[str, str] = field(default_factory=dict)
    """By mark: the accounts that the answer named as under way."""
    replaced: dict[str, datetime] = field(default_factory=dict)
    """By mark: when the ledger had answered that a newer report takes its place."""
    holds: list[Held] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    renewed: int = 0


class People:
    """Does everything through the services, as Slack does, with an act's own key for each: repeating is harmless."""

    def __init__(
        self,
        heart: Heart,
        posts: Sequence[PlannedPost],
        holds: Sequence[PlannedHold],
        video: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._heart = heart
        self._services = heart.services
        self._posts = posts
        self._holds = holds
        self._clock = clock
        for city in sorted({post.city for post in posts}):
            self._video = self._services.drafting.add_media(city, video, "film.mp4").sha256
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=work.__name__, daemon=True) for work in (self._hand_in_all, self._answer)
        ]
        self.duty = Duty(heart, clock)
        self.logbook = Logbook(holds=self.duty.holds, replaced=self.duty.replaced)
        self.handed_in = 0
        """How many posts were handed in, or tried to."""
        self.waiting = 0
        """How many deliveries are open, as was last seen."""
        self.backlog = 0
        """How many of these want to be sent."""

    def start(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    @property
    def is_done(self) -> bool:
        """Tell whether every post was handed in."""
        return not self._threads[0].is_alive()

    def stop(self) -> None:
        """Do nothing more."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _hand_in_all(self) -> None:
        for number, post in enumerate(self._posts):
            self.handed_in = number
            self._ended.wait(max(0.0, self._began + post.at_seconds - time.monotonic()))
            while self.backlog > _MOST_WAITING and not self._ended.wait(0.1):
                pass
            if self._ended.is_set():
                return
            try:
                self._hold_and_resume(number)
                self._insist(lambda post=post: (self._report if post.is_report else self._hand_in)(post))
                if post.is_cancelled:
                    self._insist(lambda post=post: self._cancel(post))
            except Refusal as refusal:
                self.logbook.refused.append(f"{post.mark}: {refusal.code} {refusal.params}")

    def _hold_and_resume(self, number: int) -> None:
        for hold in self._holds:
            if hold.after_posts == number:
                self._insist(lambda hold=hold: self.duty.hold(hold))
            if hold.until_posts == number:
                self._insist(lambda hold=hold: self.duty.resume(hold))

    def _report(self, post: PlannedPost) -> None:
        self.logbook.reports.add(post.mark)
        self.logbook.handed_in[post.mark] = self.duty.report(post)

    def _insist(self, work: Callable[[], None]) -> None:
        """Try again while the database is away, as a person would."""
        while True:
            try:
                work()
            except StoreUnavailableError:
                if self._ended.wait(0.3):
                    return
            else:
                return

    def _hand_in(self, post: PlannedPost) -> None:
        media = (MediaChoice(sha256=self._video),) if post.has_video else ()
        form = DraftForm(
            section=SECTION,
            text=post.text,
            accounts=post.accounts,
            category="living",
            titles={"youtube": post.text} if post.has_video else {},
            media=media,
        )
        drafting = self._services.drafting
        review = drafting.save(self._act(post.city, f"{post.mark}:save"), form, number=None, version=None)
        outcome = drafting.submit(
            self._act(post.city, f"{post.mark}:submit"),
            number=review.number,
            version=review.version,
            at_opening=False,
            answers={question.key: True for question in review.questions},
            people={one.sha256: PeopleShown.NONE for one in media},
        )
        if outcome.code != "approved_by_rule":
            self.logbook.refused.append(f"{post.mark}: {outcome.code}")
            return
        self.logbook.handed_in[post.mark] = review.number

    def _cancel(self, post: PlannedPost) -> None:
        number = self.logbook.handed_in.get(post.mark)
        if number is None:
            return
        outcome = self._services.deciding.cancel(
            self._act(post.city, f"{post.mark}:cancel"), number=number, reason="日程変更"
        )
        if outcome.code == "cancelled":
            self.logbook.under_way[post.mark] = str(outcome.params.get("under_way", ""))
            self.logbook.cancelled[post.mark] = self._clock()

    def _answer(self) -> None:
        """Renew what expired and let go on what waited for it; whether a post is there nobody finds the time to say."""
        while not self._ended.wait(1.0):
            try:
                self.duty.triage()
                waiting = self._waiting_for_renewal()
                for account in sorted({account for _, account in waiting}):
                    self._renew(account)
                for delivery, account in waiting:
                    act = self._act(city_of(account), f"{delivery}:renewed:{time.monotonic_ns()}")
                    self._services.deciding.answer(act, delivery=delivery, answer=Answer.SEND)
            except (StoreUnavailableError, Refusal):
                continue

    def _renew(self, account: str) -> None:
        credentials, city = self._heart.credentials, city_of(account)
        credentials.set(city, account, credentials.get(city, account), who=PERSON)
        self.logbook.renewed += 1

    def _waiting_for_renewal(self) -> list[tuple[str, str]]:
        table = tables.deliveries
        query = sa.select(table.c.id, table.c.account, table.c.problem).where(table.c.state == "asked")
        with self._heart.database.reading() as tx:
            rows = tx.execute(query).all()
        return [(row.id, row.account) for row in rows if (row.problem or {}).get("code") in NEEDS_RENEWAL]

    @staticmethod
    def _act(city: str, key: str) -> Act:
        return Act(city=city, person=PERSON, key=f"chaos:{key}")
