"""The life of a form through the real Bolt, by Socket Mode and by signed HTTP."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_sdk import WebClient


def plain(text: str) -> dict[str, str]:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def form(*, callback_id: str = "draft", note: str = "") -> dict[str, Any]:
    """Return a form with one text field and one menu."""
    options = [{"text": plain("催し"), "value": "event"}, {"text": plain("募集"), "value": "call"}]
    text = {"type": "plain_text_input", "action_id": "text", "multiline": True}
    blocks: list[dict[str, Any]] = [
        {"type": "input", "block_id": "text", "label": plain("本文"), "element": text},
        {
            "type": "input",
            "block_id": "category",
            "label": plain("分類"),
            "element": {
                "type": "static_select",
                "action_id": "category",
                "options": options,
                "initial_option": options[0],
            },
        },
    ]
    if note:
        blocks.append({"type": "section", "block_id": "note", "text": plain(note)})
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("下書き"),
        "submit": plain("提出"),
        "blocks": blocks,
    }


@pytest.mark.usefixtures("link")
def test_a_command_opens_a_form_that_is_mended_sent_and_ends_as_a_message(
    bolt: App, desk: Any, wait_until: Any
) -> None:
    """Command, form, error under its field, submission, click, changed message, private answer: both ways."""
    seen: dict[str, Any] = {}

    @bolt.command("/sns")
    def open_form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        seen["command"] = body
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @bolt.view("draft")
    def take(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        values = body["view"]["state"]["values"]
        seen["values"] = values
        if values["text"]["text"]["value"] == "短い":
            ack(response_action="errors", errors={"text": "もう少し書いてください"})
            return
        ack()
        button = {"type": "button", "action_id": "approve", "text": plain("決裁"), "value": "K-1"}
        card = [{"type": "actions", "block_id": "card", "elements": [button]}]
        client.chat_postMessage(channel="C1", text="承認のお願い", blocks=card)

    @bolt.action("approve")
    def approve(ack: Any, body: dict[str, Any], client: WebClient, respond: Any) -> None:
        ack()
        seen["action"] = body
        client.chat_update(channel="C1", ts=body["message"]["ts"], text="決裁済み", blocks=[])
        respond(text="決裁しました", replace_original=False)

    assert desk.do("command", user="U1", channel="C1", text="/sns draft 桜が咲きました")["is_acknowledged"]
    wait_until(lambda: len(desk.see()["views"]) == 1)
    assert seen["command"]["text"] == "draft 桜が咲きました"
    view_id = desk.see()["views"][0]["id"]

    answer = desk.do("view/submit", user="U1", view_id=view_id, state={"text": {"text": "短い"}})
    assert answer["errors"] == {"text": "もう少し書いてください"}
    assert desk.see()["views"][0]["errors"] == {"text": "もう少し書いてください"}

    desk.do("view/submit", user="U1", view_id=view_id, state={"text": {"text": "桜が咲きました"}})
    assert desk.see()["views"] == []
    assert seen["values"]["category"]["category"]["selected_option"]["value"] == "event"
    wait_until(lambda: desk.texts("C1") == ["承認のお願い"])

    ts = desk.see("U2")["messages"]["C1"][0]["ts"]
    desk.do("action", user="U2", channel="C1", message_ts=ts, block_id="card", action_id="approve")
    wait_until(lambda: desk.texts("C1", "U2") == ["決裁済み", "決裁しました"])
    assert desk.texts("C1", "U1") == ["決裁済み"]
    assert seen["action"]["actions"][0]["value"] == "K-1"
    assert seen["action"]["user"]["id"] == "U2"


@pytest.mark.usefixtures("link")
def test_an_acknowledgement_can_replace_a_form_lay_another_over_it_and_clear_all(bolt: App, desk: Any) -> None:
    """`response_action` update, push and clear do to the stack what Slack's documentation says."""

    @bolt.view("first")
    def update(ack: Any) -> None:
        ack(response_action="update", view=form(callback_id="second", note="確認"))

    @bolt.view("second")
    def push(ack: Any) -> None:
        ack(response_action="push", view=form(callback_id="third"))

    @bolt.view("third")
    def clear(ack: Any) -> None:
        ack(response_action="clear")

    state = {"text": {"text": "本文"}}
    first = desk.world.views.open(desk.world.views.issue_trigger("U1"), form(callback_id="first"))

    desk.do("view/submit", user="U1", view_id=first.id, state=state)
    assert [view["callback_id"] for view in desk.see()["views"]] == ["second"]
    desk.do("view/submit", user="U1", view_id=first.id, state={})
    assert [view["callback_id"] for view in desk.see()["views"]] == ["second", "third"]
    desk.do("view/submit", user="U1", view_id=desk.see()["views"][1]["id"], state=state)
    assert desk.see()["views"] == []


