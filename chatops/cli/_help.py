"""The help of `sns` with its headings in the shell's language.

Typer's own words are English, and so are some of its headings that no translation reaches. The help is text with a
known form; what a later version writes otherwise stays as it is.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chatops.messages import Voice

_FLAG: Final = "--help"
_BEGINS: Final = re.compile(r"\s*Usage: ")


@contextmanager
def said_help(arguments: Sequence[str], build_voice: Callable[[], Voice]) -> Iterator[None]:
    """Put headings of a help that is printed in the block into the shell's language, where *arguments* ask for one."""
    if _FLAG not in arguments:
        yield
        return
    with redirect_stdout(cast("TextIO", _Saying(sys.stdout, build_voice()))):
        yield


def in_words(text: str, say: Voice) -> str:
    """Return a help with its headings in a language; any other text as it is."""
    from chatops.messages.ja import usage as words  # noqa: PLC0415 - a command needs no help

    if not _BEGINS.match(text):
        return text
    replaced: tuple[tuple[str, str], ...] = (
        (r"(?m)^Usage: ", say(words.usage)),
        (r"\[OPTIONS\]", f"[{say(words.any_options)}]"),
        (r"COMMAND \[ARGS\]\.\.\.", say(words.command_and_more)),
        (r"(?m)^Arguments:$", f"{say(words.arguments)}:"),
        (r"(?m)^Options:$", f"{say(words.options)}:"),
        (r"(?m)^Commands:$", f"{say(words.commands)}:"),
        (r"Show this message and exit\.", say(words.shows_help)),
        (r"(?m)(?<=[\[ ])required(?=\]$)", say(words.required)),
        (r"(?<=\[)default: ", say(words.default)),
    )
    for pattern, word in replaced:
        text = re.sub(pattern, word.replace("\\", r"\\"), text)
    return text


class _Saying:
    """A stream that lets everything through, the help in words."""

    def __init__(self, stream: TextIO, say: Voice) -> None:
        self._stream = stream
        self._say = say

    def write(self, text: str) -> int:
        """Write *text*."""
        return self._stream.write(in_words(text, self._say))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)
