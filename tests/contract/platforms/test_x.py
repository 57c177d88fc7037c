"""X through the real tweepy, over a real socket, against the stand-in."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Throttled
from platforms.port import AccountRef, Endpoints, Found, Media, MediaKind, Message, NotSeen, Plan, Receipt
from platforms.sandbox.core import Fault, FaultKind, World
from platforms.x import XPlatform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KOEN = AccountRef(key="kashiwa_koen", handle="kashiwa_koen", external_id="1001")
SHI = AccountRef(key="kashiwa_shi", handle="kashiwa_shi", external_id="1002")


def secrets_of(account: AccountRef) -> dict[str, str]:
    """Make the four secrets of an account."""
    return {
        "consumer_key": "app",
        "consumer_secret": "app-secret",
        "access_token": f"{account.external_id}-token",
        "access_token_secret": f"{account.external_id}-secret",
    }


@pytest.fixture
def x(world: World, endpoints: Endpoints, clock: Any) -> XPlatform:
    """Open two accounts and the platform."""
    for account in (KOEN, SHI):
        world.add_account("x", account.handle, external_id=account.external_id, secrets=secrets_of(account))
    return XPlatform(endpoints, now=clock, timeout_seconds=1)


@pytest.fixture
def session(x: XPlatform) -> Any:
    """Connect the section's account."""
    return x.connect(KOEN, secrets_of(KOEN))


@pytest.fixture
def checkpoints() -> list[str]:
    """Keep what the adapter checkpoints."""
    return []


@pytest.fixture
def publish(session: Any, new_key: Callable[[], str], checkpoints: list[str]) -> Any:
    """Publish on the section's account."""

    def publish(plan: Plan, resume: str | None = None) -> Receipt:
        return session.publish(plan, key=new_key(), resume=resume, checkpoint=checkpoints.append)

    return publish


def on_timeline(world: World, verb: str = "publish") -> list[Any]:
    """List what X took."""
    return [entry for entry in world.journal("x", verb) if entry["outcome"] == "accepted"]


def test_a_post_is_on_the_timeline_with_its_link(world: World, x: XPlatform, publish: Callable[..., Receipt]) -> None:
    """A receipt's address opens the very post: the text is what was planned, character for character."""
    receipt = publish(x.plan(Message(text="あけぼの山農業公園でチューリップが見頃です")))
    with urllib.request.urlopen(receipt.url) as page:
        shown = page.read().decode()
    assert "あけぼの山農業公園でチューリップが見頃です" in shown
    assert [entry["external_id"] for entry in on_timeline(world)] == [receipt.external_id]


def test_images_carry_their_alternative_texts(
    world: World, x: XPlatform, publish: Callable[..., Receipt], picture: Callable[..., Media]
) -> None:
    """X takes up to four images, each with an alternative text of its own (POST /2/media/metadata)."""
    plan = x.plan(Message(text="園内の様子", media=(picture(alt="赤い花"), picture(alt="白い花"))))
    publish(plan)
    assert [medium["alt"] for medium in world.all("x", "media")] == ["赤い花", "白い花"]
    assert len(on_timeline(world)[0]["extra"]["media"]) == 2


def test_a_video_goes_in_chunks_and_is_waited_for(
    world: World, x: XPlatform, publish: Callable[..., Receipt], tmp_path: Path
) -> None:
    """X wants videos by initialize, append, finalize, and takes them once its processing has succeeded."""
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(5 * 1024 * 1024))
    film = Media(
        kind=MediaKind.VIDEO,
        path=path,
        sha256="0" * 64,
        mime="video/mp4",
        size_bytes=5 * 1024 * 1024,
        width_px=1280,
        height_px=720,
        duration_seconds=12.0,
    )
    publish(x.plan(Message(text="動画です", media=(film,))))
    verbs = [entry["verb"] for entry in world.journal("x")]
    assert verbs == [
        "upload_initialize",
        "upload_append",
        "upload_append",
        "upload_finalize",
        "upload_status",
        "publish",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "柏市 & 公園 <見頃> &amp; のまま",
        "詳しくは https://www.city.kashiwa.lg.jp/koen?a=1&copy=2 まで",
        "www.city.kashiwa.lg.jp をご覧ください",
        "か\u3099ぎく",  # decomposed: X keeps the composed form
        "二行\n\n三行目 ",
    ],
)
def test_a_post_is_found_again_whatever_x_did_to_its_text(
    x: XPlatform, session: Any, publish: Callable[..., Receipt], clock: Any, text: str
) -> None:
    """X escapes `&<>`, replaces links by t.co, composes characters and trims; `find` sees through all of it."""
    since = clock()
    receipt = publish(x.plan(Message(text=text)))
    found = session.find(x.plan(Message(text=text)), key="", resume="tried", since=since)
    assert isinstance(found, Found)
    assert found.receipt.external_id == receipt.external_id
    assert found.receipt.is_repeat


