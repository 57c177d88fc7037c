"""Tokens go to YouTube's own address and nowhere else."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest

from platforms.errors import NeedsPerson
from platforms.youtube.upload import Upload


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/upload/youtube/v3/videos?upload_id=1",
        "http://youtube.googleapis.com/upload/youtube/v3/videos?upload_id=1",
        "https://youtube.googleapis.com.evil.example/upload/",
        "https://youtube.googleapis.com@evil.example/upload/",
        "https://youtube.googleapis.com:444/upload/",
        "//youtube.googleapis.com/upload/",
    ],
)
def test_an_upload_session_anywhere_else_is_refused(address: str) -> None:
    """Another scheme, host or port is another place, however it is spelt."""
    sdk: Any = None  # not asked
    upload = Upload(
        sdk, None, base="https://youtube.googleapis.com", now=lambda: datetime.now(UTC), calling=nullcontext
    )
    with pytest.raises(NeedsPerson) as caught:
        upload._check_address(address)
    assert caught.value.code == "foreign_address"
