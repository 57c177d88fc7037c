"""Reads the YAML of a city file, and names what is wrong with its form as a code with the line."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from publisher.errors import ConfigurationMistake

if TYPE_CHECKING:
    from pathlib import Path

    from ruamel.yaml.error import StreamMark

_FULL_WIDTH: Final = re.compile(r"^[ ]*(-[ ]*)?(　|[A-Za-z0-9_-]+[ 　]*(：|:　))")
"""A full-width space or colon where YAML wants its own: the slip that a Japanese keyboard makes."""
_KINDS: Final = (
    (re.compile(r'found duplicate key "(?P<value>[^"]*)"'), "duplicate_key"),
    (re.compile(r"found character '\\t'"), "tab"),
    (re.compile(r"found character '(?P<value>.)'"), "special_character"),
    (re.compile(r"mapping values are not allowed"), "colon"),
    (re.compile(r"could not find expected ':'"), "colon"),
    (re.compile(r"expected <block end>"), "indentation"),
    (re.compile(r"expected ',' or '[\]}]'|found unexpected end of stream"), "unclosed"),
)


class _Constructor(RoundTripConstructor):
    """Leaves a day that no calendar has as text, so that it is complained of with its line."""

    def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:  # noqa: ANN401 - as the library has it
        """Build a day or an instant, or the text where it is none."""
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError:
            return str(node.value)


# ruamel calls constructors by a table that holds the functions of the class they were written in.
_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)


class UnreadableFileError(Exception):
    """The file is no YAML mapping; the mistake says why."""

    def __init__(self, mistake: ConfigurationMistake) -> None:
        """Carry the *mistake*."""
        super().__init__(str(mistake))
        self.mistake = mistake


def read_tree(path: Path) -> CommentedMap:
    """Read a file as a tree that knows its lines.

    Raises:
        UnreadableFileError: It is no YAML mapping.
    """
    text = _read_text(path)
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        tree = yaml.load(text)
    except MarkedYAMLError as error:
        raise UnreadableFileError(_marked(path, text, error)) from None
    except YAMLError as error:
        line = text[: getattr(error, "position", 0)].count("\n") + 1
        said = str(error).splitlines()[0]
        raise _unreadable(path, "syntax", line=line, problem=said) from None
    if not isinstance(tree, CommentedMap):
        first = text.splitlines()[0] if text.strip() else ""
        raise _unreadable(path, "full_width" if _FULL_WIDTH.match(first) else "no_mapping", line=1)
    return tree


def name_problem(problem: str, text: str, line: int) -> tuple[str, dict[str, str], int]:
    """Return the code, the params and the line of what a YAML reader says of a *line* of a text, from 1."""
    first = max(line - 1, 1)  # the reader stumbles over a full-width colon in the line below
    for number, written in enumerate(text.splitlines()[first - 1 : line], start=first):
        if _FULL_WIDTH.match(written):
            return "full_width", {}, number
    for pattern, code in _KINDS:
        if found := pattern.search(problem):
            return code, found.groupdict(), line
    return "syntax", {"problem": problem.splitlines()[0] if problem else ""}, line


def to_plain(node: Any) -> Any:  # noqa: ANN401 - YAML can be anything
    """Return a node without what ruamel hangs on it, keys as text."""
    if isinstance(node, CommentedMap):
        return {str(key): to_plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [to_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    if isinstance(node, bool) or node is None or isinstance(node, (date, datetime)):
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else node


def line_of(tree: CommentedMap, place: tuple[str | int, ...]) -> int:
    """Return the line (counted from 1) of a place, or of the nearest thing around it that the file has."""
    line = 0
    node: Any = tree
    for part in place:
        try:
            is_list = isinstance(node, CommentedSeq)
            line = (node.lc.item(part) if is_list else node.lc.key(part))[0]
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return int(line) + 1


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, "unreadable", reason=error.strerror or str(error)) from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(path, "encoding", line=raw[: error.start].count(b"\n") + 1) from None


def _marked(path: Path, text: str, error: MarkedYAMLError) -> ConfigurationMistake:
    problem = str(error.problem or error)
    mark = error.problem_mark
    code, params, line = name_problem(problem, text, _line(mark))
    if code == "unclosed" and error.context_mark is not None:
        mark = error.context_mark  # where it was opened: what follows may be quite right
        line = _line(mark)
    column = 0 if code in {"full_width", "duplicate_key"} or mark is None else mark.column + 1
    return ConfigurationMistake(code=code, params=params, path=str(path), line=line, column=column)


def _line(mark: StreamMark | None) -> int:
    return 1 if mark is None else int(mark.line) + 1


def _unreadable(path: Path, code: str, *, line: int = 0, **params: str) -> UnreadableFileError:
    return UnreadableFileError(ConfigurationMistake(code=code, params=params, path=str(path), line=line))
