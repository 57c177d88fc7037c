"""What waits is judged ahead of its time: its people hear what the last check will say, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pack_texts import kashiwa_against
from town import CHIEF, CLERK, OPEN_TUESDAY, PR_CHIEF, build_town, changed_cities

from chatops.courier.render import answer_message
from chatops.messages import Voice
from publisher.api import PeriodOrder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

    from publisher.api import Notice

TEN = OPEN_TUESDAY + timedelta(hours=1)
ELEVEN = OPEN_TUESDAY + timedelta(hours=2)
CODES = {"will_be_stopped", "will_be_asked", "will_wait"}


def approved(town: Town, text: str = "手賀沼公園の紅葉が見頃です。", **changes: object) -> str:
    """Submit and approve a post for ten o'clock; take away what was told of it."""
    number = town.submit(form=town.form(text, **({"publish_at": TEN} | changes)))
    town.decide(CHIEF, number)
    town.notices()
    return number


def told(town: Town) -> list[Notice]:
    """Take every notice that waits; return those of this part."""
    taken = town.services.notices.claim(limit=200)
    for notice in taken:
        town.services.notices.done(notice)
    return [notice for notice in taken if notice.params.get("code") in CODES]


def remove_own(town: Town) -> None:
    """Take the section's account from what the official one reposts."""
    act = town.act(PR_CHIEF)
    town.services.whitelisting.remove(act, platform="x", handle="@kashiwa_koen", reason="担当課で休止中")


def restarted(tmp_path: Path, town: Town, old: str, new: str) -> Town:
    """Open the same ledger again with a changed city file."""
    again = build_town(tmp_path / "var", cities=changed_cities(tmp_path, old, new))
    again.clock.moment = town.clock.moment
    return again


def test_where_nothing_changed_nobody_is_told(town: Town) -> None:
    """Approved, and nothing speaks against it."""
    approved(town)

    assert [0, 0] == [town.heart.rejudger.look_ahead() for _ in range(2)]
    assert [] == told(town)


def test_a_removed_entry_is_told_ahead_and_once(town: Town) -> None:
    """Author, approver and manager read which post, when, why and by which clause; nothing is stopped yet."""
    number = approved(town)
    remove_own(town)
    told(town)
    counts = [town.heart.rejudger.look_ahead() for _ in range(3)]
    notices = told(town)
    text, _ = answer_message(notices[0].number, notices[0].params, Voice(now=town.clock.now()))

    assert [1, 0, 0] == counts
    assert {CLERK, CHIEF, PR_CHIEF} == {one.person for one in notices}
    assert 3 == len(notices)
    assert text.startswith(f"決裁の後に事情が変わったため、{number} は 12月1日(火) 10:00 の投稿の直前に止まります。")
    assert "柏市公式ツイッター運用ガイドライン" in text
    assert {"due", "waiting"} == set(town.states(number).values())
    assert "judged_stricter" in [line.code for line in town.card(number).history]


def test_what_is_told_is_what_the_last_check_does(town: Town) -> None:
    """The repost is asked about at ten; the post itself goes out."""
    number = approved(town)
    remove_own(town)
    town.heart.rejudger.look_ahead()
    town.move(TEN)
    town.send()

    assert {("kashiwa_koen", "publish"): "sent", ("kashiwa_shi", "repost"): "asked"} == town.states(number)


def test_several_posts_with_the_same_trouble_are_one_message(town: Town) -> None:
    """Each person reads one message with both numbers."""
    first = approved(town)
    second = approved(town, "菊花展を開きます。", publish_at=ELEVEN)
    remove_own(town)
    town.heart.rejudger.look_ahead()
    notices = told(town)

    assert {f"{first}、{second}"} == {one.params["numbers"] for one in notices}
    assert 3 == len(notices)


def test_a_pack_that_is_stricter_in_the_next_process_is_told(tmp_path: Path, town: Town) -> None:
    """Not confirmed at the desk but put beside the city file of a new city: it holds from its first start on."""
    number = approved(town)
    told(town)
    with town.heart.database.transaction() as tx:
        tx.connection.exec_driver_sql("DELETE FROM pack_changes")
    cities = changed_cities(tmp_path, "accounts:\n", "accounts:\n")
    (cities / "kashiwa.pack.yaml").write_text(kashiwa_against(effect="escalate"), "utf-8")
    again = build_town(tmp_path / "var", cities=cities)
    again.heart.rejudger.look_ahead()
    notices = told(again)
    text, _ = answer_message(notices[0].number, notices[0].params, Voice(now=again.clock.now()))
    again.heart.database.close()

    assert {CLERK, CHIEF, PR_CHIEF} == {one.person for one in notices}
    assert f"{number} は 12月1日(火) 10:00 の投稿の直前に止まり、運用管理者に了承をお尋ねします。" in text
    assert "紅葉のことは書けません" in text
    assert "2(4)キ" in text


def test_a_day_that_was_closed_since_is_told(tmp_path: Path, town: Town) -> None:
    """The hall closes that day: the post will wait for the next opening, and its people can change its time."""
    approved(town)
    again = restarted(tmp_path, town, "accounts:\n", "closed_days: [2026-12-01]\n\naccounts:\n")
    again.heart.rejudger.look_ahead()
    notices = told(again)
    text, _ = answer_message(notices[0].number, notices[0].params, Voice(now=again.clock.now()))
    again.heart.database.close()

    assert "will_wait" == notices[0].params["code"]
    assert "10:00 には投稿せず、12月2日(水) 8:30 まで待ちます。" in text


def test_who_heard_of_a_period_is_not_told_again(town: Town) -> None:
    """The periods tell their own; a minute later nothing is new."""
    approved(town)
    order = PeriodOrder(
        name="選挙期間",
        starts_at=OPEN_TUESDAY,
        ends_at=OPEN_TUESDAY + timedelta(days=2),
        effect="head",
        reason="市議会議員選挙",
    )
    town.services.periods.add(town.act(PR_CHIEF), order)
    told(town)

    assert 0 == town.heart.rejudger.look_ahead()
    assert [] == told(town)


def test_a_second_process_tells_nobody_again(tmp_path: Path, town: Town) -> None:
    """The ledger knows what was told."""
    approved(town)
    remove_own(town)
    town.heart.rejudger.look_ahead()
    other = restarted(tmp_path, town, "accounts:\n", "accounts:\n")
    again = other.heart.rejudger.look_ahead()
    other.heart.database.close()

    assert 0 == again


def test_what_is_due_now_is_left_to_the_last_check(make_town: Callable[..., Town]) -> None:
    """A minute before it goes out nobody can mend anything: the question comes at once."""
    town = make_town()
    approved(town, publish_at=None)
    remove_own(town)

    assert 0 == town.heart.rejudger.look_ahead()
