"""事案: reports are numbered, a newer one takes the older one's place, 解除 ends it; and what people read of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from moody_platform import DOWN, SILENT, SWALLOWS, WELL, be_moody
from town import CLERK, DUTY, NIGHT, PR_CHIEF, changed_cities

from chatops.courier.render import delivery_message
from chatops.features.approve.card import build_card
from chatops.features.ask.views import build_question
from chatops.features.queue.views import build_queue
from chatops.features.show.views import build_pages
from chatops.messages import Voice
from chatops.sandbox.hand import words_of
from publisher.api import NEW_EVENT, Answer, EventOrder, OverrideOrder
from publisher.errors import Refusal
from publisher.store import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from moody_platform import MoodyPlatform
    from town import Town

    from publisher.api import DeliveryLine, EventForm, Outcome

FIRST = "利根川の水位が上昇しています。川に近づかないでください。（柏市災害対策本部）"
SECOND = "利根川の水位がさらに上昇しています。布施地区の方は避難してください。（柏市災害対策本部）"
CLEAR = "利根川の水位が下がったため、避難指示を解除しました。（柏市災害対策本部）"
X = ("kashiwa_shi", "publish")
LINE = ("kashiwa_line", "publish")
MIRROR = ("kashiwa_koen", "repost")


@pytest.fixture(name="night")
def _night(make_town: Callable[..., Town]) -> Town:
    return make_town(NIGHT)


@pytest.fixture(name="x")
def _x(night: Town) -> MoodyPlatform:
    return be_moody(night, "x", DOWN)


def send(town: Town, text: str = FIRST, who: str = DUTY, **event: object) -> Outcome:
    """Send an emergency post about a flood as what the form offers, but for what is given of its event."""
    form = town.services.overriding.open_form(
        town.city,
        who,
        text,
        kind="storm_flood",
        event=EventOrder(**event),  # type: ignore[arg-type]  # a test's short form
    )
    chosen = shown(form.event)
    order = OverrideOrder(text=text, kind="storm_flood", reason="国土交通省から連絡", event=chosen)
    outcome = town.services.overriding.send(town.act(who), order)
    town.send()
    return outcome


def shown(form: EventForm | None) -> EventOrder:
    """Return the order that somebody gives who leaves the form as it is."""
    assert form is not None
    level = "" if form.level is None else str(form.level)
    return EventOrder(event=form.chosen, areas=form.areas, level=level, is_closing=form.is_closing)


def number_of(outcome: Outcome) -> str:
    """Return the post's number."""
    assert outcome.number is not None
    return outcome.number


def line_of(town: Town, number: str, place: tuple[str, str]) -> DeliveryLine:
    """Return one delivery."""
    return next(one for one in town.card(number).deliveries if (one.account, one.kind.value) == place)


def say(town: Town) -> Voice:
    """Speak Japanese at the town's time."""
    return Voice(now=town.clock.now())


def card_words(town: Town, number: str) -> str:
    """Return what the card says."""
    return words_of(build_card(town.card(number), say(town)))


def seen(platform: MoodyPlatform, account: str = "kashiwa_shi") -> list[str]:
    """Return what citizens see on an account, without the hashtag that the city's rule adds."""
    return [text.removesuffix(" #柏市") for shown_on, text in platform.timeline if shown_on == account]


def look(town: Town, times: int = 3) -> None:
    """Let the reconciler look half a minute apart, and the worker send what is due."""
    for _ in range(times):
        town.wait(seconds=31)
        town.heart.worker.reconcile_once()
        town.send()


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def test_the_first_post_opens_an_event_and_the_next_of_its_kind_is_offered_as_its_second_report(night: Town) -> None:
    """The form says 第2報 before anything is sent, with the areas and the level of the report before."""
    outcome = send(night, areas="布施・手賀沼周辺", level="3")
    assert (outcome.params["event"], outcome.params["report"]) == (1, 1)

    form = night.services.overriding.open_form("kashiwa", DUTY, SECOND).event
    assert form is not None
    assert (form.n, form.areas, form.level, form.is_closing) == (2, "布施・手賀沼周辺", 3, False)
    assert [(one.number, one.kind.ja, one.reports) for one in form.choices] == [(1, "風水害", 1)]
    assert send(night, SECOND).params["report"] == 2
    assert send(night, SECOND, event=NEW_EVENT).params["event"] == 2


