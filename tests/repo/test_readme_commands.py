"""Every command that the documents tell somebody to type exists, with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from chatops.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "README.ja.md", "docs/operating.md", "docs/operating.ja.md", "docs/guide.ja.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""A block that is called `text` shows what was printed."""
INLINE = re.compile(r"(?<!`)`((?:sns|make) [^`\n]+)`(?!`)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
NAMED_LATER = {"…", "..."}
"""`sns credentials …` names a group."""


def commands_of(document: str) -> list[list[str]]:
    """Return the lines of code blocks and the code in sentences that call `sns` or `make`, as words."""
    text = (ROOT / document).read_text("utf-8")
    lines = [line for kind, block in BLOCK.findall(text) if kind != "text" for line in block.splitlines()]
    found = [shlex.split(line, comments=True) for line in lines if re.match(r"\s*(\$ )?(\S*/)?(sns|make) ", line)]
    found += [shlex.split(code) for code in INLINE.findall(BLOCK.sub("", text))]
    return [words[1:] if words[0] == "$" else words for words in found]


def check_sns(words: list[str]) -> str | None:
    """Return what is wrong with the words after `sns`, or None: commands, options and the number of arguments."""
    command: Any = typer.main.get_command(app)
    rest = [word for word in words[: words.index("<")] if word] if "<" in words else list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0].startswith("--") or rest[0] in NAMED_LATER:
            break
        name = rest.pop(0)
        if name not in command.commands:
            return f"there is no command {name}"
        command = command.commands[name]
    options = {name: one for one in command.params for name in one.opts if name.startswith("-")}
    arguments = sum(1 for one in command.params if not one.opts[0].startswith("-"))
    while rest:
        word = rest.pop(0)
        if word == "--help" or word in NAMED_LATER:
            continue
        if not word.startswith("-"):
            arguments -= 1
        elif word not in options:
            return f"there is no option {word}"
        elif not options[word].is_flag and rest:
            rest.pop(0)
    return None if arguments >= 0 else "there are too many arguments"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_in_the_documents_exists(document: str) -> None:
    """Whoever copies a line gets no “no such command”."""
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    wrong: dict[str, str] = {}
    for words in commands_of(document):
        program, *rest = words
        if program.endswith("make"):
            unknown = [word for word in rest if "=" not in word and word not in targets]
            wrong |= {" ".join(words): f"there is no target {one}" for one in unknown}
        elif problem := check_sns(rest):
            wrong[" ".join(words)] = problem

    assert wrong == {}


def test_the_documents_name_commands() -> None:
    """The search finds what is there to be found: an empty one would prove nothing."""
    found = {" ".join(words[:2]) for document in DOCUMENTS for words in commands_of(document)}

    assert {"make run", "make setup", "sns serve", "sns cities", "sns credentials", "sns migrate"} <= found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("serve --host 127.0.0.1 --port 8080", None),
        ("credentials set kashiwa_shi < x.json", None),
        ("credentials …", None),
        ("serv", "there is no command serv"),
        ("serve --prot 1", "there is no option --prot"),
        ("show K-1 K-2", "there are too many arguments"),
    ],
)
def test_a_command_that_is_none_is_noticed(typed: str, expected: str | None) -> None:
    """The check itself tells right from wrong."""
    assert expected == check_sns(typed.split())
