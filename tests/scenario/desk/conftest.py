"""Kashiwa as a whole, in process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from town import Town, build_town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def make_town(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """Build towns: at a time, from a city file, with settings."""
    towns: list[Town] = []

    def make(*args: Any, **settings: Any) -> Town:
        towns.append(build_town(tmp_path / "var", *args, **settings))
        return towns[-1]

    yield make
    for town in towns:
        town.heart.database.close()


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    """The town on an open Tuesday at 9:00."""
    return make_town()
