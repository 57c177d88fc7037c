"""Read city files: YAML 1.2, each mistake with its line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from publisher.city.check import check, check_together
from publisher.city.keys import known_keys
from publisher.city.model import City
from publisher.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class CityMistake:
    """One mistake in a city file, and where it is."""

    path: Path
    line: int
    """Counted from 1."""
    place: str
    """`accounts.kashiwa_koen.section`."""
    message: str

    def __str__(self) -> str:
        """Read as an editor understands it: file:line: what is wrong."""
        return f"{self.path}:{self.line}: {self.place + ': ' if self.place else ''}{self.message}"


class CityFileError(ConfigurationError):
    """A city file has mistakes; the message names each with its file and line."""

    def __init__(self, mistakes: Sequence[CityMistake]) -> None:
        """Name the *mistakes*."""
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def load_city(path: Path) -> City:
    """Read and check one city file.

    Raises:
        CityFileError: It has mistakes; all of them.
    """
    tree = _read(path)
    try:
        city = City.model_validate(_plain(tree))
    except ValidationError as error:
        raise CityFileError([_mistake(path, tree, one) for one in error.errors()]) from None
    wrong = [(place, message) for place, message in check(city)]
    if city.city != path.stem:
        wrong.append((("city",), f"the file of {city.city} is called {city.city}.yaml"))
    if wrong:
        found = [_at(path, tree, place, message) for place, message in wrong]
        raise CityFileError(sorted(found, key=lambda mistake: mistake.line))
    return city


def load_cities(folder: Path) -> Mapping[str, City]:
    """Read every `<city>.yaml` of a folder, by city key.

    Raises:
        CityFileError: A file has mistakes, or two cities get in each other's way; all mistakes of all files.
        ConfigurationError: The folder holds no city.
    """
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    cities: dict[str, City] = {}
    mistakes: list[CityMistake] = []
    for path in (path for path in paths if not path.name.endswith(".pack.yaml")):
        try:
            city = load_city(path)
            cities[city.city] = city
        except CityFileError as error:
            mistakes += error.mistakes
    for key, place, message in check_together(cities):
        path = folder / f"{key}.yaml"
        mistakes.append(_at(path, _read(path), place, message))
    if mistakes:
        raise CityFileError(mistakes)
    if not cities:
        raise ConfigurationError(f"{folder} holds no city file (<city>.yaml); SNS_CITIES names the folder")
    return cities


def place_mistake(path: Path, place: tuple[str | int, ...], message: str) -> CityMistake:
    """Return a mistake that somebody else found in a city file, with the line of its *place*."""
    return _at(path, _read(path), place, message)


def _read(path: Path) -> CommentedMap:
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 1
        said = (error.problem or str(error)).splitlines()[0]
        raise CityFileError([CityMistake(path=path, line=line, place="", message=f"no YAML: {said}")]) from None
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        said = str(error).splitlines()[0]
        raise CityFileError([CityMistake(path=path, line=1, place="", message=f"not readable: {said}")]) from None
    if not isinstance(tree, CommentedMap):
        raise CityFileError([CityMistake(path=path, line=1, place="", message="a city file is a mapping")])
    return tree


def _plain(node: Any) -> Any:  # noqa: ANN401 - YAML can be anything
    """Return a node without what ruamel hangs on it, keys as text."""
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    if isinstance(node, bool) or node is None or isinstance(node, (date, datetime)):
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else node


def _mistake(path: Path, tree: CommentedMap, error: ErrorDetails) -> CityMistake:
    place = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        return _at(path, tree, place, _unknown_key(place))
    if error["type"] == "missing":
        return _at(path, tree, place, "is missing")
    if error["type"] == "string_pattern_mismatch":
        said = f"{error['input']!r} is not written as {error['ctx']['pattern']} wants it"
        return _at(path, tree, place, said)
    said = error["msg"].removeprefix("Value error, ")
    given = error["input"]
    shown = f" (here: {given!r})" if isinstance(given, (str, int, float)) else ""
    return _at(path, tree, place, said[:1].lower() + said[1:] + shown)


def _unknown_key(place: tuple[str | int, ...]) -> str:
    own = {"sections", "positions", "people", "accounts"}
    general: list[str] = []
    for depth, part in enumerate(place[:-1]):
        is_own = isinstance(part, int) or (depth == 1 and place[0] in own)
        general.append("*" if is_own else str(part))
    known = known_keys(*general)
    near = get_close_matches(str(place[-1]), known, n=1)
    return "is no key here" + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}")


def _at(path: Path, tree: CommentedMap, place: tuple[str | int, ...], message: str) -> CityMistake:
    line = 0
    node: Any = tree
    for part in place:
        try:
            is_list = isinstance(node, CommentedSeq)
            line = (node.lc.item(part) if is_list else node.lc.key(part))[0]
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return CityMistake(path=path, line=line + 1, place=".".join(str(part) for part in place), message=message)
