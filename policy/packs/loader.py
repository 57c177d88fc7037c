"""Finds a pack by its name or path and loads it; a loaded pack is kept while its text stays the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from policy.errors import PackError, PackMistake, UnknownPackError
from policy.packs.node import Node, Report
from policy.packs.reader import read_pack

if TYPE_CHECKING:
    from policy.pack import Pack

_SHIPPED = Path(__file__).parent
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_SUFFIXES = frozenset({".yaml", ".yml"})


def shipped_packs() -> tuple[str, ...]:
    """Return the names of the packs that ship with the product."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def load_pack(name_or_path: str | Path) -> Pack:
    """Load a shipped pack by name, or a city's own by the path of its file.

    Raises:
        UnknownPackError: there is no such pack or file.
        PackError: the file has mistakes; all of them are named, with their lines.
    """
    path = find_pack(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnknownPackError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PackError((PackMistake(path=str(path), line=1, key="", code="encoding"),)) from error
    return parse_pack(text, str(path))


def find_pack(name_or_path: str | Path) -> Path:
    """Return the file of a shipped pack's name, or of a path.

    Raises:
        UnknownPackError: There is no shipped pack of this name.
    """
    path = Path(name_or_path)
    if path.suffix in _SUFFIXES:
        return path
    if str(name_or_path) in shipped_packs():
        return _SHIPPED / f"{name_or_path}.yaml"
    raise UnknownPackError(f"{name_or_path}: known packs are {', '.join(shipped_packs())}")


def parse_pack(text: str, path: str) -> Pack:
    """Build a pack from its text; *path* stands in the mistakes.

    Raises:
        PackError: the text has mistakes.
    """
    try:
        return _parse(text)
    except PackError as error:
        raise PackError(tuple(replace(one, path=path) for one in error.mistakes)) from error


@lru_cache(maxsize=64)
def _parse(text: str) -> Pack:
    """Build a pack once, whichever of many cities has it, and wherever it lies."""
    path = ""
    report = Report(path=path)
    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistake = PackMistake(
            path=path,
            line=line,
            key="",
            code="syntax",
            params={"problem": str(error.problem or "")},
        )
        raise PackError((mistake,)) from error
    except YAMLError as error:
        raise PackError((PackMistake(path=path, line=1, key="", code="syntax"),)) from error
    except ValueError as error:  # a day that no calendar has: YAML reads it as a date, and gives no place
        params = {"problem": str(error)}
        raise PackError(
            (PackMistake(path=path, line=_line_of_no_day(text), key="", code="syntax", params=params),)
        ) from error
    pack = read_pack(Node(data, key="", line=1, report=report))
    if report.mistakes:
        raise PackError(tuple(sorted(report.mistakes, key=lambda one: one.line)))
    return pack


def _line_of_no_day(text: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        for word in _DAY.findall(line):
            try:
                date.fromisoformat(word)
            except ValueError:
                return number
    return 1
