"""Each request to X is signed as RFC 5849 says."""

from __future__ import annotations

import re

import oauthlib.oauth1  # type: ignore[import-untyped]  # it has no type information
import pytest

from platforms.x.signing import authorization_of, sign

KEYS = {
    "consumer_key": "xvz1evFS4wEEPTGEFPHBog",
    "consumer_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "access_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "access_token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
}


def test_the_rfcs_own_example_has_its_signature() -> None:
    """RFC 5849, section 1.2: the request for a protected resource."""
    stated = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131202",
        "oauth_nonce": "chapoH",
    }
    url = "http://photos.example.net/photos?file=vacation.jpg&size=original"

    assert sign("GET", url, stated.items(), "kd94hf93k423kf44", "pfkkdhi9sl3r4s00") == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


@pytest.mark.parametrize(
    "url",
    [
        "https://api.x.com/2/tweets",
        "https://api.x.com:443/2/tweets",
        "http://127.0.0.1:8080/2/tweets",
        "HTTPS://API.X.COM/2/users/me",
        "https://api.x.com/2/tweets?ids=1%2C2&tweet.fields=created_at,entities&empty=",
        "https://api.x.com/2/tweets/search?query=%E6%9F%8F%E5%B8%82+%22%7E*%21%22&query=a%20b",
        "https://api.x.com",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_signature_is_what_the_library_that_tweepy_uses_makes_of_the_same(method: str, url: str) -> None:
    """With the nonce and the time of one header, oauthlib signs the same request with the same letters."""
    header = authorization_of(method, url, KEYS)
    stated = dict(re.findall(r'(oauth_\w+)="([^"]*)"', header))
    library = oauthlib.oauth1.Client(
        KEYS["consumer_key"],
        KEYS["consumer_secret"],
        KEYS["access_token"],
        KEYS["access_token_secret"],
        nonce=stated["oauth_nonce"],
        timestamp=stated["oauth_timestamp"],
    )
    _, headers, _ = library.sign(url, method)

    assert dict(re.findall(r'(oauth_\w+)="([^"]*)"', headers["Authorization"])) == stated


def test_no_two_requests_are_signed_with_one_nonce() -> None:
    """X takes the second one of them for a repeat by somebody who listened."""
    headers = [authorization_of("POST", "https://api.x.com/2/tweets", KEYS) for _ in range(100)]

    assert len({re.search(r'oauth_nonce="(\w+)"', one)[1] for one in headers}) == 100  # type: ignore[index]
