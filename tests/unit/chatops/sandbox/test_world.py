"""The workspace's own rules: what stays, what counts, whose turn it is."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from chatops.sandbox import SlackWorld
from chatops.sandbox.errors import SlackError
from chatops.sandbox.form_state import check_values, read_values
from chatops.sandbox.page import JST, build_page, next_opening, read_order

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = {"type": "plain_text", "text": "語"}
OPTIONS = [{"text": PLAIN, "value": "a"}, {"text": PLAIN, "value": "b"}]


def build_world(path: Path | None = None, now: datetime = datetime(2026, 12, 1, tzinfo=UTC)) -> SlackWorld:
    """Build a workspace with one person and one channel."""
    world = SlackWorld(
        lambda: now,
        team_id="T1",
        team_name="柏市",
        bot_token="xoxb",
        app_token="xapp",
        signing_secret="secret",
        state_path=path,
        base_url="http://127.0.0.1:1",
    )
    world.add_channel("C1", "部屋")
    world.add_person("U1", "suzuki", "鈴木", "主任")
    return world


def input_block(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an input block with the element `e`."""
    return {"type": "input", "block_id": "b", "label": PLAIN, "element": {"action_id": "e", **element}, **more}


def test_after_a_restart_everything_is_where_it_was(tmp_path: Path) -> None:
    """Messages, threads, forms, files and response addresses outlive the process."""
    path = tmp_path / "sandbox" / "slack.db"
    before = build_world(path)
    card = before.conversations.post(channel_id="C1", author_id="U1", text="カード")
    before.conversations.post(channel_id="C1", author_id="U1", text="返信", thread_ts=card.ts)
    view = {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": []}
    opened = before.views.open(before.views.issue_trigger("U1"), view)
    file = before.files.add(name="a.png", user_id="U1", body=b"bytes")
    address = before.responses.give_out(channel_id="C1", user_id="U1")
    before.close()

    after = build_world(path)
    after.responses.answer(address.rpartition("/")[2], {"text": "続き"})

    assert [m.text for m in after.conversations.replies("C1", card.ts)] == ["返信"]
    assert after.views.stack("U1")[0].id == opened.id
    assert after.files.load_bytes(after.files.find(file.id)) == b"bytes"
    shown = after.conversations.seen_by("U1", after.channel("C1"))
    assert [m.text for m in shown] == ["カード", "返信", "続き"]
    after.close()


def test_two_messages_at_one_instant_have_their_own_time_stamps() -> None:
    """A time stamp is a message's address, so it is never given twice in a channel."""
    world = build_world()
    stamps = [world.conversations.post(channel_id="C1", author_id="U1", text="x").ts for _ in range(3)]

    assert stamps == ["1796083200.000000", "1796083200.000001", "1796083200.000002"]


def test_an_untouched_field_keeps_its_first_value_through_an_update() -> None:
    """Where block and action keep their ids, a new initial value is not looked at; with new ids it is."""
    world = build_world()

    def form(block_id: str, text: str) -> dict[str, Any]:
        element = {"type": "plain_text_input", "initial_value": text}
        block = input_block(element) | {"block_id": block_id}
        return {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [block]}

    view = world.views.open(world.views.issue_trigger("U1"), form("b", "一"))
    world.views.update(form("b", "二"), view_id=view.id, external_id=None, view_hash=None)
    kept = read_values(view.payload["blocks"], known=view.values, given={}, find_file=dict)
    world.views.update(form("c", "三"), view_id=view.id, external_id=None, view_hash=None)
    fresh = read_values(view.payload["blocks"], known=view.values, given={}, find_file=dict)

    assert kept["b"]["e"]["value"] == "一"
    assert fresh["c"]["e"]["value"] == "三"


@pytest.mark.parametrize(
    ("element", "given", "expected"),
    [
        ({"type": "plain_text_input"}, "本文", {"type": "plain_text_input", "value": "本文"}),
        ({"type": "plain_text_input"}, "", {"type": "plain_text_input", "value": None}),
        (
            {"type": "static_select", "options": OPTIONS},
            "b",
            {"type": "static_select", "selected_option": OPTIONS[1]},
        ),
        (
            {"type": "checkboxes", "options": OPTIONS},
            ["a", "b"],
            {"type": "checkboxes", "selected_options": OPTIONS},
        ),
        ({"type": "datepicker"}, "2026-12-01", {"type": "datepicker", "selected_date": "2026-12-01"}),
        ({"type": "timepicker"}, "09:00", {"type": "timepicker", "selected_time": "09:00"}),
        (
            {"type": "datetimepicker"},
            1796083200,
            {"type": "datetimepicker", "selected_date_time": 1796083200},
        ),
    ],
)
def test_values_have_slacks_shape(element: dict[str, Any], given: object, expected: dict[str, Any]) -> None:
    """Each element has its own word for what is chosen, as in the vendor's samples."""
    values = read_values([input_block(element)], known={}, given={"b": {"e": given}}, find_file=dict)

    assert values == {"b": {"e": expected}}


def test_an_optional_field_may_stay_empty_and_a_long_text_may_not() -> None:
    """Slack checks both before the app hears of the form."""
    element = {"type": "plain_text_input", "max_length": 3}

    def errors(text: str, **more: Any) -> dict[str, str]:
        blocks = [input_block(element, **more)]
        return check_values(blocks, read_values(blocks, known={}, given={"b": {"e": text}}, find_file=dict))

    assert errors("", optional=True) == {}
    assert errors("") == {"b": "この項目は必須です"}
    assert errors("四文字だ") == {"b": "3 文字以内で入力してください"}


def test_an_ordered_failure_happens_as_often_as_was_asked() -> None:
    """Two failures, then the method works again."""
    world = build_world()
    world.order_failure("chat.update", "fatal_error", times=2)
    taken = [world.take_failure("chat.update", after_accepting=False) for _ in range(3)]

    assert [failure.code if failure else None for failure in taken] == ["fatal_error", "fatal_error", None]


def test_a_thread_needs_its_first_message() -> None:
    """An answer to nothing is refused."""
    with pytest.raises(SlackError, match="thread_not_found"):
        build_world().conversations.post(channel_id="C1", author_id="U1", text="x", thread_ts="1.000000")


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        ("2026-12-01T03:00", "2026-12-01T08:30"),
        ("2026-12-01T08:29", "2026-12-02T08:30"),
        ("2026-12-04T17:00", "2026-12-07T08:30"),
        ("2026-12-28T12:00", "2027-01-04T08:30"),
        ("2026-11-22T12:00", "2026-11-24T08:30"),
    ],
)
def test_the_next_opening_skips_weekends_holidays_and_the_new_year(after: str, opening: str) -> None:
    """Kashiwa's hall opens at 8:30 on weekdays; November 23 is a holiday, January 4, 2027 a Monday."""
    asked = datetime.fromisoformat(after).replace(tzinfo=JST)

    assert next_opening(asked) == datetime.fromisoformat(opening).replace(tzinfo=JST)


