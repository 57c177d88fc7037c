"""OAuth 1.0a's HMAC-SHA1 over a request without a form: https://www.rfc-editor.org/rfc/rfc5849#section-3.

The library that tweepy signs with takes 0.12 ms of processor time for it, an eighth of a call.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def authorization_of(method: str, url: str, keys: Mapping[str, str]) -> str:
    """Return the header `Authorization` for one request, by real time and with a nonce of its own.

    Args:
        method: In capitals.
        url: With its query.
        keys: `consumer_key`, `consumer_secret`, `access_token`, `access_token_secret`.
    """
    stated = {
        "oauth_consumer_key": keys["consumer_key"],
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": keys["access_token"],
        "oauth_version": "1.0",
    }
    stated["oauth_signature"] = sign(method, url, stated.items(), keys["consumer_secret"], keys["access_token_secret"])
    return "OAuth " + ", ".join(f'{name}="{_escape(value)}"' for name, value in stated.items())


def sign(method: str, url: str, stated: Iterable[tuple[str, str]], app_secret: str, token_secret: str) -> str:
    """Return the signature of a request.

    Args:
        method: In capitals.
        url: With its query.
        stated: The protocol's parameters, but for the signature.
        app_secret: The client's shared secret.
        token_secret: The token's shared secret.
    """
    parts = urlsplit(url)
    pairs = [*stated, *parse_qsl(parts.query, keep_blank_values=True)]
    named = "&".join(f"{name}={value}" for name, value in sorted((_escape(one), _escape(two)) for one, two in pairs))
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))
    base = "&".join(map(_escape, (method, f"{parts.scheme}://{host}{parts.path or '/'}", named)))
    key = f"{_escape(app_secret)}&{_escape(token_secret)}"
    return b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode("ascii")


def _escape(text: str) -> str:
    """Write all but letters, figures, `-`, `.`, `_` and `~` as octets (section 3.6)."""
    return quote(text, safe="~")
