"""A folder of city files with the packs they name: read as one, every mistake of all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from policy.errors import PackError
from policy.packs import parse_pack, shipped_packs
from publisher.city.check import nearest
from publisher.city.loader import CityFileError, place_mistake, survey_cities
from publisher.city.yaml_file import name_problem
from publisher.errors import ConfigurationError, ConfigurationMistake

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from policy.errors import PackMistake
    from policy.pack import Pack
    from publisher.city.model import City

OWN_SUFFIX = ".pack.yaml"
"""A city's own pack lies beside its city file and goes before a shipped one of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """A pack as its file has it."""

    path: Path
    text: str
    pack: Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFolder:
    """What a folder holds."""

    cities: Mapping[str, City]
    packs: Mapping[tuple[str, str], PackFile]
    """By city and the pack's name."""


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
    packs: dict[tuple[str, str], PackFile] = {}
    for key, city in cities.items():
        for platform, name in city.packs.items():
            path = _path_of(folder, name)
            if path is None:
                mistakes.append(_unknown_pack(folder, key, platform, name))
                continue
            try:
                packs[key, name] = read_pack_file(path)
            except ConfigurationError as error:
                mistakes += error.mistakes
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


def read_pack_file(path: Path) -> PackFile:
    """Read a pack.

    Raises:
        ConfigurationError: It can't be read; all its mistakes.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise ConfigurationError([ConfigurationMistake(code="unreadable", path=str(path), params=params)]) from None
    except UnicodeDecodeError:
        raise ConfigurationError([ConfigurationMistake(code="encoding", path=str(path), line=1)]) from None
    return PackFile(path=path, text=text, pack=read_pack_text(text, str(path)))


def read_pack_text(text: str, path: str) -> Pack:
    """Build a pack from its text; *path* stands in the mistakes.

    Raises:
        ConfigurationError: All its mistakes.
    """
    try:
        return parse_pack(text, path)
    except PackError as error:
        raise ConfigurationError([said_of_pack(one, text) for one in error.mistakes]) from None


def _path_of(folder: Path, name: str) -> Path | None:
    """Return where a pack of that name lies: the city's own, else the shipped one; None: nowhere."""
    own = folder / f"{name}{OWN_SUFFIX}"
    if own.exists():
        return own
    shipped = Path(str(resources.files("policy.packs"))) / f"{name}.yaml"
    return shipped if name in shipped_packs() else None


def _unknown_pack(folder: Path, city: str, platform: str, name: str) -> ConfigurationMistake:
    place = ("packs", platform)
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


def said_of_pack(one: PackMistake, text: str | None = None) -> ConfigurationMistake:
    """Return a pack's mistake in the words of configuration: a code, its params, its place.

    Args:
        one: The mistake.
        text: The pack's text; None: it is read from the file that the mistake names.
    """
    code, params, line = one.code, dict(one.params), one.line
    if code == "syntax":
        text = Path(one.path).read_text("utf-8", "replace") if text is None else text
        code, params, line = name_problem(params.get("problem", ""), text, one.line)
    if code in {"unknown_key", "missing_key"}:
        params.setdefault("name", one.key.rpartition(".")[2])
    return ConfigurationMistake(code=code, params=params, meant=one.meant, path=one.path, line=line, place=one.key)
