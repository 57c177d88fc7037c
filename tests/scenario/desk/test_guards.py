"""What stands between a mistake and the citizens: seals, sections, hours, each held by a story of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from town import CHIEF, CLERK, DUTY, NIGHT, OPEN_TUESDAY, PR_CHIEF, PR_CLERK, changed_cities

from platforms.errors import NeedsPerson
from publisher.api import Answer, OverrideOrder
from publisher.errors import Refusal, UnknownSecretKeyError
from publisher.post import PostState
from publisher.store import deliveries, posts
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

    from publisher.api import DeliveryLine
    from publisher.store.delivery_record import Delivery

TEN = OPEN_TUESDAY + timedelta(hours=1)
NEXT_OPENING = NIGHT.replace(hour=23, minute=30)
"""Wednesday, 2 December 2026, 8:30 in Japan."""


def change_rows(town: Town, statement: str) -> None:
    """Change the database behind everybody's back."""
    with town.heart.database.transaction() as tx:
        tx.connection.exec_driver_sql(statement)


def published(town: Town, number: str) -> DeliveryLine:
    """Return the post's own delivery, not its repost."""
    return next(one for one in town.card(number).deliveries if one.kind.value == "publish")


def delivery_of(town: Town, number: str) -> Delivery:
    """Return the post's own delivery as the ledger has it."""
    with town.heart.database.reading() as tx:
        return deliveries.get(tx, published(town, number).id)


# ── the seal ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lines SET seal = '" + "0" * 64 + "'",
        "UPDATE deliveries SET seal = '" + "0" * 64 + "' WHERE kind = 'publish'",
        'UPDATE versions SET variants = \'{"x": "別の文です。"}\'',
        "UPDATE versions SET publish_at = '2026-12-01 00:59:00.000000'",
    ],
)
def test_whatever_differs_from_the_seal_stops_it(town: Town, statement: str) -> None:
    """The line's seal, the delivery's seal, the text for the platform and the time must all be what was approved."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    change_rows(town, statement)
    town.move(TEN)
    town.send()

    line = published(town, number)
    assert line.problem is not None
    assert (line.state.value, line.problem.code) == ("asked", "seal_broken")


def test_the_very_plan_that_is_sent_is_compared_with_the_seal(town: Town) -> None:
    """Not another one, worked out a moment later: what was prepared from a changed text is never handed out."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    town.heart.reviewer.forget_texts()  # as in a process in which nobody approved it
    change_rows(town, "UPDATE versions SET text = '改ざんされた文です。'")

    with pytest.raises(NeedsPerson, match="seal_broken"):
        town.heart.worker._outbound.prepare(delivery_of(town, number))


def test_what_a_seal_stands_for_is_handed_out_and_what_was_written_since_is_not(town: Town) -> None:
    """The process that approved it has the very plan in mind: a changed row changes nothing in it."""
    number = town.submit(form=town.form("朝市は二の丸公園で開きます。", publish_at=TEN))
    town.decide(CHIEF, number)
    change_rows(town, "UPDATE versions SET text = '改ざんされた文です。'")
    prepared = town.heart.worker._outbound.prepare(delivery_of(town, number))

    assert prepared.plan is not None
    assert prepared.plan.text.startswith("朝市は二の丸公園で開きます。")


def test_a_text_that_was_forgotten_is_read_again_to_be_sent(town: Town) -> None:
    """Where any process has erased a text, every process forgets them all; what was read once is known again."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    delivery = delivery_of(town, number)
    town.heart.reviewer.forget_texts()
    reads: list[int] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        reads[-1] += "FROM versions" in statement

    event.listen(Engine, "before_cursor_execute", note)
    for _ in range(2):
        reads.append(0)
        town.heart.worker._outbound.prepare(delivery)
    event.remove(Engine, "before_cursor_execute", note)

    assert reads[0] > 0
    assert 0 == reads[1]


# ── sections ────────────────────────────────────────────────────────────────────────────────────────


def test_a_writer_of_another_section_touches_nothing(town: Town) -> None:
    """PR writes too, but this is the parks' post: not opened, saved, read, submitted or taken back by them."""
    drafting = town.services.drafting
    number = town.save(CLERK).number
    theirs = town.form(section="koho", accounts=("kashiwa_line",))

    with pytest.raises(Refusal, match="not_your_section"):
        drafting.edit_form("kashiwa", PR_CLERK, number)
    with pytest.raises(Refusal, match="not_your_section"):
        drafting.save(town.act(PR_CLERK), theirs, number=number, version=1)
    with pytest.raises(Refusal, match="not_your_section"):
        drafting.save(town.act(PR_CLERK), town.form(accounts=("kashiwa_line",)), number=None, version=None)
    with pytest.raises(Refusal, match="not_your_section"):
        drafting.review("kashiwa", PR_CLERK, number)
    with pytest.raises(Refusal, match="not_your_section"):
        drafting.submit(town.act(PR_CLERK), number=number, version=1, at_opening=False)
    town.hand_in(drafting.review("kashiwa", CLERK, number))
    with pytest.raises(Refusal, match="not_your_section"):
        drafting.withdraw(town.act(PR_CLERK), number=number)

    assert (town.card(number).version, town.card(number).state) == (1, PostState.SUBMITTED)


