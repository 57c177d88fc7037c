"""LINE through the real line-bot-sdk, over a real socket, against the stand-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Throttled
from platforms.line import LinePlatform
from platforms.port import AccountRef, Endpoints, Media, Message, NotSeen, Plan, Receipt, SafeToRepeat
from platforms.sandbox.core import Fault, FaultKind, World

if TYPE_CHECKING:
    from collections.abc import Callable

CITY = AccountRef(key="kashiwa_line", handle="kashiwa", external_id="L1")
SECRETS = {"channel_access_token": "line-t0ken"}


@pytest.fixture
def line(world: World, endpoints: Endpoints, clock: Any) -> LinePlatform:
    """Open an account and the platform."""
    world.add_account("line", CITY.handle, external_id=CITY.external_id, secrets=SECRETS, name="柏市")
    return LinePlatform(endpoints, now=clock, timeout_seconds=1)


@pytest.fixture
def session(line: LinePlatform) -> Any:
    """Connect the account."""
    return line.connect(CITY, SECRETS)


@pytest.fixture
def publish(session: Any) -> Any:
    """Publish under a key."""

    def publish(plan: Plan, key: str) -> Receipt:
        return session.publish(plan, key=key, resume=None, checkpoint=lambda _: None)

    return publish


@pytest.fixture
def shown(world: World, endpoints: Endpoints) -> str:
    """Put a picture where LINE can fetch it."""
    world.put_blob("pond", "image/png", b"\x89PNG\r\n\x1a\n")
    return endpoints.line.removesuffix("/line") + "/_sandbox/media/pond"


def sent(world: World) -> list[Any]:
    """List what LINE sent to friends."""
    return world.all("line", "broadcast")


def test_a_broadcast_is_sent_once_under_its_key(
    world: World, line: LinePlatform, publish: Callable[..., Receipt], new_key: Callable[[], str]
) -> None:
    """LINE answers 409 with x-line-accepted-request-id to a key it took within 24 hours: that is a receipt."""
    plan, key = line.plan(Message(text="避難所を開設しました")), new_key()
    first, second = publish(plan, key), publish(plan, key)
    assert second.external_id == first.external_id
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.url is None
    assert len(sent(world)) == 1


@pytest.mark.parametrize(
    "kind",
    [FaultKind.DROP_AFTER, FaultKind.HANG_AFTER, FaultKind.ERROR_AFTER, FaultKind.GARBAGE_AFTER, FaultKind.DROP_BEFORE],
)
def test_an_answer_that_never_came_is_settled_by_the_same_key(
    world: World,
    line: LinePlatform,
    session: Any,
    publish: Callable[..., Receipt],
    new_key: Callable[[], str],
    clock: Any,
    kind: FaultKind,
) -> None:
    """One call is one POST on the wire; a repeat with the same key is safe and yields exactly one broadcast."""
    world.order(Fault(vendor="line", verb="publish", kind=kind, seconds=2))
    plan, key, since = line.plan(Message(text="一度だけ")), new_key(), clock()
    with pytest.raises(PerhapsSent):
        publish(plan, key)
    assert len(world.journal("line", "publish")) == 1
    assert isinstance(session.find(plan, key=key, resume=None, since=since), SafeToRepeat)
    publish(plan, key)
    assert len(sent(world)) == 1


def test_after_a_day_the_key_guards_nothing(
    line: LinePlatform, session: Any, new_key: Callable[[], str], clock: Any
) -> None:
    """A retry key lives 24 hours from the first attempt; after that a person is asked."""
    since = clock()
    clock.pass_by(hours=24)
    plan = line.plan(Message(text="昨日の知らせ"))
    assert session.find(plan, key=new_key(), resume=None, since=since) == NotSeen()
    assert line.limits.absence is None


def test_an_image_with_an_alternative_text_is_a_flex_message(
    world: World,
    line: LinePlatform,
    publish: Callable[..., Receipt],
    new_key: Callable[[], str],
    picture: Callable[..., Media],
    shown: str,
) -> None:
    """Only a Flex message has a field for the alternative text (altText)."""
    plan = line.plan(Message(text="開花しました", media=(picture(alt="池の蓮", url=shown),)))
    publish(plan, new_key())
    text, flex = sent(world)[0]["messages"]
    assert text == {"type": "text", "text": "開花しました"}
    assert flex["type"] == "flex"
    assert flex["altText"] == "池の蓮"
    assert flex["contents"]["hero"]["url"] == shown


def test_an_image_without_an_alternative_text_is_an_image_message(
    world: World,
    line: LinePlatform,
    publish: Callable[..., Receipt],
    new_key: Callable[[], str],
    picture: Callable[..., Media],
    shown: str,
) -> None:
    """An image message needs two addresses: the picture's and its preview's."""
    publish(line.plan(Message(text="開花しました", media=(picture(url=shown),))), new_key())
    image = sent(world)[0]["messages"][1]
    assert image == {"type": "image", "originalContentUrl": shown, "previewImageUrl": shown}


def test_line_really_fetches_the_pictures(
    world: World,
    line: LinePlatform,
    publish: Callable[..., Receipt],
    new_key: Callable[[], str],
    picture: Callable[..., Media],
    shown: str,
) -> None:
    """A picture whose address answers is shown; one whose address doesn't is missing though LINE said 200."""
    publish(line.plan(Message(text="見える", media=(picture(url=shown),))), new_key())
    publish(line.plan(Message(text="見えない", media=(picture(url=shown + "-gone"),))), new_key())
    fetched = [entry["extra"]["media_fetched"] for entry in world.journal("line", "publish")]
    assert fetched == [True, False]


