"""Check who asks the stand-in X: OAuth 1.0a signatures are really verified (RFC 5849), by real time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from flask import request
from oauthlib.oauth1 import (  # type: ignore[import-untyped]  # oauthlib has no type information
    RequestValidator,
    ResourceEndpoint,
)

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, World

_TOKEN = re.compile(r'oauth_token="([^"]*)"')
_NOBODY = "nobody-has-this-key-or-token"


class XKeys(RequestValidator):  # type: ignore[misc]  # the same
    """Answer oauthlib's questions about keys and tokens."""

    enforce_ssl = False
    timestamp_lifetime = 300
    dummy_client = _NOBODY
    dummy_access_token = _NOBODY

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._nonces: set[tuple[str, str, str]] = set()

    def check_client_key(self, client_key: str) -> bool:
        """Take a key of any form."""
        return bool(client_key)

    check_access_token = check_client_key

    def check_nonce(self, nonce: str) -> bool:
        """Take a nonce of any form."""
        return bool(nonce)

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, *_: object, **__: object
    ) -> bool:
        """Refuse a request that was seen before."""
        seen = (client_key, timestamp, nonce)
        with self._world.lock:
            if seen in self._nonces:
                return False
            self._nonces.add(seen)
        return True

    def validate_client_key(self, client_key: str, _request: object) -> bool:
        """Know the app."""
        return self._world.account_with("x", "consumer_key", client_key) is not None

    def validate_access_token(self, client_key: str, token: str, _request: object) -> bool:
        """Know the account, under this app."""
        account = self._world.account_with("x", "access_token", token)
        return account is not None and account.secrets.get("consumer_key") == client_key

    def validate_realms(self, *_: object, **__: object) -> bool:
        """X uses no realms."""
        return True

    def get_client_secret(self, client_key: str, _request: object) -> str:
        """Look up the app's secret."""
        return self._secret("consumer_key", client_key, "consumer_secret")

    def get_access_token_secret(self, _client_key: str, token: str, _request: object) -> str:
        """Look up the account's secret."""
        return self._secret("access_token", token, "access_token_secret")

    def _secret(self, field: str, value: str, wanted: str) -> str:
        account = self._world.account_with("x", field, value)
        return account.secrets.get(wanted, _NOBODY) if account else _NOBODY


class XAuth:
    """Tell whose request the one under way is."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._endpoint = ResourceEndpoint(XKeys(world))

    def claimed(self) -> Account | None:
        """Return whose token the request names, without a look at its signature; None where it is nobody's."""
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            return self._world.account_with("x", "bearer_token", header.removeprefix("Bearer "))
        found = _TOKEN.search(header)
        return None if found is None else self._world.account_with("x", "access_token", unquote(found.group(1)))

    def account(self) -> Account | None:
        """Return the account whose signature or bearer token the request carries, or None."""
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            return self._world.account_with("x", "bearer_token", header.removeprefix("Bearer "))
        if not header.startswith("OAuth "):
            return None
        is_valid, verified = self._endpoint.validate_protected_resource_request(
            request.url, http_method=request.method, headers={"Authorization": header}
        )
        if not is_valid:
            return None
        return self._world.account_with("x", "access_token", verified.resource_owner_key)
