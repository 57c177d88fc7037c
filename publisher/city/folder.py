"""A folder of city files with the packs they name: read as one, every mistake of all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policy.errors import PackError, UnknownPackError
from policy.packs import load_pack, shipped_packs
from publisher.city.check import nearest
from publisher.city.loader import CityFileError, place_mistake, survey_cities
from publisher.city.yaml_file import name_problem
from publisher.errors import ConfigurationMistake

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from policy.errors import PackMistake
    from policy.pack import Pack
    from publisher.city.model import City

OWN_SUFFIX = ".pack.yaml"
"""A city's own pack lies beside its city file and goes before a shipped one of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFolder:
    """What a folder holds."""

    cities: Mapping[str, City]
    packs: Mapping[tuple[str, str], Pack]
    """By city and platform."""


def load_folder(folder: Path, platforms: Collection[str]) -> CityFolder:
    """Read every city of a folder, and every pack that one names.

    Args:
        folder: `SNS_CITIES`.
        platforms: The platforms there are.

    Raises:
        CityFileError: A city file or a pack has mistakes; all mistakes of all files.
        ConfigurationError: There is no such folder, or it holds no city.
    """
    cities, found = survey_cities(folder)
    mistakes = list(found)
    packs: dict[tuple[str, str], Pack] = {}
    for key, city in cities.items():
        for platform, name in city.packs.items():
            try:
                packs[key, platform] = load_pack(_path_of(folder, name))
            except PackError as error:
                mistakes += [said_of_pack(one) for one in error.mistakes]
            except UnknownPackError as error:
                mistakes.append(_unknown_pack(folder, key, platform, name, error))
        mistakes += _unknown_platforms(folder, key, city, platforms)
    if mistakes:
        raise CityFileError(_without_repeats(mistakes))
    return CityFolder(cities=cities, packs=packs)


def _without_repeats(mistakes: list[ConfigurationMistake]) -> Iterator[ConfigurationMistake]:
    """Leave out what is said already (a pack is read once a platform), and a pack missed by a platform that is none."""
    said: set[str] = set()
    nowhere = {(one.path, one.place) for one in mistakes if one.code == "unknown_platform"}
    for mistake in mistakes:
        is_vain = mistake.code == "no_pack" and (mistake.path, mistake.place) in nowhere
        if not is_vain and str(mistake) not in said:
            said.add(str(mistake))
            yield mistake


def _path_of(folder: Path, name: str) -> str | Path:
    own = folder / f"{name}{OWN_SUFFIX}"
    return own if own.exists() else name


def _unknown_pack(folder: Path, city: str, platform: str, name: str, error: UnknownPackError) -> ConfigurationMistake:
    place = ("packs", platform)
    if isinstance(error.__cause__, OSError):
        reason = error.__cause__.strerror or str(error.__cause__)
        own = str(folder / f"{name}{OWN_SUFFIX}")
        return ConfigurationMistake(code="unreadable", path=own, params={"reason": reason})
    known = sorted({*shipped_packs(), *(path.name.removesuffix(OWN_SUFFIX) for path in folder.glob(f"*{OWN_SUFFIX}"))})
    file = folder / f"{city}.yaml"
    params = {"value": name, "known": ", ".join(known), "name": f"{name}{OWN_SUFFIX}"}
    return place_mistake(file, place, "unknown_pack", nearest(name, known), **params)


def _unknown_platforms(
    folder: Path, key: str, city: City, platforms: Collection[str]
) -> Iterator[ConfigurationMistake]:
    used = [(("accounts", account, "platform"), own.platform) for account, own in city.accounts.items()]
    for place, platform in [*((("packs", name), name) for name in city.packs), *used]:
        if platform not in platforms:
            near, known = nearest(platform, platforms), ", ".join(platforms)
            yield place_mistake(folder / f"{key}.yaml", place, "unknown_platform", near, value=platform, known=known)


def said_of_pack(one: PackMistake) -> ConfigurationMistake:
    """Return a pack's mistake in the words of configuration: a code, its params, its place."""
    code, params, line = one.code, dict(one.params), one.line
    if code == "syntax":
        text = Path(one.path).read_text("utf-8", "replace")
        code, params, line = name_problem(params.get("problem", ""), text, one.line)
    if code in {"unknown_key", "missing_key"}:
        params.setdefault("name", one.key.rpartition(".")[2])
    return ConfigurationMistake(code=code, params=params, meant=one.meant, path=one.path, line=line, place=one.key)
