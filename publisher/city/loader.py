"""Load city files: what pydantic and the cross-checks find wrong becomes codes, each with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from publisher.city.check import Wrong, check, check_together, nearest, wrong
from publisher.city.keys import known_keys
from publisher.city.model import (
    CHANNEL_PATTERN,
    EMAIL_PATTERN,
    KEY_PATTERN,
    TEAM_PATTERN,
    USER_PATTERN,
    City,
)
from publisher.city.yaml_file import UnreadableFileError, line_of, read_tree, to_plain
from publisher.errors import ConfigurationError, ConfigurationMistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails
    from ruamel.yaml.comments import CommentedMap

_FORMS: Final = {
    KEY_PATTERN: "key_form_wrong",
    USER_PATTERN: "slack_user_form",
    CHANNEL_PATTERN: "slack_channel_form",
    TEAM_PATTERN: "slack_team_form",
    EMAIL_PATTERN: "email_form",
}
_EXPECTED: Final = (
    ("string", "text"),
    ("int", "a whole number"),
    ("decimal", "a number"),
    ("bool", "true or false"),
    ("date", "a day like 2023-01-04"),
    ("time", "a time of day like 08:30"),
    ("model", "mapping"),
    ("dict", "mapping"),
    ("mapping", "mapping"),
    ("tuple", "a list"),
    ("frozen_set", "a list"),
)
"""By the beginning of pydantic's word for the error: what a value should have been."""


class CityFileError(ConfigurationError):
    """City files have mistakes; all of them are named, with file and line."""


def load_city(path: Path) -> City:
    """Read and check one city file.

    Raises:
        CityFileError: It has mistakes; all of them.
    """
    city, mistakes = _look(path)
    if mistakes or city is None:
        raise CityFileError(mistakes)
    return city


def load_cities(folder: Path) -> Mapping[str, City]:
    """Read every `<city>.yaml` of a folder, by city key.

    Raises:
        CityFileError: A file has mistakes, or two cities get in each other's way; all mistakes of all files.
        ConfigurationError: There is no such folder, or it holds no city.
    """
    cities, mistakes = survey_cities(folder)
    if mistakes:
        raise CityFileError(mistakes)
    return cities


def survey_cities(folder: Path) -> tuple[Mapping[str, City], tuple[ConfigurationMistake, ...]]:
    """Read every city file of a folder as far as it can be read; return the cities and all mistakes.

    Raises:
        ConfigurationError: There is no such folder, or it holds no city.
    """
    cities: dict[str, City] = {}
    mistakes: list[ConfigurationMistake] = []
    for path in _city_files(folder):
        if path.suffix == ".yml":
            meant = path.with_suffix(".yaml").name
            mistakes.append(ConfigurationMistake(code="file_suffix", path=str(path), params={"name": meant}))
            continue
        city, found = _look(path)
        mistakes += found
        if city is not None:
            cities[city.city] = city
    for key, one in check_together(cities):
        path = folder / f"{key}.yaml"
        mistakes.append(_at(path, read_tree(path), one))
    return cities, tuple(mistakes)


def place_mistake(
    path: Path, place: tuple[str | int, ...], code: str, meant: str | None = None, **params: str
) -> ConfigurationMistake:
    """Return a mistake that somebody else found in a city file that could be read, with the line of its *place*."""
    return _at(path, read_tree(path), wrong(place, code, meant, **params))


def _city_files(folder: Path) -> list[Path]:
    where = {"folder": str(folder)}
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    except FileNotFoundError:
        raise ConfigurationError([ConfigurationMistake(code="no_cities_folder", params=where)]) from None
    except OSError as error:
        where["reason"] = error.strerror or str(error)
        raise ConfigurationError([ConfigurationMistake(code="cities_folder_unreadable", params=where)]) from None
    files = [path for path in found if not path.stem.endswith(".pack") and not path.name.startswith(".")]
    if not files:
        raise ConfigurationError([ConfigurationMistake(code="no_city_file", params=where)])
    return files


def _look(path: Path) -> tuple[City | None, list[ConfigurationMistake]]:
    """Read one file; without a mistake of form there is a city, which may yet have mistakes of sense."""
    try:
        tree = read_tree(path)
    except UnreadableFileError as error:
        return None, [error.mistake]
    try:
        city = City.model_validate(to_plain(tree))
    except ValidationError as error:
        return None, _in_order(_at(path, tree, _translated(one)) for one in _real_ones(error.errors()))
    found = list(check(city))
    if city.city != path.stem:
        found.append(wrong(("city",), "file_name", value=city.city))
        return None, _in_order(_at(path, tree, one) for one in found)
    return city, _in_order(_at(path, tree, one) for one in found)


def _in_order(mistakes: Iterable[ConfigurationMistake]) -> list[ConfigurationMistake]:
    return sorted(mistakes, key=lambda mistake: mistake.line)


def _real_ones(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out that a list is too short where that is only because its items have mistakes."""
    places = [error["loc"] for error in errors]
    for error in errors:
        own = error["loc"]
        if error["type"] != "too_short" or not any(len(one) > len(own) and one[: len(own)] == own for one in places):
            yield error


def _translated(error: ErrorDetails) -> Wrong:  # noqa: PLR0911 - one a kind
    """Make a code of ours of what pydantic found."""
    place = tuple(part for part in error["loc"] if part != "[key]")
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    shown = {"value": str(given)} if isinstance(given, (str, int, float)) else {}
    match kind:
        case "extra_forbidden":
            return _unknown_key(place)
        case "missing":
            return wrong(place, "missing_key", name=str(place[-1]))
        case "period_backwards" | "step_names_one" | "limit_names_one" | "zone_unknown":
            return wrong(place, kind, **shown, **context)
        case "string_pattern_mismatch":
            return wrong(place, _FORMS[context["pattern"]], **shown)
        case "enum" | "literal_error":
            known = re.findall(r"'([^']+)'", context["expected"])
            return wrong(place, "unknown_value", nearest(str(given), known), known=", ".join(known), **shown)
        case "string_too_short" | "too_short":
            return wrong(place, "empty_value")
        case "greater_than_equal":
            return wrong(place, "too_small", least=str(context["ge"]), **shown)
        case "less_than_equal":
            return wrong(place, "too_large", most=str(context["le"]), **shown)
    expected = next((word for start, word in _EXPECTED if kind.startswith(start)), None)
    if expected is None:
        return wrong(place, "wrong_value", problem=error["msg"], **shown)
    return wrong(place, "wrong_type", expected=expected, **shown)


def _unknown_key(place: tuple[str | int, ...]) -> Wrong:
    own = {"sections", "positions", "people", "accounts"}
    general: list[str] = []
    for depth, part in enumerate(place[:-1]):
        is_own = isinstance(part, int) or (depth == 1 and place[0] in own)
        general.append("*" if is_own else str(part))
    known = known_keys(*general)
    name = str(place[-1])
    return wrong(place, "unknown_key", nearest(name, known), name=name, known=", ".join(known))


def _at(path: Path, tree: CommentedMap, one: Wrong) -> ConfigurationMistake:
    """Give what is wrong its line; people count lists from 1."""
    shown = ".".join(str(part + 1) if isinstance(part, int) else part for part in one.place)
    return ConfigurationMistake(
        code=one.code, params=one.params, meant=one.meant, path=str(path), line=line_of(tree, one.place), place=shown
    )