# ── hours and lateness ──────────────────────────────────────────────────────────────────────────────


def test_what_the_opening_comes_too_late_for_is_asked_about_when_it_is_approved(make_town: Callable[..., Town]) -> None:
    """Useful until 6:00, approved at 3:00, open from 8:30: a person is asked at 3:00, not at 8:30."""
    town = make_town(NIGHT)
    number = town.submit(form=town.form(latest_at=NIGHT + timedelta(hours=3)))
    outcome = town.decide(CHIEF, number)
    town.send()

    line = published(town, number)
    assert outcome.params == {"publish_at": NEXT_OPENING.isoformat()}
    assert line.problem is not None
    assert (line.state.value, line.problem.code) == ("asked", "late")

    town.services.deciding.answer(town.act(CLERK), delivery=line.id, answer=Answer.SEND)
    town.send()
    assert (published(town, number).state.value, published(town, number).due_at) == ("due", NEXT_OPENING)
    town.move(NEXT_OPENING)
    town.send()
    assert published(town, number).state.value == "sent"


def test_a_post_without_any_time_waits_for_its_chief_and_then_has_the_citys_default(town: Town) -> None:
    """Nobody named a time that could pass: a week's absence costs no post; from the approval on it has 180 minutes."""
    number = town.submit()
    town.wait(days=7)
    assert town.heart.deciding.expire_due(town.clock.now()) == 0
    town.decide(CHIEF, number)

    with town.heart.database.reading() as tx:
        found = next(
            one for one in deliveries.of_post(tx, posts.get(tx, "kashiwa", number).id) if one.account == "kashiwa_koen"
        )
    assert found.latest_at == town.clock.now() + timedelta(minutes=180)


def test_the_confirmation_says_which_clause_allows_what_is_forbidden_otherwise(make_town: Callable[..., Town]) -> None:
    """At night the hours would forbid it; the pane of `/sns now` names the clause of the disaster's exception."""
    town = make_town(NIGHT)
    form = town.services.overriding.open_form("kashiwa", DUTY, "地震がありました。（柏市災害対策本部）")

    allowed = [finding for finding in form.panes[0].findings if finding.effect == "allow"]
    assert allowed
    assert all(finding.citations for finding in allowed)


# ── once ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_that_has_the_post_does_not_get_its_next_version(town: Town) -> None:
    """The X post is out while LINE waits; what is edited then goes to LINE alone."""
    both = ("kashiwa_koen", "kashiwa_line")
    number = town.submit(form=town.form(accounts=both))
    town.decide(CHIEF, number)
    town.send()
    review = town.services.drafting.save(
        town.act(CLERK), town.form("手賀沼公園で紅葉が見頃です。", accounts=both), number=number, version=1
    )
    town.hand_in(review)
    town.decide(CHIEF, number)
    town.decide(PR_CHIEF, number)
    town.send()

    made = [(one.account, one.kind.value, one.state.value) for one in town.card(number).deliveries]
    assert sorted(made) == [
        ("kashiwa_koen", "publish", "sent"),
        ("kashiwa_line", "publish", "sent"),
        ("kashiwa_shi", "repost", "sent"),
    ]
    assert town.card(number).state is PostState.CLOSED