def test_a_post_with_a_picture_is_found_again(
    x: XPlatform, session: Any, publish: Callable[..., Receipt], picture: Callable[..., Media], clock: Any
) -> None:
    """X appends a link of its own for the media, which is no part of the text."""
    plan = x.plan(Message(text="写真つき https://example.jp/", media=(picture(alt="池"),)))
    receipt = publish(plan)
    found = session.find(plan, key="", resume="tried", since=clock())
    assert isinstance(found, Found)
    assert found.receipt.external_id == receipt.external_id


def test_the_same_text_from_before_is_not_taken_for_this_delivery(
    x: XPlatform, session: Any, publish: Callable[..., Receipt], clock: Any
) -> None:
    """Only posts since the first attempt count; last week's identical reminder proves nothing."""
    plan = x.plan(Message(text="ごみの収集日です"))
    publish(plan)
    clock.pass_by(days=7)
    assert session.find(plan, key="", resume="tried", since=clock()) == NotSeen()


def test_a_post_is_found_behind_a_hundred_others(
    world: World, x: XPlatform, session: Any, publish: Callable[..., Receipt], clock: Any
) -> None:
    """A page of the timeline holds at most 100 posts; the older ones are on the next page."""
    since = clock()
    plan = x.plan(Message(text="最初の投稿"))
    receipt = publish(plan)
    account = world.accounts("x")[0]
    for number in range(105):
        id_ = world.next_id()
        world.put(
            "x",
            "post",
            id_,
            {
                "id": id_,
                "author": account.key,
                "text": str(number),
                "media": [],
                "repost_of": None,
                "at": clock().isoformat(),
            },
        )
    found = session.find(plan, key="", resume="tried", since=since)
    assert isinstance(found, Found)
    assert found.receipt.external_id == receipt.external_id
    assert len(world.journal("x", "timeline")) == 2


@pytest.mark.parametrize(
    "kind",
    [FaultKind.DROP_AFTER, FaultKind.HANG_AFTER, FaultKind.ERROR_AFTER, FaultKind.GARBAGE_AFTER],
)
def test_an_answer_that_never_came_is_found_out_and_not_repeated(
    world: World,
    x: XPlatform,
    session: Any,
    publish: Callable[..., Receipt],
    checkpoints: list[str],
    clock: Any,
    kind: FaultKind,
) -> None:
    """One call is one POST on the wire; after an ambiguous end the post is found on the own timeline."""
    world.order(Fault(vendor="x", verb="publish", kind=kind, seconds=2))
    since = clock()
    plan = x.plan(Message(text="一度だけ"))
    with pytest.raises(PerhapsSent):
        publish(plan)
    assert checkpoints == ["tried"]
    assert isinstance(session.find(plan, key="", resume="tried", since=since), Found)
    assert len(world.journal("x", "publish")) == 1


def test_a_connection_cut_before_x_took_it_leaves_nothing(
    world: World, x: XPlatform, session: Any, publish: Callable[..., Receipt], clock: Any
) -> None:
    """What X did not take is not seen; two such reads, 30 s apart, prove it absent."""
    world.order(Fault(vendor="x", verb="publish", kind=FaultKind.DROP_BEFORE))
    plan = x.plan(Message(text="届かない"))
    with pytest.raises(PerhapsSent):
        publish(plan)
    assert session.find(plan, key="", resume="tried", since=clock()) == NotSeen()
    assert x.limits.absence.reads == 2
    assert x.limits.absence.seconds_apart == 30.0