def test_an_order_to_evacuate_is_the_floods_next_report_and_a_fire_is_another_event(night: Town) -> None:
    """What is likely one disaster is offered as one; anything else may be put into it all the same."""
    send(night)
    evacuation = night.services.overriding.open_form("kashiwa", DUTY, "布施地区に避難指示を出しました。").event
    assert evacuation is not None
    assert (evacuation.n, evacuation.level) == (2, 4)
    text = "柏駅前で火災が発生しています。"
    fire = night.services.overriding.open_form("kashiwa", DUTY, text).event
    assert fire is not None
    assert (fire.chosen, fire.n) == (NEW_EVENT, 1)
    put = EventOrder(event=fire.choices[0].key)
    together = night.services.overriding.open_form("kashiwa", DUTY, text, event=put).event
    assert together is not None
    assert together.n == 2


def test_an_event_without_news_for_a_day_is_offered_and_not_chosen(night: Town) -> None:
    """What nobody has closed must not swallow the next flood."""
    send(night)
    night.wait(hours=24, seconds=1)
    form = night.services.overriding.open_form("kashiwa", DUTY, FIRST).event
    assert form is not None
    assert (form.chosen, len(form.choices)) == (NEW_EVENT, 1)


def test_what_is_no_disaster_belongs_to_no_event(night: Town) -> None:
    """A cancelled festival goes the ordinary way."""
    text = "明日の手賀沼まつりは中止します。"
    assert night.services.overriding.open_form("kashiwa", DUTY, text).event is None
    order = OverrideOrder(text=text, kind="event_cancellation", reason="大雨")
    number = number_of(night.services.overriding.send(night.act(DUTY), order))
    assert night.card(number).report is None


def test_the_card_the_list_and_show_name_event_and_report(night: Town) -> None:
    """事案, 第n報, level and areas stand on every screen."""
    be_moody(night, "x", DOWN)
    send(night)
    number = number_of(send(night, SECOND, areas="布施", level="4"))
    named = "事案1（風水害）第2報　警戒レベル4　対象地域: 布施"

    assert named in card_words(night, number)
    assert named in words_of(build_queue(night.services.board.queue("kashiwa", DUTY), say(night)))
    assert any(named in words_of(page) for page in build_pages(night.card(number), say(night)))


# ── a newer report takes the older one's place ───────────────────────────────────────────────────


def test_the_first_report_that_is_stuck_on_one_platform_is_replaced_there_and_never_sent_late(
    night: Town, x: MoodyPlatform
) -> None:
    """X is down: the first report goes to LINE and Facebook, the second takes its place on X, and goes when X is up."""
    first = number_of(send(night))
    assert {place: night.states(first)[place] for place in (X, LINE)} == {X: "retry", LINE: "sent"}
    form = night.services.overriding.open_form("kashiwa", DUTY, SECOND).event
    assert form is not None
    assert [(one.number, one.n, one.accounts) for one in form.replaces] == [(first, 1, ("柏市公式X", "公園緑地課X"))]
    night.notices()

    outcome = send(night, SECOND)
    second = number_of(outcome)
    assert outcome.params["replaced"] == f"{first}（柏市公式X、公園緑地課X）"
    assert {place: night.states(first)[place] for place in (X, MIRROR, LINE)} == {
        X: "superseded",
        MIRROR: "superseded",
        LINE: "sent",
    }
    told = [kind for kind, number, _ in night.notices() if number == first]
    assert sorted(told) == ["card", "delivery", "delivery"]
    x.mood = WELL
    night.wait(minutes=5)
    night.send()
    assert seen(x) == [SECOND]
    assert (night.states(second)[X], night.states(second)[MIRROR]) == ("sent", "sent")
    assert night.states(first)[X] == "superseded"


def test_people_read_what_was_replaced_by_what(night: Town, x: MoodyPlatform) -> None:
    """In the older post's thread, on both cards, and in the history."""
    first = number_of(send(night))
    second = number_of(send(night, SECOND))

    text, _ = delivery_message(line_of(night, first, X), say(night))
    assert text == f"⏹ 第2報（{second}）に置き換えられたため、柏市公式X には送りませんでした。"
    assert f"第2報（{second}）に置き換えられたため、送りませんでした。" in card_words(night, first)
    assert f"第1報（{first}）のうち、まだ送れていなかった分（柏市公式X、公園緑地課X）を置き換えました。" in card_words(
        night, second
    )
    assert ("post_superseded", second) in [(one.code, one.note) for one in night.card(first).history]


def test_an_account_that_cannot_take_the_newer_report_keeps_the_older_one(night: Town, x: MoodyPlatform) -> None:
    """281 weighted characters are too long for X: there the first report is still better than none."""
    first = number_of(send(night))
    outcome = send(night, "あ" * 140 + "!")
    assert (outcome.params["refused"], outcome.params.get("replaced")) == ("柏市公式X", None)
    x.mood = WELL
    night.wait(minutes=2)
    night.send()
    assert night.states(first)[X] == "sent"
    assert seen(x) == [FIRST]


