"""tweepy's clients: kept, never in two hands at once, and an account's secrets in its own alone."""

from __future__ import annotations

import pytest

from platforms.x.wire import KeptConnections, XClients

ONE = ("app", "app-secret", "1001-token", "1001-secret")


@pytest.fixture
def clients() -> XClients:
    """The clients of some accounts."""
    return XClients("http://127.0.0.1:9", (1.0, 1.0), KeptConnections(None, proxy=None))


def test_the_next_post_of_an_account_uses_the_client_of_the_last(clients: XClients) -> None:
    """And changed secrets, be it one of the four, are never used through the old ones' client."""
    with clients.lent(ONE) as first:
        pass
    with clients.lent(ONE) as second, clients.lent((*ONE[:3], "1001-new")) as other:
        own = (other.consumer_key, other.consumer_secret, other.access_token, other.access_token_secret)

    assert second is first
    assert ("app", "app-secret", "1001-token", "1001-new") == own


def test_two_posts_at_once_use_two_clients(clients: XClients) -> None:
    """Its session of requests may be used by one thread at a time."""
    with clients.lent(ONE) as first, clients.lent(ONE) as second:
        assert second is not first


def test_a_client_whose_call_broke_off_is_not_lent_again(clients: XClients) -> None:
    """Whatever state it was left in."""
    with pytest.raises(OSError, match="broken"), clients.lent(ONE) as first:
        raise OSError("broken")
    with clients.lent(ONE) as second:
        assert second is not first


def test_the_clients_of_a_thousand_accounts_are_kept_and_no_more(clients: XClients) -> None:
    """Secrets that are no longer used leave the memory in the end, the oldest first."""
    with clients.lent(ONE) as first:
        pass
    for number in range(1024):
        with clients.lent((*ONE[:3], str(number))) as last:
            pass
    with clients.lent((*ONE[:3], "1023")) as kept, clients.lent(ONE) as anew:
        assert kept is last
        assert anew is not first