def test_a_duplicate_on_the_first_try_is_refused_for_good(
    x: XPlatform, publish: Callable[..., Receipt], checkpoints: list[str]
) -> None:
    """X's 403 for duplicate content means here that the account posted the same text before."""
    plan = x.plan(Message(text="同じ文章"))
    publish(plan)
    checkpoints.clear()
    with pytest.raises(Rejected, match="duplicate"):
        publish(plan)
    assert checkpoints == ["tried", "untried"]


def test_what_a_post_of_text_leaves_for_its_repeat_is_known_before_anything_is_called(
    world: World, x: XPlatform, session: Any, picture: Callable[..., Media]
) -> None:
    """So the ledger can keep it as it opens the attempt: nothing has gone to X by the time it is given.

    Media go ahead of their post and can fail, which leaves no doubt about it: then it is not known before.
    """
    plan, stored = x.plan(Message(text="本文")), []

    def stop(token: str) -> None:
        stored.append(token)
        raise ConnectionError("nothing goes further")

    with pytest.raises(ConnectionError):
        session.publish(plan, key="", resume=None, checkpoint=stop)

    assert [plan.opening_token] == stored == ["tried"]
    assert [] == world.journal("x")
    assert x.plan(Message(text="写真", media=(picture(),))).opening_token is None


def test_a_duplicate_after_an_ambiguous_try_is_looked_into(x: XPlatform, publish: Callable[..., Receipt]) -> None:
    """The same 403 after a try that may have gone through most likely means that it did."""
    plan = x.plan(Message(text="同じ文章"))
    publish(plan)
    with pytest.raises(PerhapsSent, match="duplicate_after_attempt"):
        publish(plan, resume="tried")


def test_a_picture_that_could_not_be_uploaded_leaves_no_doubt(
    world: World, x: XPlatform, publish: Callable[..., Receipt], picture: Callable[..., Media], checkpoints: list[str]
) -> None:
    """Nobody sees an unused upload, so a broken one is `NotSent` and may be repeated."""
    world.order(Fault(vendor="x", verb="upload", kind=FaultKind.DROP_AFTER))
    with pytest.raises(NotSent):
        publish(x.plan(Message(text="写真", media=(picture(),))))
    assert checkpoints == []
    assert world.journal("x", "publish") == []


def test_a_rate_limit_names_the_second_it_ends(
    world: World, x: XPlatform, publish: Callable[..., Receipt], clock: Any
) -> None:
    """The header x-rate-limit-reset says when; the stand-in's window is X's 15 minutes."""
    world.order(Fault(vendor="x", verb="publish", kind=FaultKind.THROTTLED))
    with pytest.raises(Throttled) as caught:
        publish(x.plan(Message(text="多すぎる")))
    assert caught.value.until == clock() + timedelta(minutes=15)


def test_the_hundredth_post_of_a_window_says_when_the_next_may_follow(
    world: World, x: XPlatform, publish: Callable[..., Receipt], clock: Any
) -> None:
    """X takes 100 posts in 15 minutes and counts down in x-rate-limit-remaining: at 0 nobody need run into the 429."""
    account = world.accounts("x")[0]
    for number in range(98):
        post = {"author": account.key, "text": str(number), "media": [], "repost_of": None, "at": clock().isoformat()}
        id_ = world.next_id()
        world.put("x", "post", id_, post | {"id": id_})
    assert publish(x.plan(Message(text="九十九"))).full_until is None
    assert publish(x.plan(Message(text="百"))).full_until == clock() + timedelta(minutes=15)


def test_the_token_of_another_account_is_refused_before_anything_goes_out(world: World, x: XPlatform) -> None:
    """A section's token stored by mistake for the official account: its posts would appear on the section's."""
    with pytest.raises(NeedsPerson) as caught:
        x.connect(SHI, secrets_of(KOEN))
    assert (caught.value.code, caught.value.who) == ("wrong_account", "it")
    assert caught.value.params == {"platform": "x", "expected": "1002", "found": "1001"}
    assert on_timeline(world) == []


