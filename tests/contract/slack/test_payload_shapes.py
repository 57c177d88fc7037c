"""The payloads against the vendor's samples: no field of ours is unknown to Slack."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

SAMPLES = SHARED / "specs" / "slack" / "java-slack-sdk-samples" / "app-backend"
BEYOND_THE_SAMPLES = {"response_urls", "blocks", "values"}
"""Fields that bolt-python's tests show and the Java samples leave out, and the free keys of a state."""

pytestmark = [needs_shared, pytest.mark.specs]


def strange(ours: Any, theirs: Any, place: str = "") -> list[str]:
    """List the fields of *ours* that *theirs* does not have, with their places."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and theirs:
        unknown = [f"{place}/{name}" for name in ours if name not in theirs and name not in BEYOND_THE_SAMPLES]
        shared = [name for name in ours if name in theirs and name not in BEYOND_THE_SAMPLES]
        return unknown + [one for name in shared for one in strange(ours[name], theirs[name], f"{place}/{name}")]
    return []


def sample(path: str) -> dict[str, Any]:
    """Read one of the vendor's samples."""
    found: dict[str, Any] = json.loads((SAMPLES / path).read_text("utf-8"))
    return found


def form() -> dict[str, Any]:
    """Return a form with a button and a text."""
    text = {"type": "plain_text", "text": "語"}
    return {
        "type": "modal",
        "title": text,
        "submit": text,
        "notify_on_close": True,
        "blocks": [
            {"type": "actions", "block_id": "a", "elements": [{"type": "button", "text": text, "action_id": "go"}]},
            {
                "type": "input",
                "block_id": "b",
                "label": text,
                "element": {"type": "plain_text_input", "action_id": "t"},
            },
        ],
    }


@pytest.mark.usefixtures("by_http")
def test_every_field_of_ours_is_in_the_vendors_samples(desk: Any) -> None:
    """Command, click on a message, click in a form, submission and closing."""
    text = {"type": "plain_text", "text": "語"}
    button = {"type": "button", "text": text, "action_id": "go", "value": "1", "style": "primary"}
    card = desk.world.conversations.post(
        channel_id="C1",
        author_id=desk.world.bot_user_id,
        text="カード",
        blocks=[{"type": "actions", "block_id": "a", "elements": [button]}],
    )
    view = desk.world.views.open(desk.world.views.issue_trigger("U1"), form())

    desk.do("command", user="U1", channel="C1", text="/sns help")
    desk.do("action", user="U1", channel="C1", message_ts=card.ts, action_id="go")
    desk.do("action", user="U1", view_id=view.id, block_id="a", action_id="go")
    desk.do("view/submit", user="U1", view_id=view.id, state={"b": {"t": "本文"}})
    desk.do("view/close", user="U1", view_id=view.id)

    command, click, form_click, submission, closing = [request.payload for request in desk.world.sent]
    actions = sample("interactive-components/BlockActionPayload.json") | {
        "view": sample("views/ViewClosedPayload.json")["view"]
    }
    assert strange(command, sample("slash-commands/SlashCommandPayload.json")) == []
    assert strange(click, actions) == []
    assert strange(form_click, actions) == []
    assert strange(submission, sample("views/ViewSubmissionPayload.json")) == []
    assert strange(closing, sample("views/ViewClosedPayload.json")) == []
    assert closing["type"] == "view_closed"


@pytest.mark.usefixtures("by_http")
def test_an_ephemeral_message_is_not_sent_back(desk: Any) -> None:
    """Slack keeps no ephemeral message, so a click on one comes without it."""
    text = {"type": "plain_text", "text": "語"}
    blocks = [{"type": "actions", "block_id": "a", "elements": [{"type": "button", "text": text, "action_id": "go"}]}]
    shown = desk.world.conversations.post(
        channel_id="C1", author_id=desk.world.bot_user_id, text="x", blocks=blocks, ephemeral_to="U1"
    )

    desk.do("action", user="U1", channel="C1", message_ts=shown.ts, action_id="go")
    payload = desk.world.sent[-1].payload

    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    assert payload["response_url"].startswith(f"{desk.url}/slack/response/")