@pytest.mark.usefixtures("link")
def test_a_form_that_nobody_answers_stays_open_and_says_so(desk: Any) -> None:
    """Without a listener Bolt acknowledges nothing: the person keeps what they wrote and reads of the trouble."""
    view = desk.world.views.open(desk.world.views.issue_trigger("U1"), form(callback_id="unknown"))

    answer = desk.do("view/submit", user="U1", view_id=view.id, state={"text": {"text": "本文"}})

    assert not answer["is_acknowledged"]
    shown = desk.see()["views"][0]
    assert shown["trouble"] == "接続に問題が発生しました。もう一度お試しください。"
    assert shown["values"]["text"]["text"]["value"] == "本文"


@pytest.mark.usefixtures("link")
def test_a_command_that_is_not_acknowledged_in_three_seconds_fails_before_the_person(bolt: App, desk: Any) -> None:
    """The person sees Slack's error word, and nobody else does."""
    hold = threading.Event()

    @bolt.command("/sns")
    def think_too_long(ack: Any) -> None:
        hold.wait(20)
        ack()

    answer = desk.do("command", user="U1", channel="C1", text="/sns draft")
    hold.set()

    assert answer["error"] == "operation_timeout"
    assert desk.texts("C1", "U1") == ["/sns は「operation_timeout」エラーで失敗しました。"]
    assert desk.texts("C1", "U2") == []


def test_a_required_field_left_empty_never_reaches_the_app(desk: Any) -> None:
    """Slack itself refuses an empty required field: nothing is sent."""
    view = desk.world.views.open(desk.world.views.issue_trigger("U1"), form())

    answer = desk.do("view/submit", user="U1", view_id=view.id, state={"text": {"text": ""}})

    assert answer["errors"] == {"text": "この項目は必須です"}
    assert len(desk.world.sent) == 0


def test_a_trigger_opens_one_form_within_three_seconds(client: WebClient, desk: Any) -> None:
    """A second use and a late use are refused in Slack's words."""
    trigger = desk.world.views.issue_trigger("U1")
    client.views_open(trigger_id=trigger, view=form())

    with pytest.raises(SlackApiError) as twice:
        client.views_open(trigger_id=trigger, view=form())
    late = desk.world.views.issue_trigger("U1")
    desk.do("orders/expire-triggers")
    with pytest.raises(SlackApiError) as expired:
        client.views_open(trigger_id=late, view=form())

    assert twice.value.response["error"] == "exchanged_trigger_id"
    assert expired.value.response["error"] == "expired_trigger_id"


def test_an_update_with_an_old_hash_or_of_a_closed_form_is_refused(client: WebClient, desk: Any) -> None:
    """`hash` guards against overwriting a newer form; a form that was closed is not found."""
    first = client.views_open(trigger_id=desk.world.views.issue_trigger("U1"), view=form())["view"]
    client.views_update(view_id=first["id"], hash=first["hash"], view=form(note="一"))

    with pytest.raises(SlackApiError) as conflict:
        client.views_update(view_id=first["id"], hash=first["hash"], view=form(note="二"))
    desk.do("view/close", user="U1", view_id=first["id"])
    with pytest.raises(SlackApiError) as closed:
        client.views_update(view_id=first["id"], view=form())

    assert conflict.value.response["error"] == "hash_conflict"
    assert closed.value.response["error"] == "not_found"