@pytest.mark.parametrize("field", ["consumer_secret", "access_token", "access_token_secret"])
def test_a_wrong_secret_fails_the_signature(world: World, x: XPlatform, new_key: Callable[[], str], field: str) -> None:
    """The stand-in really verifies the OAuth 1.0a signature: one wrong secret, and X answers 401."""
    session = x.connect(KOEN, secrets_of(KOEN) | {field: "wrong"})
    with pytest.raises(NeedsPerson) as caught:
        session.publish(x.plan(Message(text="誰")), key=new_key(), resume=None, checkpoint=lambda _: None)
    assert caught.value.code == "token_refused"
    assert caught.value.who == "it"
    assert on_timeline(world) == []


def test_a_text_that_only_x_knows_to_be_too_long_is_refused(x: XPlatform, publish: Callable[..., Receipt]) -> None:
    """X counts again: 281 units past our own check come back as a refusal of the content."""
    short = x.plan(Message(text="あ" * 140))
    plan = type(short)(platform="x", text="あ" * 141)
    with pytest.raises(Rejected):
        publish(plan)


def test_a_repost_twice_is_one_repost(world: World, x: XPlatform, publish: Callable[..., Receipt]) -> None:
    """Reposting is idempotent: the official account's timeline shows the section's post once."""
    source = publish(x.plan(Message(text="公園のお知らせ")))
    official = x.connect(SHI, secrets_of(SHI))
    first, second = official.repost(source.external_id), official.repost(source.external_id)
    assert isinstance(first, Receipt)
    assert first.external_id == second.external_id
    posts = [post for post in world.all("x", "post") if post["author"] == SHI.external_id]
    assert [post["repost_of"] for post in posts] == [source.external_id]
    with urllib.request.urlopen(first.url) as page:
        assert "公園のお知らせ" in page.read().decode()


def test_a_repost_of_a_deleted_post_is_refused(x: XPlatform) -> None:
    """X answers 404 for a post that is gone; nothing will change by trying again."""
    with pytest.raises(Rejected, match="post_gone"):
        x.connect(SHI, secrets_of(SHI)).repost("1234567890")


def test_our_own_repost_is_not_taken_for_a_post_of_ours(
    x: XPlatform, session: Any, publish: Callable[..., Receipt], clock: Any
) -> None:
    """The text of a repost starts with `RT @…`; it is another account's."""
    source = publish(x.plan(Message(text="公園のお知らせ")))
    official = x.connect(SHI, secrets_of(SHI))
    official.repost(source.external_id)
    plan = x.plan(Message(text="RT @kashiwa_koen: 公園のお知らせ"))
    assert official.find(plan, key="", resume="tried", since=clock()) == NotSeen()


def test_secrets_stay_out_of_what_is_said_about_a_failure(x: XPlatform, new_key: Callable[[], str]) -> None:
    """A failure's words are shown to people and logged."""
    session = x.connect(KOEN, secrets_of(KOEN) | {"access_token_secret": "s3cr3t-v4lue"})
    with pytest.raises(NeedsPerson) as caught:
        session.publish(x.plan(Message(text="秘密")), key=new_key(), resume=None, checkpoint=lambda _: None)
    assert "s3cr3t-v4lue" not in str(caught.value)
    assert "1001-token" not in str(caught.value)


def test_a_missing_secret_is_named(x: XPlatform) -> None:
    """`sns credentials set` can then ask for the very field."""
    with pytest.raises(NeedsPerson) as caught:
        x.connect(KOEN, {"consumer_key": "app"})
    assert caught.value.params["field"] == "consumer_secret"


@pytest.mark.parametrize("spelling", ["tweet.fields", "post.fields"])
def test_a_timeline_is_read_whichever_way_x_spells_its_fields(
    world: World, x: XPlatform, session: Any, publish: Callable[..., Receipt], clock: Any, spelling: str
) -> None:
    """X's OpenAPI of January 2026 says tweet.fields, that of August post.fields; its pages still say the former."""
    world.x_field_spellings = {spelling}
    plan = x.plan(Message(text="どちらでも読める"))
    publish(plan)
    world.observers.clear()  # only one of the two is in the specification that is held against
    assert isinstance(session.find(plan, key="", resume="tried", since=clock()), Found)


def test_a_page_of_a_deleted_post_says_so(
    endpoints: Endpoints, x: XPlatform, session: Any, publish: Callable[..., Receipt]
) -> None:
    """A link in an old thread must not look as if the post were still there."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{endpoints.x}/kashiwa_koen/status/1")
    assert caught.value.code == 404
    caught.value.close()
