"""What somebody has mistyped at the shell, said in the shell's language.

Typer's own sentences are English. Its exceptions tell by their attributes what the matter is; where one of a later
version tells nothing that is known here, its own sentence is shown.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from chatops.cli._help import in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.messages import Voice

_COMMAND: Final = re.compile(r"No such command '(.*?)'")
_EXTRA: Final = re.compile(r"unexpected extra argument(?:s|\(s\))? \((.*)\)", re.DOTALL)
_CHOICES: Final = re.compile(r"'(.*)' is not one of (.*?)\.?$", re.DOTALL)
_AT_MOST: Final = re.compile(r"less than or equal to (\S+)")
_AT_LEAST: Final = re.compile(r"greater than or equal to (\S+)")
_NUMBER: Final = re.compile(r"valid (?:integer|number|float)")
_NEARNESS: Final = 0.6


def said_usage(error: Any, say: Voice) -> str:  # noqa: ANN401 - Typer's exceptions have no public types of their own
    """Say what is wrong with the words of a command, and where its help is."""
    from chatops.messages.ja import usage as words  # noqa: PLC0415 - `sns --help` needs no words

    if type(error).__name__ == "NoArgsIsHelpError":
        return in_words(str(error.format_message()), say)
    said = _of_option(error, say) or _of_value(error, say) or _of_words(error, say) or str(error.format_message())
    context = getattr(error, "ctx", None)
    command = "sns" if context is None else str(context.command_path)
    return f"sns: {said}\n{say(words.help_hint, command)}"


def _of_option(error: Any, say: Voice) -> str:  # noqa: ANN401 - as above
    from chatops.messages.ja import usage as words  # noqa: PLC0415 - as above

    name = getattr(error, "option_name", None)
    if name is None:
        return ""
    if hasattr(error, "possibilities"):
        return say(words.no_such_option, name, list(error.possibilities or ()))
    return say(words.needs_value, name)


def _of_value(error: Any, say: Voice) -> str:  # noqa: ANN401 - as above
    from chatops.messages.ja import usage as words  # noqa: PLC0415 - as above

    param, message = getattr(error, "param", None), str(getattr(error, "message", ""))
    if param is None:
        return ""
    name = _name_of(param)
    if not message:
        return say(words.missing, name, ", ".join(_choices_of(param)))
    bounds: tuple[tuple[re.Pattern[str], Callable[[str, str], str]], ...] = (
        (_AT_MOST, words.at_most),
        (_AT_LEAST, words.at_least),
    )
    for pattern, sentence in bounds:
        if found := pattern.search(message):
            return say(sentence, name, found[1])
    if found := _CHOICES.search(message):
        return say(words.not_one_of, name, found[1], found[2].replace("'", ""))
    return say(words.no_number, name) if _NUMBER.search(message) else say(words.bad_value, name, message)


def _of_words(error: Any, say: Voice) -> str:  # noqa: ANN401 - as above
    from chatops.messages.ja import usage as words  # noqa: PLC0415 - as above

    message = str(getattr(error, "message", ""))
    if found := _COMMAND.search(message):
        known = list(getattr(getattr(getattr(error, "ctx", None), "command", None), "commands", {}))
        return say(words.no_such_command, found[1], get_close_matches(found[1], known, cutoff=_NEARNESS))
    if found := _EXTRA.search(message):
        return say(words.too_many, found[1])
    return ""


def _choices_of(param: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return what there is to choose from, where Typer's parameter is an enumeration."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    return [str(one.value) for one in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def _name_of(param: Any) -> str:  # noqa: ANN401 - as above
    """Return what people type: `--port`, or an argument's name in capitals."""
    if getattr(param, "param_type_name", "") == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name or "").upper()
