"""`/sns now` over the stand-in Slack: contacts that want an answer, and kinds that change the screen."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from paper_heart import CHANNEL, NOW

from chatops.faces import Faces
from chatops.sandbox.hand import wait_until, words_of
from publisher.api import NEW_EVENT, DeliveryState, EventChoice, EventOrder, NoticeKind, Remark, Said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from paper_heart import PaperHeart

    from chatops.sandbox.hand import Hand
    from chatops.sandbox.records import OpenView

SHELTER = "避難所を開設しました。電話は04-7100-0000です。"
ASKED = "本文にある連絡先・住所"


def open_now(duty: Hand, text: str = SHELTER) -> OpenView:
    """Type the command."""
    duty.type(f"/sns now {text}")
    return duty.wait_for_form("緊急発信の確認")


def boxes(view: OpenView) -> dict[str, str]:
    """Return what can be ticked of the contacts, by its words."""
    inputs = (block for block in view.payload["blocks"] if block["type"] == "input")
    found = (block["element"] for block in inputs if block["label"]["text"] == ASKED)
    return {each["text"]["text"]: each["value"] for element in found for each in element["options"]}


def wait_for_button(duty: Hand, label: str) -> OpenView:
    """Wait until the form's button says *label*."""

    def shown() -> OpenView | None:
        view = duty.wait_for_form("緊急発信の確認")
        return view if view.payload["submit"]["text"] == label else None

    return wait_until(shown, label)


def value_of(view: OpenView, action_id: str) -> Any:
    """Return what a field holds."""
    return next(held[action_id] for held in view.values.values() if action_id in held)