def test_a_used_up_month_waits_for_the_next_in_japan(
    world: World, line: LinePlatform, publish: Callable[..., Receipt], new_key: Callable[[], str], clock: Any
) -> None:
    """429 has two meanings; 「You have reached your monthly limit.」 holds until the first of the month, JST."""
    clock.at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    world.order(Fault(vendor="line", verb="publish", kind=FaultKind.QUOTA))
    with pytest.raises(Throttled) as caught:
        publish(line.plan(Message(text="多すぎる")), new_key())
    assert caught.value.code == "quota_used_up"
    assert caught.value.until == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


def test_a_rate_limit_is_asked_again_in_minutes(
    world: World, line: LinePlatform, publish: Callable[..., Receipt], new_key: Callable[[], str], clock: Any
) -> None:
    """The other 429 is the rate of 60 broadcasts an hour."""
    world.order(Fault(vendor="line", verb="publish", kind=FaultKind.THROTTLED))
    with pytest.raises(Throttled) as caught:
        publish(line.plan(Message(text="速すぎる")), new_key())
    assert caught.value.code == "rate_limited"
    assert timedelta(0) < caught.value.until - clock() <= timedelta(hours=1)


def test_the_sixty_first_broadcast_of_an_hour_is_throttled(
    world: World, line: LinePlatform, publish: Callable[..., Receipt], new_key: Callable[[], str], clock: Any
) -> None:
    """LINE takes 60 broadcasts an hour for a channel."""
    plan = line.plan(Message(text="続報"))
    for _ in range(60):
        publish(plan, new_key())
    with pytest.raises(Throttled):
        publish(plan, new_key())
    clock.pass_by(hours=1, seconds=1)
    publish(plan, new_key())
    assert len(sent(world)) == 61


def test_a_wrong_token_needs_the_it_division(world: World, line: LinePlatform, new_key: Callable[[], str]) -> None:
    """401: the token was revoked or mistyped. It is not in what is said about it."""
    session = line.connect(CITY, {"channel_access_token": "wr0ng-token"})
    with pytest.raises(NeedsPerson) as caught:
        session.publish(line.plan(Message(text="誰")), key=new_key(), resume=None, checkpoint=lambda _: None)
    assert caught.value.who == "it"
    assert "wr0ng-token" not in str(caught.value)
    assert sent(world) == []


def test_a_text_that_line_refuses_is_refused_for_good(
    line: LinePlatform, publish: Callable[..., Receipt], new_key: Callable[[], str]
) -> None:
    """5,001 UTF-16 units past our own check come back as 400 with the place of the mistake."""
    with pytest.raises(Rejected, match=r"messages\[0\]\.text"):
        publish(Plan(platform="line", text="あ" * 5001), new_key())


def test_a_channel_that_cannot_be_reached_leaves_no_doubt(
    clock: Any, new_key: Callable[[], str], endpoints: Endpoints
) -> None:
    """A refused connection proves that not one byte was written."""
    closed = type(endpoints)(line="http://127.0.0.1:9")
    line = LinePlatform(closed, now=clock, timeout_seconds=1)
    with pytest.raises(NotSent):
        line.connect(CITY, SECRETS).publish(
            line.plan(Message(text="届かない")), key=new_key(), resume=None, checkpoint=lambda _: None
        )


def test_a_missing_token_is_named(line: LinePlatform) -> None:
    """`sns credentials set` can then ask for the very field."""
    with pytest.raises(NeedsPerson) as caught:
        line.connect(CITY, {})
    assert caught.value.params["field"] == "channel_access_token"
