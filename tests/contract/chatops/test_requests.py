"""Who gets in, what a repeat does, and what the web pages answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from paper_heart import CHANNEL, NOW, PaperHeart, PaperPost

from chatops.faces import FaceOptions, Faces
from chatops.sandbox.hand import wait_until, words_of
from chatops.sandbox.transport import sign
from publisher.api import DeliveryState, DraftForm, NoticeKind, PostState
from publisher.clock import RealClock

if TYPE_CHECKING:
    from pathlib import Path

    from chatops.sandbox.hand import Hand
    from chatops.sandbox.model import SlackWorld

Serve = Any
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = DraftForm(section="koen", text="本文", accounts=("line",), category="event")


def post(world: SlackWorld, text: str, *, secret: str = SECRET, seconds_ago: int = 0) -> int:
    """Send a signed slash command as Slack does; returns the status."""
    fields = {
        "command": "/sns",
        "text": text,
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": CHANNEL,
        "trigger_id": "1.2.3",
        "api_app_id": "A1",
    }
    body = urlencode(fields).encode()
    timestamp = str(int(RealClock().now().timestamp()) - seconds_ago)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret, timestamp, body),
    }
    try:
        with urlopen(Request(world.request_url or "", data=body, headers=headers), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def test_a_forged_signature_is_refused(serve: Serve, world: SlackWorld, heart: PaperHeart) -> None:
    """Whoever doesn't know the signing secret gets 401, and nothing happens."""
    serve()
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=FORM)

    assert post(world, "cancel K-1", secret="another") == 401
    assert heart.acts == []


def test_an_old_request_is_refused(serve: Serve, world: SlackWorld, heart: PaperHeart) -> None:
    """A request signed more than five minutes ago is a replay."""
    serve()
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=FORM)

    assert post(world, "cancel K-1", seconds_ago=301) == 401
    assert heart.acts == []


def test_a_replay_inside_five_minutes_does_nothing(
    serve: Serve, world: SlackWorld, heart: PaperHeart, clerk: Hand
) -> None:
    """The inbox knows the key: the repeat is acknowledged and not applied."""
    faces = serve()
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=FORM)

    assert [post(world, "cancel K-1") for _ in range(3)] == [200, 200, 200]
    clerk.wait_for_message(lambda m: "中止しました" in m.text, "the answer", CHANNEL)
    wait_until(lambda: faces.office.inbox.count_open() == 0 or None, "the inbox to be empty")
    assert [what for _, what in heart.acts] == ["cancel:"]


def test_without_a_signing_secret_the_endpoint_is_shut(world: SlackWorld, heart: PaperHeart, tmp_path: Path) -> None:
    """An empty secret would let everybody sign."""
    options = FaceOptions(home=tmp_path, slack_api_url=world.api_url, bot_token="xoxb-sandbox")
    faces = Faces(services=heart.services, options=options, now=lambda: NOW)
    faces.start()
    faces.wait_until_ready(10)
    answer = faces.web.test_client().post("/slack/events", data="x")
    health = faces.web.test_client().get("/healthz")
    faces.stop()

    assert answer.status_code == 503
    assert health.status_code == 503
    assert "SNS_SLACK_SIGNING_SECRET" in health.get_data(as_text=True)


def test_the_pages_for_machines(serve: Serve) -> None:
    """Health as JSON, metrics as Prometheus reads them, media by its token alone."""
    web = serve().web.test_client()

    assert web.get("/healthz").json == {
        "is_well": True,
        "checks": [
            {"name": "database", "is_well": True, "detail": "ok"},
            {"name": "slack", "is_well": True, "detail": "HTTP"},
        ],
    }
    metrics = web.get("/metrics").get_data(as_text=True)
    assert [
        line
        for line in (
            'kairan_check_ok{check="database"} 1.0',
            'kairan_breaker_open{platform="x"} 1.0',
            'kairan_breaker_open{platform="line"} 0.0',
            'kairan_closed_accounts{because="needs_person"} 1.0',
            'kairan_closed_accounts{because="throttled"} 0.0',
        )
        if line not in metrics
    ] == []
    found = web.get("/media/good/a.jpg")
    assert (found.status_code, found.mimetype, found.headers["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    found.close()
    assert web.get("/media/bad/a.jpg").status_code == 404


def test_slack_may_be_down_at_the_start(world: SlackWorld, heart: PaperHeart, tmp_path: Path) -> None:
    """The faces begin without Slack, say so, and connect as soon as it answers."""
    world.order_failure("auth.test", "internal_error", times=1, status=500)
    options = FaceOptions(
        home=tmp_path, slack_api_url=world.api_url, bot_token="xoxb-sandbox", app_token="xapp-sandbox"
    )
    faces = Faces(services=heart.services, options=options, now=lambda: NOW)
    faces.start()
    is_ready = faces.wait_until_ready(15)
    lines = faces.check_health()
    faces.stop()

    assert is_ready
    assert lines[-1].is_well


@pytest.mark.parametrize("kind", [NoticeKind.CARD, NoticeKind.DELIVERY])
def test_a_message_that_slack_took_but_did_not_confirm_is_not_sent_twice(
    serve: Serve, heart: PaperHeart, world: SlackWorld, chief: Hand, kind: NoticeKind
) -> None:
    """A repeated attempt looks for our id in the channel before it posts."""
    serve()
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=FORM, state=PostState.APPROVED)
    if kind is NoticeKind.DELIVERY:
        heart.notify(NoticeKind.CARD, "K-1")
        wait_until(lambda: heart.cards.get("K-1"), "the card")
    world.order_failure("chat.postMessage", "internal_error", times=1, status=500, after_accepting=True)
    line = heart.deliver("K-1", DeliveryState.SENT)
    heart.notify(kind, "K-1", delivery=line.id)
    wait_until(lambda: (heart.finished >= (1 if kind is NoticeKind.CARD else 2)) or None, "the notice to be done")
    told = [m for m in chief.messages(CHANNEL) if bool(m.thread_ts) is (kind is NoticeKind.DELIVERY)]

    assert len(told) == 1


def test_slacks_retry_after_is_honoured(serve: Serve, heart: PaperHeart, world: SlackWorld, chief: Hand) -> None:
    """A card that Slack throttles is posted later, once."""
    serve()
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=FORM, state=PostState.SUBMITTED)
    world.order_failure("chat.postMessage", "ratelimited", times=1, retry_after_seconds=1)
    heart.notify(NoticeKind.CARD, "K-1")
    chief.wait_for_message(lambda m: "K-1" in words_of(m.blocks), "the card", CHANNEL)

    assert heart.put_back == [1.0]


def test_an_expired_trigger_is_told_in_words(serve: Serve, world: SlackWorld, clerk: Hand) -> None:
    """A form that could not be opened in time is no silence."""
    serve()
    world.order_failure("views.open", "expired_trigger_id", times=1)
    clerk.type("/sns draft")

    clerk.wait_for_message(lambda m: "画面を開けませんでした" in m.text, "the sentence")


def test_an_error_of_ours_is_told_in_words(serve: Serve, heart: PaperHeart, clerk: Hand) -> None:
    """Whatever breaks, the person who asked hears of it; the record has the story, the person the sentence."""
    serve()
    heart.cards.clear()
    heart.posts["K-1"] = json.loads("{}")
    clerk.type("/sns show K-1")

    clerk.wait_for_message(lambda m: "エラーが起きたため" in m.text, "the sentence")
