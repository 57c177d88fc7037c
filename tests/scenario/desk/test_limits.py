"""What a city's file says of limits and of the reserve is kept, and people read why something waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from town import CHIEF, CLERK, OPEN_TUESDAY, Town, changed_cities

from chatops.features.ask.views import build_question
from chatops.messages import Voice
from platforms.port import Per, Quota
from publisher.account_book import CityBook
from publisher.api import Answer, DeliveryLine, NoticeKind, Unit
from publisher.doctor.limits import look_at_limits
from publisher.ledger.accounts_port import Budget
from publisher.store import lane_memories
from publisher.store.delivery_record import Problem
from publisher.store.lane_memories import Kind, Memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KOEN = "    name: 公園緑地課X\n"
QUARTER_PAST = "12月1日(火) 9:15"


@pytest.fixture
def tight(make_town: Callable[..., Town], tmp_path: Path) -> Town:
    """A town whose parks may send two posts in 15 minutes, one of them kept for emergencies."""
    limit = "    budget: {reserve_percent: 50, calls: [{calls: 2, minutes: 15}]}\n"
    return make_town(OPEN_TUESDAY, changed_cities(tmp_path, KOEN, KOEN + limit))


def approved(town: Town, text: str, **changes: object) -> str:
    """Let a post through its round; return its number."""
    number = town.submit(form=town.form(text, **changes))
    town.decide(CHIEF, number)
    return number


def line_of(town: Town, number: str) -> DeliveryLine:
    """Return the delivery to the parks' account."""
    return next(one for one in town.card(number).deliveries if one.account == "kashiwa_koen")


def close(town: Town, kind: Kind, code: str) -> None:
    """Let the parks' account be closed for a quarter of an hour."""
    with town.heart.database.transaction() as tx:
        problem = Problem(code=code, params={"platform": "x"}, who="it")
        until = tx.now + timedelta(minutes=15)
        memory = Memory(
            city="kashiwa",
            account="kashiwa_koen",
            platform="x",
            kind=kind,
            until=until,
            noted_at=tx.now,
            problem=problem,
        )
        lane_memories.remember(tx, memory)


def is_closed(town: Town) -> bool:
    """Tell whether any account is closed."""
    return bool(town.services.lanes.closed())


def test_a_post_beyond_the_share_waits_and_its_thread_says_until_when(tight: Town) -> None:
    """The second post of the quarter of an hour goes at 9:15, by itself; people read why, in their language."""
    first, second = approved(tight, "手賀沼公園の紅葉が見頃です。"), approved(tight, "あけぼの山公園は本日休園です。")
    tight.send()
    waits = line_of(tight, second)
    assert ("sent", "due", OPEN_TUESDAY + timedelta(minutes=15)) == (
        line_of(tight, first).state.value,
        waits.state.value,
        waits.due_at,
    )
    assert waits.problem is not None
    assert Voice(now=OPEN_TUESDAY).remark(waits.problem) == (
        "通常の投稿に使える15分あたりの枠（1件）を使い切りました。ほかに1件を緊急発信のために残しています。"
        f"次に送れるのは {QUARTER_PAST} です。"
    )
    assert (NoticeKind.DELIVERY.value, second, None) in tight.notices()
    tight.wait(minutes=15)
    tight.send()
    assert line_of(tight, second).state.value == "sent"


def test_a_post_that_would_be_too_late_is_asked_about_at_once(tight: Town) -> None:
    """Useful for ten minutes, room in fifteen: the question comes now; "send anyway" sends it when there is room."""
    approved(tight, "手賀沼公園の紅葉が見頃です。")
    tight.send()
    number = approved(tight, "あけぼの山公園は本日休園です。", latest_at=OPEN_TUESDAY + timedelta(minutes=10))
    tight.send()
    asked = line_of(tight, number)
    text, _ = build_question(number, asked, Voice(now=OPEN_TUESDAY))
    assert asked.state.value == "asked"
    assert text.endswith(f"次に送れるのは {QUARTER_PAST} です。それでも送りますか。")
    tight.services.deciding.answer(tight.act(CLERK), delivery=asked.id, answer=Answer.SEND)
    tight.send()
    assert line_of(tight, number).state.value == "due"
    tight.wait(minutes=15)
    tight.send()
    assert line_of(tight, number).state.value == "sent"


def test_what_is_left_can_be_read(tight: Town) -> None:
    """Limit, reserve, used; left for routine posts and for emergencies."""
    approved(tight, "手賀沼公園の紅葉が見頃です。")
    tight.send()
    (parks,) = [one for one in tight.services.lanes.allowances("kashiwa") if one.account == "kashiwa_koen"]
    assert (Unit.CALLS, 15, 2, 1, 1) == (parks.unit, parks.minutes, parks.limit, parks.reserve, parks.used)
    assert (0, 1) == (parks.left_for_routine, parks.left)