def test_another_event_leaves_it_alone(night: Town, x: MoodyPlatform) -> None:
    """Two disasters at once don't silence each other."""
    first = number_of(send(night))
    send(night, SECOND, event=NEW_EVENT)
    assert night.states(first)[X] == "retry"


@pytest.mark.parametrize(("mood", "ends", "there"), [(SILENT, "sent", [FIRST]), (SWALLOWS, "superseded", [])])
def test_what_may_have_been_sent_is_found_out_and_never_repeated(
    night: Town, x: MoodyPlatform, mood: str, ends: str, there: list[str]
) -> None:
    """The first report may be on X when the second comes: found, it is sent; proven absent, it is replaced."""
    x.mood = mood
    first = number_of(send(night))
    assert night.states(first)[X] == "unknown"
    x.mood = WELL
    second = number_of(send(night, SECOND))
    assert f"第2報（{second}）に置き換えられました。届いていなければ、もう送りません。" in card_words(night, first)

    look(night)
    assert night.states(first)[X] == ends
    assert seen(x) == [*there, SECOND]


def test_where_only_a_person_can_say_nobody_is_offered_to_send_it_again(make_town: Callable[..., Town]) -> None:
    """Not seeing a post proves nothing on Facebook: the question says that 第2報 has taken its place."""
    night = make_town(NIGHT)
    facebook = be_moody(night, "facebook", SWALLOWS)
    first = number_of(send(night))
    look(night)
    place = ("kashiwa_facebook", "publish")
    assert night.states(first)[place] == "asked"
    facebook.mood = WELL
    night.notices()
    second = number_of(send(night, SECOND))
    assert ("ask", first, None) in night.notices()

    line = line_of(night, first, place)
    text, blocks = build_question(first, line, say(night))
    assert f"第2報（{second}）に置き換えられたため、この投稿はもう送りません。" in text
    assert [each["text"]["text"] for each in blocks[-1]["elements"]] == ["投稿されていた", "投稿されていない"]
    with pytest.raises(Refusal, match="replaced_meanwhile"):
        night.services.deciding.answer(night.act(DUTY), delivery=line.id, answer=Answer.SEND)
    answered = night.services.deciding.answer(night.act(DUTY), delivery=line.id, answer=Answer.DO_NOT_SEND)
    assert (answered.code, answered.params["newer"]) == ("answered_replaced", second)
    night.send()
    assert night.states(first)[place] == "superseded"
    assert seen(facebook, "kashiwa_facebook") == [SECOND]


# ── 解除 ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_all_clear_stops_everything_unsent_and_ends_the_event(night: Town, x: MoodyPlatform) -> None:
    """Also on an account that cannot take it: a warning that comes after its 解除 is the worst of all."""
    first = number_of(send(night))
    long_clear = CLEAR + "あ" * 140
    form = night.services.overriding.open_form("kashiwa", DUTY, long_clear, kind="storm_flood").event
    assert form is not None
    assert (form.is_closing, form.n, form.level) == (True, 2, None)

    outcome = send(night, long_clear)
    assert (outcome.params["refused"], outcome.params["is_closing"]) == ("柏市公式X", 1)
    assert outcome.params["replaced"] == f"{first}（柏市公式X、公園緑地課X）"
    assert (night.states(first)[X], night.states(first)[MIRROR]) == ("superseded", "superseded")
    text, _ = delivery_message(line_of(night, first, X), say(night))
    assert text == f"⏹ 解除の第2報（{outcome.number}）に置き換えられたため、柏市公式X には送りませんでした。"
    x.mood = WELL
    night.wait(minutes=5)
    night.send()
    assert x.timeline == []
    report = night.card(number_of(outcome)).report
    assert report is not None
    assert (report.is_closing, report.is_open) == (True, False)


def test_a_report_after_the_all_clear_opens_a_new_event_and_says_so(night: Town) -> None:
    """Somebody closed it while the form was open: the text goes out all the same."""
    send(night)
    form = night.services.overriding.open_form("kashiwa", DUTY, SECOND).event
    send(night, CLEAR)
    late = OverrideOrder(text=SECOND, kind="storm_flood", reason="再び上昇", event=shown(form))
    outcome = night.services.overriding.send(night.act(PR_CHIEF), late)

    assert outcome.code == "sent_now"
    assert {name: outcome.params[name] for name in ("event", "report", "closed_event")} == {
        "event": 2,
        "report": 1,
        "closed_event": 1,
    }
    assert night.services.overriding.open_form("kashiwa", DUTY, FIRST).event.choices[0].number == 2  # type: ignore[union-attr]  # it is a disaster


