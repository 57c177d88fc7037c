"""What is lent to one thread at a time: many accounts, many threads, few clients kept."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from platforms import lending
from platforms.lending import KeptClients

if TYPE_CHECKING:
    from collections.abc import Iterator


class Named(KeptClients[str]):
    """Clients that are nothing but their secrets."""

    def _make(self, secrets: str) -> str:
        return secrets


@pytest.fixture
def _often_interrupted() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_often_interrupted")
def test_more_accounts_than_are_kept_break_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes room for a new account meets others who do the same: each gets its own account's client."""
    monkeypatch.setattr(lending, "_MOST", 2)
    clients = Named()
    broken: list[str] = []

    def work(first: int) -> None:
        for turn in range(1000):
            secrets = f"secret-{(first + turn) % 50}"
            try:
                with clients.lent(secrets) as client:
                    if client != secrets:
                        broken.append(client)
            except RuntimeError as error:
                broken.append(str(error))

    threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 48, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == broken
