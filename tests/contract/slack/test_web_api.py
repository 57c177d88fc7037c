"""The Web API through the official SDK: messages, files, people, and Slack's refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from collections.abc import Callable


def refusal(call: Callable[[], object]) -> dict[str, Any]:
    """Return the answer with which *call* is refused."""
    with pytest.raises(SlackApiError) as refused:
        call()
    found: dict[str, Any] = refused.value.response.data
    return found


def test_a_message_is_found_again_by_its_metadata(client: WebClient) -> None:
    """What the courier reads back after a doubtful post: its own id in the metadata, newest first."""
    metadata = {"event_type": "kairan_notice", "event_payload": {"id": "n-1"}}
    client.chat_postMessage(channel="C1", text="一")
    posted = client.chat_postMessage(channel="C1", text="二", metadata=metadata)

    page = client.conversations_history(channel="C1", include_all_metadata=True, limit=1)
    rest = client.conversations_history(channel="C1", cursor=page["response_metadata"]["next_cursor"])

    assert page["messages"][0]["metadata"] == metadata
    assert page["messages"][0]["ts"] == posted["ts"]
    assert [message["text"] for message in rest["messages"]] == ["一"]
    assert client.conversations_history(channel="C1", oldest=posted["ts"])["messages"] == []


def test_a_thread_holds_its_answers(client: WebClient) -> None:
    """Answers stay out of the channel's history and come in order in the thread."""
    first = client.chat_postMessage(channel="C1", text="カード")["ts"]
    client.chat_postMessage(channel="C1", text="結果", thread_ts=first)

    thread = client.conversations_replies(channel="C1", ts=first)["messages"]

    assert [message["text"] for message in thread] == ["カード", "結果"]
    assert len(client.conversations_history(channel="C1")["messages"]) == 1


def test_a_persons_direct_messages_are_seen_by_them_alone(client: WebClient, desk: Any) -> None:
    """A post to a person's id lands in the bot's conversation with them."""
    channel = client.conversations_open(users="U1")["channel"]["id"]
    client.chat_postMessage(channel="U1", text="お知らせ")

    assert desk.texts(channel, "U1") == ["お知らせ"]
    assert channel not in desk.see("U2")["messages"]


def test_people_are_told_with_their_language(client: WebClient) -> None:
    """`locale` comes only when it is asked for."""
    assert client.users_info(user="U2", include_locale=True)["user"]["locale"] == "en-US"
    assert "locale" not in client.users_info(user="U2")["user"]
    assert client.users_info(user="U1")["user"]["profile"]["title"] == "公園緑地課 主任"


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")]
)
def test_a_wrong_token_is_refused(desk: Any, token: str, error: str) -> None:
    """Each method takes one kind of token."""
    stranger = WebClient(token=token, base_url=desk.world.api_url, retry_handlers=[])

    assert refusal(stranger.auth_test)["error"] == error


def test_unknown_places_and_methods_are_refused(client: WebClient) -> None:
    """Slack's own words for what is not there, or not for the bot."""
    assert refusal(lambda: client.chat_postMessage(channel="C404", text="x"))["error"] == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel="C9", text="x"))["error"] == "not_in_channel"
    assert refusal(lambda: client.api_call("chat.postMessage", json={"channel": "C1"}))["error"] == "no_text"
    assert refusal(lambda: client.users_info(user="U404"))["error"] == "user_not_found"
    assert refusal(lambda: client.api_call("files.upload"))["error"] == "unknown_method"


def test_blocks_over_a_limit_are_refused_with_their_place(client: WebClient) -> None:
    """The answer has Slack's shape: `errors`, and the same under `response_metadata` with a mark."""
    text = {"type": "mrkdwn", "text": "あ" * 3001}

    answer = refusal(
        lambda: client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "section", "text": text}])
    )

    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert answer["response_metadata"]["messages"][1].startswith("[ERROR] must be less than 3001 characters")


def test_a_title_over_24_characters_is_refused_as_slack_does(client: WebClient, desk: Any) -> None:
    """The three messages were seen in slackapi/bolt-js issue 2282."""
    view = {"type": "modal", "title": {"type": "plain_text", "text": "題" * 25}, "blocks": []}

    answer = refusal(lambda: client.views_open(trigger_id=desk.world.views.issue_trigger("U1"), view=view))

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] failed to match all allowed schemas [json-pointer:/view/title]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]


