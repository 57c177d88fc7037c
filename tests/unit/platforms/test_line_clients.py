"""The SDK's clients of LINE: kept, and never in two hands at once."""

from __future__ import annotations

import pytest
import urllib3

from platforms.line.clients import LineClients


@pytest.fixture
def clients() -> LineClients:
    """The clients of some channels."""
    return LineClients("http://127.0.0.1:9", urllib3.PoolManager())


def test_the_next_broadcast_of_a_channel_uses_the_client_of_the_last(clients: LineClients) -> None:
    """And another channel's has its own token."""
    with clients.lent("token-1") as first:
        pass
    with clients.lent("token-1") as second, clients.lent("token-2") as other:
        headers = other.api_client.default_headers

    assert second is first
    assert headers["Authorization"] == "Bearer token-2"


def test_two_broadcasts_at_once_use_two_clients(clients: LineClients) -> None:
    """The SDK says nothing of threads, and keeps the last answer in its client."""
    with clients.lent("token-1") as first, clients.lent("token-1") as second:
        assert second is not first


def test_a_client_whose_call_broke_off_is_not_lent_again(clients: LineClients) -> None:
    """Whatever state it was left in."""
    with pytest.raises(OSError, match="broken"), clients.lent("token-1") as first:
        raise OSError("broken")
    with clients.lent("token-1") as second:
        assert second is not first
