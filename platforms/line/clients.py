"""line-bot-sdk's clients, kept from one broadcast to the next: to make one costs half as much as to use it."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import urllib3

_CHANNELS: Final = 1024
"""Of how many access tokens clients are kept; the oldest give way."""


class KeptClients:
    """Lends clients of channels, each to one thread at a time.

    Args:
        base_url: `https://api.line.me`, or a stand-in's address.
        pools: The way out, shared by all channels.
    """

    def __init__(self, base_url: str, pools: urllib3.PoolManager) -> None:
        self._base_url = base_url
        self._pools = pools
        self._idle: dict[str, deque[Any]] = {}

    @contextmanager
    def lent(self, token: str) -> Iterator[Any]:
        """Lend a client of the channel that this access token belongs to."""
        idle = self._idle.setdefault(token, deque())
        while len(self._idle) > _CHANNELS:
            self._idle.pop(next(iter(self._idle)), None)
        try:
            client = idle.pop()
        except IndexError:
            client = self._make(token)
        yield client
        idle.append(client)  # one that broke off is not lent again

    def _make(self, token: str) -> Any:  # noqa: ANN401 - the SDK has no type information
        import linebot.v3.messaging as sdk  # noqa: PLC0415 - 0.85 s of CPU and 67 MB

        client = sdk.ApiClient(sdk.Configuration(host=self._base_url, access_token=token))
        client.rest_client.pool_manager = self._pools
        return sdk.MessagingApi(client)
