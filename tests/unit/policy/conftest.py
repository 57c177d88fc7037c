"""What the tests of policy share: the packs, and X's own count of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from policy import judge
from policy.packs import load_pack
from policy.wire import TextCounter, action_from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy import Verdict
    from policy.packs import Pack

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def _weigh(text: str) -> int:
    """Count as twitter-text's configuration v3 says; no links in these tests."""
    return sum(1 if any(first <= ord(char) <= last for first, last in _LIGHT) else 2 for char in text)


@pytest.fixture
def x_counter() -> dict[str, TextCounter]:
    """X's room: 280 weighted units."""
    return {"x": TextCounter(limit=280, measure=_weigh)}


@pytest.fixture
def kashiwa() -> Pack:
    """The pack of Kashiwa."""
    return load_pack("kashiwa")


@pytest.fixture
def ask(x_counter: dict[str, TextCounter]) -> Callable[..., Verdict]:
    """Ask a pack about its example with some fields changed."""

    def ask(pack_name: str = "kashiwa", **changes: Any) -> Verdict:
        pack = load_pack(pack_name)
        line = {**pack.example, "pack": pack_name, **changes}
        _, action, facts = action_from_json(line, counters=x_counter)
        return judge(pack, action, facts)

    return ask