def test_an_ordered_rate_limit_names_the_seconds_to_wait(client: WebClient, desk: Any) -> None:
    """429 with `Retry-After`, once, and nothing was posted."""
    desk.do("orders/fail", method="chat.postMessage", error="ratelimited", retry_after=7)

    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="x")

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    assert desk.texts("C1") == []
    assert client.chat_postMessage(channel="C1", text="x")["ok"]


def test_a_failure_after_accepting_leaves_the_message(client: WebClient, desk: Any) -> None:
    """The trap for whoever posts again without looking."""
    desk.do("orders/fail", method="chat.postMessage", error="fatal_error", status=500, after_accepting=True)

    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C1", text="一度だけ")

    assert desk.texts("C1") == ["一度だけ"]


def test_a_file_goes_up_in_three_steps_and_comes_down_with_the_token_alone(client: WebClient, desk: Any) -> None:
    """Without the token Slack's file host answers 200 with a login page, never with the bytes."""
    body = b"\x89PNG\r\n\x1a\n" + bytes(64)
    up = client.files_upload_v2(channel="C1", filename="花 1.png", content=body, initial_comment="写真")
    address = client.files_info(file=up["file"]["id"])["file"]["url_private"]

    own = requests.get(address, headers={"Authorization": f"Bearer {desk.world.bot_token}"}, timeout=5)
    stranger = requests.get(address, headers={"Authorization": "Bearer xoxb-wrong"}, timeout=5)

    assert own.content == body
    assert own.headers["Content-Type"] == "image/png"
    assert stranger.status_code == 200
    assert stranger.headers["Content-Type"].startswith("text/html")
    assert desk.see()["messages"]["C1"][0]["files"][0]["name"] == "花 1.png"


def test_a_file_that_a_person_attaches_reaches_the_form(desk: Any) -> None:
    """`file_input` gives the app Slack's file objects with their private address."""
    sent = {"file": ("花.png", b"bytes", "image/png")}
    answer = requests.post(f"{desk.url}/slack/page/upload", data={"user": "U1"}, files=sent, timeout=5).json()
    element = {"type": "file_input", "action_id": "pictures", "filetypes": ["jpg"]}
    label = {"type": "plain_text", "text": "画像"}
    view = {
        "type": "modal",
        "title": label,
        "submit": label,
        "blocks": [{"type": "input", "block_id": "pictures", "label": label, "element": element}],
    }
    opened = desk.world.views.open(desk.world.views.issue_trigger("U1"), view)
    state = {"pictures": {"pictures": {"files": [answer["files"][0]["id"]]}}}

    refused = desk.do("view/submit", user="U1", view_id=opened.id, state=state)

    assert refused["errors"] == {"pictures": "この種類のファイルは添付できません"}
    values = desk.see()["views"][0]["values"]["pictures"]["pictures"]
    assert values["files"][0]["url_private"].startswith(f"{desk.url}/slack/files/private/")


def test_a_response_address_answers_five_times(desk: Any) -> None:
    """The sixth answer is refused; answers are private unless they say otherwise."""
    address = desk.world.responses.give_out(channel_id="C1", user_id="U1")
    for number in range(5):
        kind = "in_channel" if number == 4 else "ephemeral"
        body = {"text": str(number), "response_type": kind}
        assert requests.post(address, json=body, timeout=5).json() == {"ok": True}

    sixth = requests.post(address, json={"text": "5"}, timeout=5)

    assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")
    assert desk.texts("C1", "U1") == ["0", "1", "2", "3", "4"]
    assert desk.texts("C1", "U2") == ["4"]


def test_an_update_keeps_blocks_that_it_does_not_name(client: WebClient, desk: Any) -> None:
    """Blocks left out stay, an empty list takes them away, and only own messages can be changed."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "本文"}}
    ts = client.chat_postMessage(channel="C1", text="一", blocks=[block])["ts"]
    client.chat_update(channel="C1", ts=ts, text="二")
    assert len(desk.see()["messages"]["C1"][0]["blocks"]) == 1
    client.chat_update(channel="C1", ts=ts, text="三", blocks=[])
    assert desk.see()["messages"]["C1"][0]["blocks"] == []

    written = desk.do("message", user="U1", channel="C1", text="人の言葉")["ts"]

    assert refusal(lambda: client.chat_update(channel="C1", ts=written, text="x"))["error"] == "cant_update_message"
    assert refusal(lambda: client.chat_update(channel="C1", ts=ts, text="あ" * 1334))["error"] == "msg_too_long"