def test_a_second_all_clear_stays_in_its_event(night: Town) -> None:
    """Two officers lift it at once: the second is its next report, and opens nothing."""
    send(night)
    form = night.services.overriding.open_form("kashiwa", DUTY, CLEAR, kind="storm_flood").event
    send(night, CLEAR)
    again = OverrideOrder(text=CLEAR + "柏市", kind="storm_flood", reason="解除", event=shown(form))
    outcome = night.services.overriding.send(night.act(PR_CHIEF), again)
    assert (outcome.params["event"], outcome.params["report"]) == (1, 3)


@pytest.mark.parametrize(
    ("text", "is_ticked"),
    [
        (CLEAR, True),
        ("布施地区の避難指示を解除しました。手賀沼周辺は避難指示を継続しています。", False),
        ("警報が解除されるまで、川に近づかないでください。", False),
    ],
)
def test_the_box_is_ticked_only_where_the_text_lifts_everything(night: Town, text: str, is_ticked: bool) -> None:  # noqa: FBT001 - a test's parameter
    """A partial 解除 ends no event; a person can tick or untick it."""
    send(night)
    form = night.services.overriding.open_form("kashiwa", DUTY, text, kind="storm_flood").event
    assert form is not None
    assert form.is_closing is is_ticked


# ── ten minutes ──────────────────────────────────────────────────────────────────────────────────


def test_an_emergency_post_that_is_late_is_asked_about(night: Town, x: MoodyPlatform) -> None:
    """After ten minutes nothing goes by itself: is it still true? Who says send is not asked again of its repost."""
    number = number_of(send(night))
    night.wait(minutes=10, seconds=1)
    x.mood = WELL
    night.send()
    assert (night.states(number)[X], x.timeline) == ("asked", [])
    assert ("ask", number, None) in night.notices()

    line = line_of(night, number, X)
    text, blocks = build_question(number, line, say(night))
    assert "柏市公式X: 緊急発信から10分以内に送れていません。内容は今も有効ですか。" in text
    assert [each["text"]["text"] for each in blocks[-1]["elements"]] == ["送る", "置き換える", "送らない"]
    night.services.deciding.answer(night.act(DUTY), delivery=line.id, answer=Answer.SEND)
    night.send()
    assert (night.states(number)[X], night.states(number)[MIRROR]) == ("sent", "sent")


def test_what_is_asked_about_is_replaced_by_a_newer_report(night: Town, x: MoodyPlatform) -> None:
    """The question falls away: nobody can send the old one any more."""
    first = number_of(send(night))
    night.wait(minutes=11)
    night.send()
    line = line_of(night, first, X)
    assert line.state.value == "asked"
    x.mood = WELL
    send(night, SECOND)
    assert night.states(first)[X] == "superseded"
    answered = night.services.deciding.answer(night.act(DUTY), delivery=line.id, answer=Answer.SEND)
    assert answered.code == "answered_already"
    assert seen(x) == [SECOND]


def test_the_city_file_says_how_long_and_routine_posts_keep_their_own(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """`emergency_latest_minutes` is for emergencies alone."""
    cities = changed_cities(
        tmp_path, "  latest_minutes: 180\n", "  latest_minutes: 180\n  emergency_latest_minutes: 30\n"
    )
    night = make_town(NIGHT, cities=cities)
    x = be_moody(night, "x", DOWN)
    number = number_of(send(night))
    assert line_of(night, number, X).latest_minutes == 30
    assert x.timeline == []
    night.move(NIGHT + timedelta(hours=7))
    ordinary = night.submit(CLERK)
    assert night.card(ordinary).report is None


# ── the record ───────────────────────────────────────────────────────────────────────────────────


def test_every_step_is_in_the_trail(night: Town, x: MoodyPlatform) -> None:
    """Opening, numbering, replacing and closing are events of the record, and the chain holds."""
    first = number_of(send(night))
    clear = number_of(send(night, CLEAR, areas="布施"))
    with night.heart.database.reading() as tx:
        kinds = ("event_opened", "report_numbered", "event_closed", "post_superseded")
        events = [(one.kind, dict(one.facts), one.note) for kind in kinds for one in audit.of_kind(tx, "kashiwa", kind)]
        assert audit.verify(tx, "kashiwa") is None
    assert events == [
        ("event_opened", {"event": 1, "kind": "storm_flood"}, ""),
        ("report_numbered", {"event": 1, "report": 1, "level": None, "is_closing": False}, ""),
        ("report_numbered", {"event": 1, "report": 2, "level": None, "is_closing": True}, "布施"),
        ("event_closed", {"event": 1, "report": 2}, ""),
        (
            "post_superseded",
            {"newer": clear, "accounts": ["kashiwa_shi", "kashiwa_koen"], "because": "closing"},
            "",
        ),
    ]
    assert first != clear
