"""Evidence before a deletion, and deletions in doubt: the city hall as a whole."""

# ruff: noqa: ARG002 - the fakes have the ports' signatures

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, build_town

from platforms.drill import RepostingDrillSession
from platforms.errors import PerhapsSent, Rejected
from platforms.port import Found, Measured
from publisher.api import Answer, CorrectionOrder, DeliveryState
from publisher.store import evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from town import Town

    from platforms.port import AccountRef, Finding, Limits, Message, Pending, Plan, Platform, Receipt
    from publisher.store.evidence import Evidence

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

SHOWN = "手賀沼公園の紅葉が見頃です。 https://t.co/abc"


class Watched:
    """X as a drill plays it, with figures of its own; it can be ordered to fail."""

    def __init__(self, drill: Platform, *, now: Callable[[], datetime]) -> None:
        self._drill = drill
        self.now = now
        self.name = drill.name
        self.limits: Limits = drill.limits
        self.secret_fields = drill.secret_fields
        self.calls: list[str] = []
        self.measure_fault: Exception | None = None
        self.delete_faults: list[Exception] = []
        self.publish_faults: list[Exception] = []

    def plan(self, message: Message) -> Plan:
        """Plan as the real one does."""
        return self._drill.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> WatchedSession:
        """Bind the account."""
        return WatchedSession(self, account)


class WatchedSession(RepostingDrillSession):
    """One account of it."""

    def __init__(self, platform: Watched, account: AccountRef) -> None:
        super().__init__(platform.name, account, now=platform.now)
        self._of = platform

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Publish, then fail where ordered."""
        receipt = super().publish(plan, key=key, resume=resume, checkpoint=checkpoint)
        if self._of.publish_faults:
            raise self._of.publish_faults.pop(0)
        return receipt

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Finding:
        """Find it always."""
        return Found(receipt=self._receipt(key, plan.text))

    def measure(self, external_id: str) -> Measured:
        """Read it back with its figures, or fail."""
        self._of.calls.append("measure")
        if self._of.measure_fault is not None:
            raise self._of.measure_fault
        return Measured(text=SHOWN, figures={"likes": 3, "views": 120}, at=self._of.now())

    def delete(self, external_id: str) -> Receipt:
        """Delete, or fail."""
        self._of.calls.append("delete")
        if self._of.delete_faults:
            raise self._of.delete_faults.pop(0)
        return super().delete(external_id)


@pytest.fixture(name="town")
def _town(tmp_path: Path, store_url: str) -> Iterator[Town]:
    town = build_town(tmp_path / "var", SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


@pytest.fixture
def x(town: Town) -> Watched:
    """X, watched."""
    platforms = cast("dict[str, Platform]", town.heart.platforms)
    watched = Watched(platforms["x"], now=town.clock.now)
    platforms["x"] = watched
    return watched


def out(town: Town) -> str:
    """Bring a post of the section out."""
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()
    return number


def delete(town: Town, number: str) -> None:
    """Order its deletion at once."""
    order = CorrectionOrder(number=number, cause="personal_data", note="氏名")
    town.services.correcting.correct(town.act(CHIEF), order)


def kept(town: Town, number: str) -> Evidence | None:
    """Return the evidence of the section's post."""
    [source] = [one.id for one in town.card(number).deliveries if one.kind == "publish"]
    with town.heart.database.reading() as tx:
        return evidence.of_delivery(tx, source)


def test_evidence_is_taken_before_the_deletion(town: Town, x: Watched) -> None:
    """Text and figures as the platform shows them, and what the ledger sent; read first, then deleted."""
    number = out(town)
    delete(town, number)
    town.send()
    found = kept(town, number)

    assert ["measure", "delete"] == x.calls
    assert found is not None
    assert (SHOWN, {"likes": 3, "views": 120}, None) == (found.shown_text, found.figures, found.unread)
    assert found.text.startswith("手賀沼公園の紅葉が見頃です。")
    assert ("evidence_kept", "") in [(one.code, one.note) for one in town.card(number).history]


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Rejected("post_gone"), "post_gone"), (PerhapsSent("server_error"), "server_error"), (KeyError("data"), "fault")],
)
def test_figures_that_cannot_be_read_stop_nothing(town: Town, x: Watched, fault: Exception, code: str) -> None:
    """What must go at once goes; the record says that the figures are missing, and why."""
    x.measure_fault = fault
    number = out(town)
    delete(town, number)
    town.send()
    found = kept(town, number)

    assert "sent" == town.states(number)["kashiwa_koen", "delete"]
    assert found is not None
    assert ("", {}) == (found.shown_text, found.figures)
    assert code in str(found.unread)
    assert found.text


def test_evidence_is_taken_once(town: Town, x: Watched) -> None:
    """A deletion that is repeated after an ambiguous end measures nothing anew: the first record stands."""
    x.delete_faults = [PerhapsSent("server_error")]
    number = out(town)
    delete(town, number)
    for _ in range(4):
        town.send()
        town.wait(seconds=40)
        town.heart.worker.reconcile_once()

    assert ["measure", "delete", "delete"] == x.calls
    assert "sent" == town.states(number)["kashiwa_koen", "delete"]


def test_deletion_ordered_while_nobody_knows_whether_it_is_there(town: Town, x: Watched) -> None:
    """The order waits for the look; found, it is deleted, and it was never repeated or reposted."""
    x.publish_faults = [PerhapsSent("server_error")]
    number = out(town)
    delete(town, number)
    assert ("unknown", "waiting") == tuple(
        town.states(number)[key] for key in (("kashiwa_koen", "publish"), ("kashiwa_koen", "delete"))
    )
    for _ in range(3):
        town.wait(seconds=40)
        town.heart.worker.reconcile_once()
        town.send()

    states = town.states(number)
    assert ("sent", "sent") == (states["kashiwa_koen", "publish"], states["kashiwa_koen", "delete"])
    assert "cancelled" == states["kashiwa_shi", "repost"]


def test_a_refused_deletion_is_a_question_with_its_own_answers(town: Town, x: Watched) -> None:
    """A person looks, deletes it by hand and says so."""
    x.delete_faults = [Rejected("not_allowed")]
    number = out(town)
    delete(town, number)
    town.send()
    [asked] = [one for one in town.card(number).deliveries if one.state is DeliveryState.ASKED]
    done = town.services.deciding.answer(town.act(CHIEF), delivery=asked.id, answer=Answer.IT_IS_THERE)

    assert "answered_gone" == done.code
    assert "deleted" == town.card(number).outlook
