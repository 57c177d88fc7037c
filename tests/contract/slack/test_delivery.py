"""How requests reach the app: signatures, repeats, connections that end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

if TYPE_CHECKING:
    from slack_bolt import App


@pytest.fixture
def heard(bolt: App) -> list[dict[str, Any]]:
    """Collect what the app hears of `/sns`."""
    bodies: list[dict[str, Any]] = []

    @bolt.command("/sns")
    def hear(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        ack()

    return bodies


@pytest.mark.usefixtures("by_http")
@pytest.mark.parametrize("forge", ["signature", "timestamp"])
def test_bolt_refuses_a_forged_and_a_stale_request(desk: Any, heard: list[dict[str, Any]], forge: str) -> None:
    """A signature by another secret, and a true one older than five minutes, never reach a listener."""
    answer = desk.do("command", user="U1", channel="C1", text="/sns help", forge=forge)

    assert answer["error"] == "http_client_error"
    assert heard == []


@pytest.mark.usefixtures("link")
def test_the_command_carries_the_fields_of_slacks_own_payload(desk: Any, heard: list[dict[str, Any]]) -> None:
    """The names are those of the vendor's sample; the workspace has no enterprise."""
    desk.do("command", user="U1", channel="C1", text="/sns now 川が増水しています\n避難してください")

    body = heard[0]
    assert body["text"] == "now 川が増水しています\n避難してください"
    assert set(body) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command"),
        *("text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id"),
    }


@pytest.mark.usefixtures("link")
def test_a_request_sent_again_is_the_same_to_the_letter(desk: Any, heard: list[dict[str, Any]]) -> None:
    """A repeat carries the same trigger: that is what the app can know it by."""
    desk.do("command", user="U1", channel="C1", text="/sns queue")
    desk.do("orders/resend", number=1)

    assert len(heard) == 2
    assert heard[0] == heard[1]


@pytest.mark.usefixtures("by_socket")
def test_after_a_cut_the_app_connects_again_and_hears(desk: Any, heard: list[dict[str, Any]], wait_until: Any) -> None:
    """A broken line is replaced by the SDK without a restart."""
    before = desk.do("orders/connection", how="cut")
    wait_until(lambda: desk.socket_mode.connection_count == 0)
    wait_until(lambda: desk.socket_mode.connection_count == 1)

    assert before["connections"] == 1
    assert desk.do("command", user="U1", channel="C1", text="/sns help")["is_acknowledged"]
    assert len(heard) == 1


@pytest.mark.usefixtures("by_socket")
def test_told_to_reconnect_the_app_takes_a_new_connection(
    desk: Any, bolt: App, heard: list[dict[str, Any]], wait_until: Any
) -> None:
    """Slack refreshes connections now and then; commands go on being heard."""
    second = SocketModeHandler(bolt, desk.world.app_token)
    second.connect()
    try:
        wait_until(lambda: desk.socket_mode.connection_count == 2)
        desk.do("orders/connection", how="refresh")
        wait_until(lambda: desk.do("command", user="U1", channel="C1", text="/sns help")["is_acknowledged"])
    finally:
        second.close()

    assert heard[0]["command"] == "/sns"


def test_without_a_connection_the_command_fails_at_once(desk: Any) -> None:
    """With no app connected Slack says `dispatch_failed`, and only to the person."""
    answer = desk.do("command", user="U1", channel="C1", text="/sns help")

    assert answer["error"] == "dispatch_failed"
    assert desk.texts("C1") == ["/sns は「dispatch_failed」エラーで失敗しました。"]


@pytest.mark.usefixtures("by_socket")
def test_an_event_that_nobody_acknowledges_is_sent_again_with_its_number(bolt: App, desk: Any) -> None:
    """Events carry one id through all repeats, and the repeat's number and reason."""
    seen: list[tuple[str, list[str] | None]] = []

    @bolt.middleware
    def refuse_the_first(request: Any, next: Any, body: dict[str, Any]) -> Any:  # noqa: A002 - Bolt's own name
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num")))
        if len(seen) == 1:
            raise RuntimeError("not now")
        return next()

    @bolt.event("app_home_opened")
    def home(event: dict[str, Any]) -> None:
        assert event["user"] == "U1"

    from chatops.sandbox import Delivery

    outcome = Delivery(desk.world).event({"type": "app_home_opened", "user": "U1", "tab": "home"})

    assert outcome.is_acknowledged
    assert [number for _, number in seen] == [["0"], ["1"]]
    assert seen[0][0] == seen[1][0]
