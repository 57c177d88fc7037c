"""Which keys a city file may have where: for saying what was meant. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from publisher.city.model import (
    Account,
    AccountSettings,
    BudgetSettings,
    CallLimit,
    Channels,
    City,
    Defaults,
    Holding,
    Hours,
    Person,
    Position,
    Route,
    Section,
    Slack,
    Step,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def known_keys(*path: str) -> tuple[str, ...]:
    """Return the keys that a file may have at a place, for saying what was meant; empty where any are allowed.

    Args:
        path: Names of fields from the top, `*` for a key or an index of the city's own.
    """
    model: Any = City
    for step in path:
        model = _PLACES.get((model, step))
    if model is None:
        return ()
    return tuple(field.alias or name for name, field in model.model_fields.items())


_PLACES: Final[Mapping[tuple[object, str], object]] = {
    (City, "name"): Words,
    (City, "slack"): Slack,
    (Slack, "channels"): Channels,
    (City, "sections"): "sections",
    ("sections", "*"): Section,
    (Section, "name"): Words,
    (City, "positions"): "positions",
    ("positions", "*"): Position,
    (Position, "title"): Words,
    (City, "people"): "people",
    ("people", "*"): Person,
    (Person, "positions"): "holdings",
    ("holdings", "*"): Holding,
    (City, "accounts"): "accounts",
    ("accounts", "*"): Account,
    (Account, "settings"): AccountSettings,
    (AccountSettings, "hours"): Hours,
    (Account, "budget"): BudgetSettings,
    (BudgetSettings, "calls"): "call_limits",
    ("call_limits", "*"): CallLimit,
    (City, "routes"): "routes",
    ("routes", "*"): Route,
    (Route, "steps"): "steps",
    ("steps", "*"): Step,
    (Step, "name"): Words,
    (City, "defaults"): Defaults,
}