class CrowdedClock:
    """A clock that two who come at the same moment both read, where they can."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self._together = Barrier(2)

    def get_offset(self) -> timedelta:
        """Return the offset, once another has read it too."""
        offset = self.offset
        with suppress(BrokenBarrierError):
            self._together.wait(0.5)
        return offset

    def set(self, offset: timedelta) -> None:
        """Take a new offset."""
        self.offset = offset


def test_two_clicks_on_the_clock_at_once_are_two_steps() -> None:
    """Twice 「+10分」 within a second: it is twenty minutes later."""
    clock = CrowdedClock()
    app = Flask(__name__)
    app.register_blueprint(build_page(build_world(), clock=clock))

    def click() -> None:
        app.test_client().post("/_sandbox/clock", json={"add_seconds": 600})

    clicks = [Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(10)

    assert timedelta(minutes=20) == clock.offset


def test_the_clock_takes_a_day_and_hour_of_japan() -> None:
    """From 0:00 UTC, 8:59 JST on the same day is one minute before."""
    now = datetime(2026, 12, 1, tzinfo=UTC)

    assert read_order({"at": "2026-12-01T08:59"}, now, timedelta()) == timedelta(minutes=-1)
    assert read_order({"add_seconds": 60}, now, timedelta(hours=1)) == timedelta(hours=1, minutes=1)
    assert read_order({"to": "real"}, now, timedelta(hours=1)) == timedelta()
    with pytest.raises(KeyError):
        read_order({}, now, timedelta())
