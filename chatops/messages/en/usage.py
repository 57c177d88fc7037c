"""Mistyped commands at the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def no_such_command(name: str, near: Sequence[str]) -> str:
    """Say that there is no such command, and which is meant perhaps."""
    hint = f" Perhaps: {', '.join(near)}" if near else ""
    return f"There is no command “{name}”.{hint}"


def no_such_option(name: str, near: Sequence[str]) -> str:
    """Say that there is no such option, and which is meant perhaps."""
    hint = f" Perhaps: {', '.join(near)}" if near else ""
    return f"There is no option “{name}”.{hint}"


def needs_value(name: str) -> str:
    """Say that an option stands there without its value."""
    return f"{name} needs a value behind it."


def missing(name: str, known: str = "") -> str:
    """Say that something is missing, and what can be chosen where that is known."""
    return f"{name} is missing." + (f" You can choose: {known}" if known else "")


def too_many(words: str) -> str:
    """Say that there are words that nobody asked for."""
    return f"Too many words: {words} (put a text with spaces in quotation marks)"


def not_one_of(name: str, given: str, known: str) -> str:
    """Say what can be chosen."""
    return f"{name} cannot be “{given}”. You can choose: {known}"


def no_number(name: str) -> str:
    """Ask for a number."""
    return f"{name} must be a number."


def at_most(name: str, limit: str) -> str:
    """Say how large a number may be."""
    return f"{name} must be {limit} at most."


def at_least(name: str, limit: str) -> str:
    """Say how small a number may be."""
    return f"{name} must be {limit} at least."


def bad_value(name: str, detail: str) -> str:
    """Say that a value cannot be used, in the program's own words."""
    return f"{name} cannot be read ({detail})."


def help_hint(command: str) -> str:
    """Say where the help is."""
    return f"See {command} --help."


def stopped() -> str:
    """Say that the person has broken it off."""
    return "Stopped."


def usage() -> str:
    """Head the form of a command."""
    return "Usage: "


def options() -> str:
    """Head what begins with two dashes."""
    return "Options"


def arguments() -> str:
    """Head what is typed without a name."""
    return "Arguments"


def commands() -> str:
    """Head the commands of a group."""
    return "Commands"


def command_and_more() -> str:
    """Stand for a group's command in its form."""
    return "COMMAND [ARGS]..."


def shows_help() -> str:
    """Say what `--help` does."""
    return "Show this message and exit."


def required() -> str:
    """Say that it cannot be left out."""
    return "required"


def default() -> str:
    """Stand before what holds where nothing is typed."""
    return "default: "


def any_options() -> str:
    """Stand for any of them in a command's form."""
    return "OPTIONS"
