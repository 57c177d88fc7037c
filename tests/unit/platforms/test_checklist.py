"""The list of what could not be tried without live accounts."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path

import platforms
from platforms.port import Endpoints
from platforms.registry import build_platforms

ASSUMPTIONS = tomllib.loads((Path(platforms.__file__).parent / "CHECKLIST.toml").read_text("utf-8"))["assumption"]


def test_every_assumption_says_what_where_from_and_how_to_try_it() -> None:
    """An entry without a way to try it is no use on the day before a city goes live."""
    names = {"id", "platform", "module", "says", "source", "try"}
    assert [each["id"] for each in ASSUMPTIONS if not names <= set(each)] == []
    assert len({each["id"] for each in ASSUMPTIONS}) == len(ASSUMPTIONS)


def test_every_assumption_lives_in_a_module_of_its_platform() -> None:
    """The module named is the one to change when the assumption falls."""
    known = set(build_platforms(Endpoints(), now=lambda: None))  # type: ignore[arg-type,return-value]  # never asked
    for each in ASSUMPTIONS:
        assert each["platform"] in known
        assert importlib.import_module(each["module"]).__doc__
