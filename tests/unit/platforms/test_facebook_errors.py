"""What Graph's error codes mean: https://developers.facebook.com/docs/graph-api/guides/error-handling (2026-11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.facebook.errors import failure_from

NOW = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)


def failure(code: int, *, status: int = 400, headers: dict[str, str] | None = None, **how: bool) -> PlatformError:
    """Ask what an error of Graph's means on a post."""
    error = {"message": "m", "type": "OAuthException", "code": code, "fbtrace_id": "t"}
    how = {"is_harmless": False, "is_repeat": False} | how
    body = json.dumps({"error": error}).encode()
    return failure_from(status=status, headers=headers or {}, body=body, now=NOW, **how)


@pytest.mark.parametrize("code", [1, 2])
def test_a_temporary_error_on_a_post_leaves_open_whether_it_went_out(code: int) -> None:
    """Codes 1 and 2 are downtime; the post may have been made before it."""
    assert type(failure(code, status=500)) is PerhapsSent


@pytest.mark.parametrize("code", [1, 2])
def test_a_temporary_error_on_an_unseen_upload_is_not_sent(code: int) -> None:
    """What nobody sees can be made again."""
    assert type(failure(code, status=500, is_harmless=True)) is NotSent


@pytest.mark.parametrize("code", [4, 17, 32, 341, 613, 80001])
def test_a_rate_limit_waits(code: int) -> None:
    """These codes mean too many calls."""
    assert isinstance(failure(code), Throttled)


def test_the_wait_is_as_long_as_facebook_says() -> None:
    """`estimated_time_to_regain_access` is in minutes."""
    usage = json.dumps({"123": [{"type": "pages", "estimated_time_to_regain_access": 7}]})
    error = failure(80001, headers={"x-business-use-case-usage": usage})
    assert isinstance(error, Throttled)
    assert error.until == NOW + timedelta(minutes=7)


def test_a_usage_header_that_makes_no_sense_means_a_quarter_of_an_hour() -> None:
    """Where Facebook doesn't say, we choose."""
    error = failure(4, headers={"x-business-use-case-usage": "[1]"})
    assert isinstance(error, Throttled)
    assert error.until == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("code", "our_code", "who"),
    [
        (3, "app_not_allowed", Who.IT),
        (10, "app_not_allowed", Who.IT),
        (200, "app_not_allowed", Who.IT),
        (299, "app_not_allowed", Who.IT),
        (102, "token_refused", Who.IT),
        (190, "token_refused", Who.IT),
        (368, "account_restricted", Who.MANAGER),
    ],
)
def test_tokens_and_permissions_need_a_person(code: int, our_code: str, who: Who) -> None:
    """190 is a token, 10 and 200 to 299 permissions, 368 a block for policy reasons."""
    error = failure(code)
    assert isinstance(error, NeedsPerson)
    assert (error.code, error.who) == (our_code, who)


def test_a_duplicate_on_a_first_attempt_is_the_authors_to_change() -> None:
    """506 on a first attempt: somebody posted the same words just before."""
    error = failure(506)
    assert (type(error), error.code) == (Rejected, "duplicate")


def test_a_duplicate_after_an_attempt_may_be_our_own_post() -> None:
    """506 on a repeat: the first attempt may have gone through."""
    error = failure(506, is_repeat=True)
    assert (type(error), error.code) == (PerhapsSent, "duplicate_after_attempt")


def test_a_bad_link_and_bad_content_are_refused() -> None:
    """1609005 is a link error, 100 an invalid parameter; neither gets better by repeating."""
    assert [type(failure(code)) for code in (1609005, 100)] == [Rejected, Rejected]


def test_an_answer_that_is_not_graphs_proves_nothing() -> None:
    """A gateway's page, with whatever status, says nothing of what Graph did."""
    answers = [
        failure_from(status=status, headers={}, body=b"<html>", now=NOW, is_harmless=False, is_repeat=False)
        for status in (302, 403, 502)
    ]
    assert [type(answer) for answer in answers] == [PerhapsSent] * 3


def test_a_token_that_graph_repeats_is_taken_out() -> None:
    """Graph's message for a malformed token holds the token."""
    body = json.dumps({"error": {"message": "Malformed access token EAAsecret", "code": 190}}).encode()
    error = failure_from(
        status=400, headers={}, body=body, now=NOW, is_harmless=False, is_repeat=False, secrets=("EAAsecret",)
    )
    assert "EAAsecret" not in str(error)
