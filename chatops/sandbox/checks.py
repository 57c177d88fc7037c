"""Small checks out of which the table of Block Kit is built. Each leaves its complaint with a JSON pointer.

The sentences are Slack's where one of its answers was seen (`must be less than 76 characters`,
`no more than 25 items allowed`, `invalid additional property: …`, `failed to match all allowed schemas`);
read in slackapi/bolt-js issues 1891 and 2282 and in public logs on 2026-11-21. Where none was seen, they are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops.sandbox.records import Json


@dataclass(slots=True)
class Complaints:
    """What is wrong with a payload, in the order in which it was found."""

    messages: list[str] = field(default_factory=list)

    def add(self, sentence: str, pointer: str) -> None:
        """Note *sentence* about the place *pointer*."""
        self.messages.append(f"{sentence} [json-pointer:{pointer}]")


Check = Callable[[object, str, Complaints], None]


def string(*, most: int | None = None, least: int = 0) -> Check:
    """Check a string of *least* to *most* characters."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if not isinstance(value, str):
            complaints.add("must be a string", pointer)
        elif len(value) < least:
            complaints.add(f"must be more than {least - 1} characters", pointer)
        elif most is not None and len(value) > most:
            complaints.add(f"must be less than {most + 1} characters", pointer)

    return check


def one_word_of(*words: str) -> Check:
    """Check that a string is one of *words*."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if value not in words:
            complaints.add(f"must be one of: {', '.join(words)}", pointer)

    return check


def boolean(value: object, pointer: str, complaints: Complaints) -> None:
    """Check a true or false."""
    if not isinstance(value, bool):
        complaints.add("must be a boolean", pointer)


def integer(*, least: int, most: int) -> Check:
    """Check a whole number from *least* to *most*."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            complaints.add("must be an integer", pointer)
        elif not least <= value <= most:
            complaints.add(f"must be between {least} and {most}", pointer)

    return check


def matching(test: Callable[[str], bool], *, what: str) -> Check:
    """Check a string by *test*; *what* names the form it must have."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if not isinstance(value, str) or not test(value):
            complaints.add(f"must be {what}", pointer)

    return check


def items(of: Check, *, most: int, least: int = 0) -> Check:
    """Check a list of *least* to *most* items, each by *of*."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if not isinstance(value, list):
            complaints.add("must be an array", pointer)
            return
        if len(value) > most:
            complaints.add(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            complaints.add(f"no fewer than {least} items allowed", pointer)
        for index, item in enumerate(value):
            of(item, f"{pointer}/{index}", complaints)

    return check


def shape(*, required: Mapping[str, Check], optional: Mapping[str, Check], also: Sequence[Check] = ()) -> Check:
    """Check an object: its required and optional properties, nothing else, and what holds *also*."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if not isinstance(value, dict):
            complaints.add("must be an object", pointer)
            return
        for name in required:
            if name not in value:
                complaints.add(f"missing required field: {name}", pointer)
        for name, part in value.items():
            part_check = required.get(name) or optional.get(name)
            if part_check is None:
                complaints.add(f"invalid additional property: {name}", pointer)
            else:
                part_check(part, f"{pointer}/{name}", complaints)
        for further in also:
            further(value, pointer, complaints)

    return check


def by_type(table: Mapping[str, Check]) -> Check:
    """Check an object by the row of *table* that its `type` names."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("type"), str):
            complaints.add("missing required field: type", pointer)
            return
        row = table.get(value["type"])
        if row is None:
            complaints.add(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            row(value, pointer, complaints)

    return check


def text_object(*kinds: str, most: int) -> Check:
    """Check a text object of one of *kinds* (`plain_text`, `mrkdwn`), 1 to *most* characters."""
    inner = shape(
        required={"type": one_word_of(*kinds), "text": string(most=most, least=1)},
        optional={"emoji": boolean} if kinds == ("plain_text",) else {"emoji": boolean, "verbatim": boolean},
    )

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        found = Complaints()
        inner(value, pointer, found)
        if found.messages:
            complaints.add("failed to match all allowed schemas", pointer)
            complaints.messages.extend(found.messages)

    return check


def either(*names: str) -> Check:
    """Check that an object has at least one of the properties *names*."""

    def check(value: object, pointer: str, complaints: Complaints) -> None:
        if isinstance(value, dict) and not any(name in value for name in names):
            complaints.add("must define either " + " or ".join(f"`{name}`" for name in names), pointer)

    return check


def all_options(element: Json) -> list[Json]:
    """List the options of a menu, with those in groups."""
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found.extend(group.get("options") or [])
    return found