def test_a_contact_without_an_answer_stops_the_button_beside_its_field(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """One error, under the list; one tick, and it goes: the contact is declared, as it is written."""
    serve()
    view = open_now(duty)
    own = boxes(view)["「04-7100-0000」は市の連絡先・施設です（記録に残ります）"]

    errors = duty.submit(view, {"緊急発信の理由": "開設"}).errors
    assert [block.split(".")[:2] for block in errors] == [["now", "own"]]
    assert "印のない連絡先・住所があります" in next(iter(errors.values()))
    assert heart.posts == {}
    assert duty.submit(view, {"緊急発信の理由": "開設", ASKED: [own]}).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert (heart.orders[-1].declared, heart.orders[-1].others_checked) == (frozenset({"04-7100-0000"}), False)


def test_an_order_that_lay_in_the_inbox_says_for_how_long(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand, tmp_path: Path
) -> None:
    """Confirmed an hour before the process came back: whoever sends must know that."""
    faces = serve()
    view = open_now(duty, "川が増水しています。")
    assert isinstance(faces, Faces)
    heart.fails = [OSError("the database is away")] * 2
    assert duty.submit(view, {"緊急発信の理由": "増水"}).errors == {}
    wait_until(lambda: len(heart.fails) < 2 or None, "the first try")
    faces.stop()
    with sqlite3.connect(tmp_path / "inbox" / "inbox.sqlite3") as file:
        file.execute("UPDATE entry SET created = created - 3600")
    heart.fails.clear()
    serve()
    wait_until(lambda: heart.orders or None, "the order")

    assert 3600 <= heart.orders[-1].waited_seconds < 3700


def test_a_contact_of_others_goes_by_the_last_box(serve: Callable[..., object], heart: PaperHeart, duty: Hand) -> None:
    """Nobody has to call the power company's number the city's own: nothing is a dead end."""
    serve()
    view = open_now(duty)

    assert duty.submit(view, {"緊急発信の理由": "停電", ASKED: ["others"]}).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert (heart.orders[-1].declared, heart.orders[-1].others_checked) == (frozenset(), True)


def test_who_takes_the_contact_out_sees_the_new_screen_first(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """Another text is shown before it goes: without a contact there is no list, with another one another list."""
    serve()
    view = open_now(duty)

    assert duty.submit(view, {"緊急発信の理由": "開設", "本文": SHELTER.replace("7100", "7199")}).errors == {}
    assert list(boxes(view)) == ["「04-7199-0000」は市の連絡先・施設です（記録に残ります）", list(boxes(view))[-1]]
    assert value_of(view, "now.own")["selected_options"] == []
    assert duty.submit(view, {"本文": "避難所を開設しました。"}).errors == {}
    assert boxes(view) == {}
    assert heart.posts == {}
    assert duty.submit(view).errors == {}
    wait_until(lambda: "K-1" in heart.posts or None, "the post")


def test_another_kind_is_shown_at_once_and_loses_nothing(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """What is no disaster says that it is not sent, on the button too; text, reason and ticks stay, there and back."""
    serve()
    view = open_now(duty)
    filled = {"緊急発信の理由": "雨", "本文": SHELTER + "延期です。", ASKED: ["04-7100-0000", "others"]}
    duty.choose(view, "災害の種類", "other", filled)
    view = wait_for_button(duty, "決裁に回す")

    said = words_of(view.payload["blocks"])
    assert "すぐには発信せず、通常の決裁に回します" in said
    assert "決裁を待たずに、時間外でもすぐに" not in said
    assert SHELTER + "延期です。" in said
    assert value_of(view, "now.text")["value"] == SHELTER + "延期です。"
    assert value_of(view, "now.reason")["value"] == "雨"
    assert list(boxes(view).values()) == ["04-7100-0000"]

    duty.choose(view, "災害の種類", "evacuation")
    view = wait_for_button(duty, "今すぐ発信")
    assert duty.submit(view).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    order = heart.orders[-1]
    assert (order.text, order.kind, order.reason) == (SHELTER + "延期です。", "evacuation", "雨")
    assert (order.declared, order.others_checked) == (frozenset({"04-7100-0000"}), True)


def test_a_kind_that_the_screen_does_not_show_yet_is_shown_before_it_counts(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """Where Slack lost the choice on its way, the button shows the new screen and sends nothing."""
    serve()
    view = open_now(duty, "避難所を開設しました。")

    duty.submit(view, {"緊急発信の理由": "雨", "災害の種類": "other"})

    assert view.payload["submit"]["text"] == "決裁に回す"
    assert "もう一度「決裁に回す」を押してください" in words_of(view.payload["blocks"])
    assert heart.posts == {}


def test_an_unticked_contact_of_an_ordinary_post_goes_to_approval(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """Whether it may be published is then for the approvers to say."""
    serve()
    duty.choose(open_now(duty), "災害の種類", "other")

    assert duty.submit(wait_for_button(duty, "決裁に回す"), {"急ぐ理由": "雨"}).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert heart.orders[-1].declared == frozenset()


# ── the event ────────────────────────────────────────────────────────────────────────────────────

FLOOD = EventChoice(
    key="e1", number=1, kind=Said(ja="風水害", en="Flood"), areas="布施", level=3, reports=1, reported_at=NOW
)
FIRE = EventChoice(
    key="e2", number=2, kind=Said(ja="火災", en="Fire"), areas="柏駅前", level=None, reports=3, reported_at=NOW
)
RIVER = "川に近づかないでください。"


def drawn(view: OpenView, label: str) -> str:
    """Return what a field is drawn with."""
    blocks = (block for block in view.payload["blocks"] if block["type"] == "input")
    element = next(block["element"] for block in blocks if block["label"]["text"].startswith(label))
    return str(element.get("initial_value") or element["initial_option"]["value"])


def wait_for_words(duty: Hand, words: str) -> OpenView:
    """Wait until the form says *words*."""

    def shown() -> OpenView | None:
        view = duty.wait_for_form("緊急発信の確認")
        return view if words in words_of(view.payload["blocks"]) else None

    return wait_until(shown, words)


def test_without_an_open_event_nothing_more_is_asked(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """One line says that it opens one; the reason is still all that has to be written."""
    serve()
    view = open_now(duty, RIVER)

    assert "新しい事案の第1報として発信します。" in words_of(view.payload["blocks"])
    assert "now.event" not in {action for held in view.values.values() for action in held}
    assert duty.submit(view, {"緊急発信の理由": "増水"}).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert heart.orders[-1].event == EventOrder(event=NEW_EVENT, areas="", level="", is_closing=False)


def test_an_open_event_is_chosen_already_and_says_what_it_stops(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """第2報, with the areas of the report before; what will not be sent any more is named before the button."""
    heart.events = (FLOOD, FIRE)
    serve()
    view = open_now(duty, RIVER)

    said = words_of(view.payload["blocks"])
    assert "第2報として発信します。" in said
    assert "第1報（K-9）のうち、まだ送れていない分（柏市X）は、送らずに置き換えます。" in said
    assert drawn(view, "事案") == "e1"
    assert drawn(view, "対象地域") == "布施"
    assert duty.submit(view, {"緊急発信の理由": "増水", "警戒レベル": "4"}).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert heart.orders[-1].event == EventOrder(event="e1", areas="布施", level="4", is_closing=False)
    answer = wait_for_words_in_answer(duty)
    assert "事案1の第2報です。" in answer


def wait_for_words_in_answer(duty: Hand) -> str:
    """Wait until the form shows what became of it."""

    def shown() -> str | None:
        view = duty.wait_for_form("緊急発信")
        said = words_of(view.payload["blocks"])
        return said if "緊急発信しました" in said else None

    return wait_until(shown, "the answer")


def test_another_event_is_drawn_at_once_with_its_own_areas_and_what_was_typed_stays(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """What we chose for the person follows the event; what the person wrote does not."""
    heart.events = (FLOOD, FIRE)
    serve()
    view = open_now(duty, RIVER)

    duty.choose(view, "事案", "e2", {"緊急発信の理由": "延焼"})
    view = wait_for_words(duty, "第4報として発信します。")
    assert drawn(view, "対象地域") == "柏駅前"
    assert value_of(view, "now.reason")["value"] == "延焼"
    duty.choose(view, "事案", "new", {"対象地域": "柏駅 東口"})
    view = wait_for_words(duty, "新しい事案の第1報として発信します。")
    assert drawn(view, "対象地域") == "柏駅 東口"
    assert duty.submit(view).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert heart.orders[-1].event == EventOrder(event=NEW_EVENT, areas="柏駅 東口", level="", is_closing=False)


def test_the_box_of_all_clear_says_that_the_event_ends(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """It is shown before it goes, and the answer says what ended."""
    heart.events = (FLOOD,)
    serve()
    duty.choose(open_now(duty, RIVER), "解除", ["closing"], {"緊急発信の理由": "水位低下"})
    view = wait_for_words(duty, "解除の第2報として発信し、事案を終えます。")

    assert duty.submit(view).errors == {}
    wait_until(lambda: heart.orders or None, "the order")
    assert heart.orders[-1].event.is_closing is True
    answer = wait_for_words_in_answer(duty)
    assert "事案1の第2報（解除）です。事案1を終えました。" in answer
    assert "まだ送れていなかった K-9（柏市X） を置き換えました。" in answer


def test_a_report_that_somebody_else_sent_meanwhile_is_shown_first(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """The button then sends nothing: the screen says 第3報 now, and wants it pressed again."""
    heart.events = (FLOOD,)
    serve()
    view = open_now(duty, RIVER)
    heart.events = (replace(FLOOD, reports=2),)

    duty.submit(view, {"緊急発信の理由": "増水"})
    said = words_of(view.payload["blocks"])
    assert "第3報として発信します。" in said
    assert "もう一度「今すぐ発信」を押してください" in said
    assert heart.orders == []
    assert duty.submit(view).errors == {}
    wait_until(lambda: heart.orders or None, "the order")


def test_a_late_one_can_be_replaced_from_its_question(
    serve: Callable[..., object], heart: PaperHeart, duty: Hand
) -> None:
    """置き換える opens the same confirmation with the old text, as the next report of the same event."""
    heart.events = (FLOOD,)
    serve()
    view = open_now(duty, RIVER)
    duty.submit(view, {"緊急発信の理由": "増水"})
    wait_until(lambda: "K-1" in heart.posts or None, "the post")
    line = heart.deliver("K-1", DeliveryState.ASKED, **LATE)
    heart.notify(NoticeKind.CARD, "K-1")
    heart.notify(NoticeKind.ASK, "K-1", delivery=line.id)
    question = duty.wait_for_message(lambda one: "今も有効ですか" in words_of(one.blocks), "the question", CHANNEL)
    duty.press(question, "置き換える")

    view = wait_for_words(duty, "第2報として発信します。")
    assert drawn(view, "本文") == RIVER


LATE: dict[str, Any] = {
    "problem": Remark(code="late", params={"latest_at": NOW.isoformat()}),
    "objection": "late",
    "who": "author",
    "is_doubtful": False,
    "is_emergency": True,
    "latest_minutes": 10,
}