def test_a_fourth_form_on_the_stack_is_refused(client: WebClient, desk: Any) -> None:
    """Slack lays at most three forms over one another."""
    issue = desk.world.views.issue_trigger
    client.views_open(trigger_id=issue("U1"), view=form())
    client.views_push(trigger_id=issue("U1"), view=form())
    client.views_push(trigger_id=issue("U1"), view=form())

    with pytest.raises(SlackApiError) as fourth:
        client.views_push(trigger_id=issue("U1"), view=form())

    assert fourth.value.response["error"] == "push_limit_reached"


def boxes(block_id: str, ticked: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a block of two boxes."""
    options = [{"text": plain("市のもの"), "value": "own"}, {"text": plain("ほか"), "value": "others"}]
    element: dict[str, Any] = {"type": "checkboxes", "action_id": "ticks", "options": options}
    if ticked:
        element["initial_options"] = [each for each in options if each["value"] in ticked]
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("連絡先"),
        "optional": True,
        "dispatch_action": True,
        "element": element,
    }


def dispatching(*more: dict[str, Any], note: str = "") -> dict[str, Any]:
    """Return the form with a menu that the app hears of at once, and *more* blocks."""
    view = form(note=note)
    view["blocks"][1]["dispatch_action"] = True
    view["blocks"] += more
    return view


@pytest.mark.usefixtures("link")
def test_a_choice_in_a_dispatching_field_shows_the_form_anew_and_keeps_what_was_typed(
    bolt: App, desk: Any, wait_until: Any
) -> None:
    """`dispatch_action` on an input sends `block_actions` with all values and the hash; `views.update` takes it."""
    seen: list[dict[str, Any]] = []

    @bolt.action("category")
    def change(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        seen.append(body)
        view = body["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=dispatching(note="募集の見え方"))

    view = desk.world.views.open(desk.world.views.issue_trigger("U1"), dispatching())
    answer = desk.do(
        "action",
        user="U1",
        view_id=view.id,
        block_id="category",
        action_id="category",
        value="call",
        state={"text": {"text": "書きかけ"}},
    )

    assert answer["is_acknowledged"]
    wait_until(lambda: len(desk.see()["views"][0]["blocks"]) == 3)
    (body,) = seen
    assert (body["type"], body["container"]) == ("block_actions", {"type": "view", "view_id": view.id})
    assert body["actions"][0]["selected_option"]["value"] == "call"
    assert body["view"]["state"]["values"]["text"]["text"]["value"] == "書きかけ"
    assert body["view"]["state"]["values"]["category"]["category"]["selected_option"]["value"] == "call"
    shown = desk.see()["views"][0]
    assert shown["hash"] != body["view"]["hash"]
    assert shown["values"]["text"]["text"]["value"] == "書きかけ"
    assert shown["values"]["category"]["category"]["selected_option"]["value"] == "call"


def test_ticks_stay_in_the_same_block_and_another_block_begins_with_its_own(client: WebClient, desk: Any) -> None:
    """An update looks at first values only where block and action are new ("Preserving input entry")."""
    first = client.views_open(trigger_id=desk.world.views.issue_trigger("U1"), view=dispatching(boxes("list.1")))[
        "view"
    ]
    state = {"list.1": {"ticks": ["own"]}}
    desk.do(
        "action", user="U1", view_id=first["id"], block_id="category", action_id="category", value="call", state=state
    )

    def ticked(block_id: str) -> list[str]:
        view = desk.world.views.find("U1", first["id"])
        desk.do("view/submit", user="U1", view_id=view.id, state={"text": {"text": "本文"}})
        return [one["value"] for one in view.values[block_id]["ticks"]["selected_options"]]

    client.views_update(view_id=first["id"], view=dispatching(boxes("list.1", ("others",))))
    assert ticked("list.1") == ["own"]
    client.views_update(view_id=first["id"], view=dispatching(boxes("list.2", ("others",))))
    assert ticked("list.2") == ["others"]


def test_a_choice_in_a_quiet_field_reaches_nobody(desk: Any) -> None:
    """Without `dispatch_action` an input is told with the submission alone."""
    view = desk.world.views.open(desk.world.views.issue_trigger("U1"), form())

    answer = desk.do("action", user="U1", view_id=view.id, block_id="category", action_id="category", value="call")

    assert answer["error"] == "action_not_dispatched"
    assert len(desk.world.sent) == 0
