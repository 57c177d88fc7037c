"""The stand-ins' memory, without HTTP."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.sandbox.core import Entry, Fault, FaultKind, World
from platforms.sandbox.line_model import LineModel, LineRefusal
from platforms.sandbox.x_media import XRefusal
from platforms.sandbox.x_model import XModel
from platforms.weighted import MAX_WEIGHTED_CHARS, truncate_point, weighted_length
from platforms.x.session import original_text, same_text

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        "柏市",
        "が",
        " ",
        "\n",
        "&",
        "<",
        ">",
        "&amp;",
        "&copy;",
        "#柏",
        "https://example.jp/a?b=1&c=2",
        "x.jp",
        "☔️",
        "👨\u200d👩\u200d👧",
        "RT @a: ",
        "https://t.co/abc",
        "。",
        "１",
        "a",
    ]
)


def entry(text: str) -> Entry:
    """Make a line of the journal."""
    return Entry(
        at=NOON,
        vendor="x",
        account="kashiwa_shi",
        verb="publish",
        method="POST",
        path="/x/2/tweets",
        key=None,
        text=text,
        outcome="accepted",
        status=201,
        fault=None,
        external_id="1",
    )


def test_a_restarted_stand_in_goes_on_where_it_was(tmp_path: Path) -> None:
    """Documents, bytes and the journal lie in the state folder; ids go on growing."""
    first = World(lambda: NOON, tmp_path / "sandbox")
    id_ = first.next_id()
    first.put("x", "post", id_, {"id": id_, "text": "前の投稿"})
    path = first.put_blob("pic", "image/png", b"\x89PNG")
    first.record(entry("前の投稿"))
    first.close()
    second = World(lambda: NOON - timedelta(days=1), tmp_path / "sandbox")
    assert second.all("x", "post") == [{"id": id_, "text": "前の投稿"}]
    assert second.get_blob(path.rsplit("/", 1)[-1]) == ("image/png", b"\x89PNG")
    assert [line["text"] for line in second.journal("x")] == ["前の投稿"]
    assert int(second.next_id()) > int(id_)
    second.close()


def test_a_fault_is_used_up_by_its_times() -> None:
    """Ordered twice for one verb, it strikes twice, there and nowhere else."""
    world = World(lambda: NOON)
    world.order(Fault(vendor="x", verb="publish", kind=FaultKind.DROP_AFTER, times=2))
    assert world.take_fault("x", "publish", is_after=False) is None
    assert world.take_fault("line", "publish", is_after=True) is None
    assert world.take_fault("x", "repost", is_after=True) is None
    struck = [world.take_fault("x", "publish", is_after=True) for _ in range(3)]
    assert [fault is not None for fault in struck] == [True, True, False]


def test_a_reset_keeps_the_accounts_and_nothing_else() -> None:
    """The page's reset starts the city's day over; nobody has to register again."""
    world = World(lambda: NOON)
    account = world.add_account("x", "kashiwa_shi", external_id="1", secrets={})
    world.put("x", "post", "1", {"id": "1"})
    world.record(entry("投稿"))
    world.reset()
    assert (world.accounts("x"), world.all("x", "post"), world.journal()) == ([account], [], [])


def test_x_takes_the_same_text_again_after_a_day_or_where_told_to() -> None:
    """The window of the duplicate check is the stand-in's own assumption, and it can be switched off."""
    times = [NOON]
    world = World(lambda: times[-1])
    account = world.add_account("x", "kashiwa_shi", external_id="1", secrets={})
    model = XModel(world)
    model.publish(account, {"text": "ごみの収集日です"})
    with pytest.raises(XRefusal):
        model.publish(account, {"text": "ごみの収集日です"})
    world.refuse_duplicates = False
    model.publish(account, {"text": "ごみの収集日です"})
    world.refuse_duplicates = True
    times.append(NOON + timedelta(hours=25))
    model.publish(account, {"text": "ごみの収集日です"})
    assert len(model.posts(account)) == 3


def test_line_forgets_a_retry_key_after_a_day() -> None:
    """https://developers.line.biz/en/docs/messaging-api/retrying-api-request/: a key holds for 24 hours."""
    times = [NOON]
    world = World(lambda: times[-1])
    account = world.add_account("line", "kashiwa", external_id="L1", secrets={})
    model, key = LineModel(world), "123e4567-e89b-12d3-a456-426614174000"
    body = {"messages": [{"type": "text", "text": "お知らせ"}]}
    model.broadcast(account, body, key=key, request_id="a")
    times.append(NOON + timedelta(hours=23, minutes=59))
    with pytest.raises(LineRefusal) as caught:
        model.broadcast(account, body, key=key, request_id="b")
    assert (caught.value.status, caught.value.headers) == (409, {"x-line-accepted-request-id": "a"})
    times.append(NOON + timedelta(hours=24))
    assert model.broadcast(account, body, key=key, request_id="c")["id"] == "c"


@settings(deadline=None)  # the first text compiles the patterns
@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_whatever_x_does_to_a_text_it_is_known_again(text: str) -> None:
    """Escaped, shortened and composed by X's model, a post is still the same text to our adapter."""
    world = World(lambda: NOON)
    account = world.add_account("x", "kashiwa_shi", external_id="1", secrets={})
    model = XModel(world)
    sent = unicodedata.normalize("NFC", text.strip())
    try:
        post = model.publish(account, {"text": sent})
    except XRefusal:
        assert not sent or weighted_length(sent) > MAX_WEIGHTED_CHARS
    else:
        assert same_text(original_text(model.rendered(post)), text)
    finally:
        world.close()


@settings(deadline=None)  # the first text compiles the patterns
@given(st.lists(PIECES, max_size=80).map("".join))
def test_a_cut_text_always_fits(text: str) -> None:
    """What `truncate_point` leaves weighs at most 280, and nothing more would have fitted as a whole."""
    composed = unicodedata.normalize("NFC", text)
    point = truncate_point(text)
    assert weighted_length(composed[:point]) <= MAX_WEIGHTED_CHARS
    assert (point == len(composed)) == (weighted_length(composed) <= MAX_WEIGHTED_CHARS)
