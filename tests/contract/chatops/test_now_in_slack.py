"""`/sns now` over the stand-in Slack: contacts that want an answer, and kinds that change the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.sandbox.hand import wait_until, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """Return what can be ticked, by its words."""
    found = (block["element"] for block in view.payload["blocks"] if block["type"] == "input")
    return {
        each["text"]["text"]: each["value"]
        for element in found
        if element["type"] in {"checkboxes", "multi_static_select"}
        for each in element["options"]
    }


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