def test_the_doctor_names_whose_share_is_used_up(tight: Town) -> None:
    """Before there is nothing to say; afterwards the account, with what is used and what is kept."""
    heart = tight.heart

    def found() -> list[tuple[str, dict[str, object]]]:
        with heart.database.reading() as tx:
            return [(one.code, dict(one.params)) for one in look_at_limits(tx, heart.cities, heart.platforms)]

    assert [("limits_well", {})] == found()
    approved(tight, "手賀沼公園の紅葉が見頃です。")
    tight.send()
    assert [("share_used", {"account": "kashiwa/kashiwa_koen", "used": 1, "limit": 2, "reserve": 1})] == found()


def test_who_says_that_an_account_is_mended_opens_it(town: Town) -> None:
    """A post on an account that waits for a repair is asked about; もう一度送る sends it, and those after it too."""
    close(town, Kind.NEEDS_PERSON, "token_refused")
    number = approved(town, "手賀沼公園の紅葉が見頃です。")
    town.send()
    asked = line_of(town, number)
    assert "asked" == asked.state.value
    assert "情報担当が再接続してください" in build_question(number, asked, Voice(now=OPEN_TUESDAY))[0]
    town.services.deciding.answer(town.act(CLERK), delivery=asked.id, answer=Answer.SEND)
    assert not is_closed(town)
    town.send()
    assert line_of(town, number).state.value == "sent"


@pytest.mark.parametrize(("kind", "stays"), [(Kind.NEEDS_PERSON, False), (Kind.THROTTLED, True)])
def test_new_credentials_open_an_account_that_waited_for_them(town: Town, kind: Kind, *, stays: bool) -> None:
    """They are the repair. A rate limit is another matter: it ends when the platform says."""
    close(town, kind, "token_refused")
    town.heart.credentials.set("kashiwa", "kashiwa_koen", {"access_token": "new"}, who="it")
    assert is_closed(town) is stays


# ── the book of accounts ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def real(make_town: Callable[..., Town]) -> Town:
    """A town of the real platforms; nothing is sent."""
    return make_town(is_drill=False)


def book_of(town: Town) -> CityBook:
    """Return what the accounts of a town may use up."""
    return CityBook(town.heart.cities, town.heart.platforms, town.heart.credentials)


def test_without_a_word_in_the_file_the_vendors_numbers_hold(real: Town) -> None:
    """X 100 in 15 minutes and 300 in 3 hours, LINE 60 an hour, YouTube 100 a Pacific day; a fifth is the reserve."""
    book = book_of(real)
    hour = 60 * 60
    expected = {
        "kashiwa_shi": (Quota(calls=100, seconds=hour // 4), Quota(calls=300, seconds=3 * hour)),
        "kashiwa_line": (Quota(calls=60, seconds=hour),),
        "kashiwa_youtube": (Quota(calls=100, per=Per.DAY, zone="America/Los_Angeles"),),
        "kashiwa_facebook": (),
    }
    assert {key: Budget(quotas=quotas, reserve_percent=20) for key, quotas in expected.items()} == {
        key: book.budget("kashiwa", key) for key in expected
    }
    assert not book.budget("kashiwa", "kashiwa_facebook").is_counted


def test_the_file_goes_before_the_vendors_numbers(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """An empty list counts nothing; money is in US dollars."""
    own = "    budget: {calls: [], month_usd: 12.5, reserve_percent: 40}\n"
    town = make_town(OPEN_TUESDAY, changed_cities(tmp_path, KOEN, KOEN + own))
    expected = Budget(quotas=(), month_micro_usd=12_500_000, reserve_percent=40)
    assert expected == book_of(town).budget("kashiwa", "kashiwa_koen")


def test_accounts_of_one_app_are_known_by_their_secrets(real: Town) -> None:
    """Two X accounts with the same consumer key share an app; one whose secrets are missing shares nothing."""
    book, credentials = book_of(real), real.heart.credentials
    shi, koen = ("kashiwa", "kashiwa_shi"), ("kashiwa", "kashiwa_koen")
    credentials.set(*shi, {"consumer_key": "app-1"}, who="it")
    assert [shi] == list(book.sharing_app(*shi))
    credentials.set(*koen, {"consumer_key": "app-2"}, who="it")
    assert [shi] == list(book.sharing_app(*shi))
    credentials.set(*koen, {"consumer_key": "app-1"}, who="it")
    assert [koen, shi] == sorted(book.sharing_app(*koen))
