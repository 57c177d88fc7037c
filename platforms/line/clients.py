"""line-bot-sdk's clients, kept from one broadcast to the next: to make one costs half as much as to use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platforms.lending import KeptClients

if TYPE_CHECKING:
    import urllib3


class LineClients(KeptClients[str]):
    """Lends clients of channels, by their access tokens.

    Args:
        base_url: `https://api.line.me`, or a stand-in's address.
        pools: The way out, shared by all channels.
    """

    def __init__(self, base_url: str, pools: urllib3.PoolManager) -> None:
        super().__init__()
        self._base_url = base_url
        self._pools = pools

    def _make(self, secrets: str) -> Any:  # noqa: ANN401 - the SDK has no type information
        import linebot.v3.messaging as sdk  # noqa: PLC0415 - 0.85 s of CPU and 67 MB

        client = sdk.ApiClient(sdk.Configuration(host=self._base_url, access_token=secrets))
        client.rest_client.pool_manager = self._pools
        return sdk.MessagingApi(client)