def test_an_account_that_gets_the_post_itself_does_not_repost_it(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """Where the section's account sends in an emergency too, the official account says it once, not twice."""
    cities = changed_cities(tmp_path, "    on_emergency: repost\n", "    emergency: true\n")
    town = make_town(NIGHT, cities=cities)
    order = OverrideOrder(text="地震がありました。（柏市災害対策本部）", kind="earthquake", reason="震度5弱")
    number = town.services.overriding.send(town.act(DUTY), order).number or ""
    town.send()

    on_x = {key: state for key, state in town.states(number).items() if key[0] in {"kashiwa_shi", "kashiwa_koen"}}
    assert on_x == {("kashiwa_shi", "publish"): "sent", ("kashiwa_koen", "publish"): "sent"}


def test_a_post_that_is_out_is_not_edited_while_its_repost_waits(town: Town) -> None:
    """Out on the section's account at closing time, its repost due the next morning: corrected, never rewritten."""
    closing = OPEN_TUESDAY.replace(hour=8, minute=15)  # 17:15 in Japan
    number = town.submit(form=town.form(publish_at=closing, latest_at=closing + timedelta(days=2)))
    town.decide(CHIEF, number)
    town.move(closing + timedelta(seconds=30))
    town.heart.worker.run_due_once()
    assert town.card(number).state is PostState.APPROVED

    with pytest.raises(Refusal, match="not_editable"):
        town.services.drafting.save(town.act(CLERK), town.form("別の文です。"), number=number, version=1)


def test_a_post_that_a_worker_has_in_hand_is_not_edited(town: Town) -> None:
    """Nobody can say at that moment whether it still stops."""
    number = town.submit()
    town.decide(CHIEF, number)
    town.heart.worker._dispatcher.claim(Room(platform="x", limit=1, per_account=1))

    with pytest.raises(Refusal, match="not_editable"):
        town.services.drafting.save(town.act(CLERK), town.form("別の文です。"), number=number, version=1)


def test_the_secrets_of_one_account_do_not_open_for_another(town: Town) -> None:
    """A sealed row that is copied to another account stays shut: no post goes out from the wrong one."""
    town.heart.credentials.set("kashiwa", "kashiwa_shi", {"token": "t"}, who="it")
    change_rows(
        town,
        "INSERT INTO credentials (city, account, sealed, updated_at) "
        "SELECT city, 'kashiwa_koen', sealed, updated_at FROM credentials WHERE account = 'kashiwa_shi'",
    )

    with pytest.raises(UnknownSecretKeyError):
        town.heart.credentials.get("kashiwa", "kashiwa_koen")


# ── the last check ──────────────────────────────────────────────────────────────────────────────────


def test_what_the_policy_forbids_at_the_last_check_is_nobodys_to_release(town: Town) -> None:
    """Approved, and then an answer of the checklist is taken back: blocked, however often somebody says send."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    secret = next(one.key for one in town.card(number).author_answers if one.key.startswith("no_secret."))
    change_rows(town, f"UPDATE approvals SET answers = '{{\"{secret}\": false}}'")  # noqa: S608 - a key of ours
    town.move(TEN)
    for _ in range(2):
        town.send()
        line = published(town, number)
        assert line.problem is not None
        assert (line.state.value, line.problem.code) == ("asked", "policy_blocks")
        town.services.deciding.answer(town.act(CHIEF), delivery=line.id, answer=Answer.SEND)


def test_a_consent_outlives_the_term_of_who_gave_it(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """What the chief recognised on March 31 goes out on April 1, though the chief is another by then."""
    held = "- {position: koen_chief, from: 2025-04-01}"
    cities = changed_cities(tmp_path, held, "- {position: koen_chief, from: 2025-04-01, to: 2027-03-31}")
    last_day = OPEN_TUESDAY.replace(year=2027, month=3, day=31)
    town = make_town(last_day, cities=cities)
    number = town.submit(form=town.form(category="other", publish_at=last_day + timedelta(days=1)))
    town.decide(CHIEF, number, note="広く知らせる必要がある")
    town.move(last_day + timedelta(days=1))
    town.send()

    assert town.states(number)["kashiwa_koen", "publish"] == "sent"


# ── clocks ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_that_jumps_both_ways_sends_nothing_twice_and_nothing_early(town: Town) -> None:
    """Back before its time a post that is out stays out; ahead past its latest time one that is not is asked about."""
    out = town.submit(form=town.form(publish_at=TEN))
    ahead = town.submit(form=town.form("菊花展を開きます。", publish_at=TEN + timedelta(hours=2)))
    town.decide(CHIEF, out)
    town.decide(CHIEF, ahead)
    town.move(TEN)
    town.send()
    sent = town.card(out).deliveries

    for moment in (OPEN_TUESDAY - timedelta(days=30), TEN, TEN + timedelta(days=30), OPEN_TUESDAY):
        town.move(moment)
        town.send()
        town.heart.worker.reconcile_once()
        town.heart.worker.rescue_once()

    assert town.card(out).deliveries == sent
    line = published(town, ahead)
    assert line.problem is not None
    assert (line.state.value, line.problem.code) == ("asked", "late")
