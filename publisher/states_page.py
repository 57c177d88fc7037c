"""Prints `docs/states.md` from the tables of transitions: `python -m publisher.states_page > docs/states.md`.

The words are those that stand beside each state and event in the code; a test compares the page with the tables.
"""

from __future__ import annotations

import ast
import inspect
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from publisher import delivery, post
from publisher.ledger.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from enum import StrEnum

_HEAD: Final = """\
# States

Printed from the tables in `publisher/post.py` and `publisher/delivery.py` by `python -m publisher.states_page`.
What is not drawn here is refused, in code and by the database."""


def build_page() -> str:
    """Return the page."""
    parts = [
        _HEAD,
        "## A post",
        _diagram(post.TRANSITIONS, post.FINAL),
        _words("State", post.PostState),
        "## A delivery",
        _diagram({**delivery.TRANSITIONS, **delivery.REVIVALS}, delivery.FINAL),
        _words("State", delivery.DeliveryState),
        _words("Event", delivery.DeliveryEvent),
        "## How long what lasts",
        _numbers(),
    ]
    return "\n\n".join(parts) + "\n"


def _diagram(transitions: Mapping[tuple[Any, Any], Any], final: Collection[Any]) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {state}" for state in _beginnings(transitions)]
    lines += [f"    {before} --> {after}: {event}" for (before, event), after in transitions.items()]
    lines += [f"    {state} --> [*]" for state in sorted(final)]
    return "\n".join([*lines, "```"])


def _beginnings(transitions: Mapping[tuple[Any, Any], Any]) -> list[str]:
    """Return where a life begins: a post as a draft; a delivery as due, or waiting for its source."""
    left = dict.fromkeys(str(before) for before, _ in transitions)
    return [state for state in left if state in {"draft", "due", "waiting"}]


def _words(heading: str, words: type[StrEnum]) -> str:
    told = dict(_docstrings(words))
    rows = [f"| `{word}` | {told.get(word.name, '')} |" for word in words]
    return "\n".join([f"| {heading} | Meaning |", "|---|---|", *rows])


def _docstrings(words: type[StrEnum]) -> Iterator[tuple[str, str]]:
    """Yield each member's name with the sentence that stands under it in the code."""
    lines = next(node.body for node in ast.parse(inspect.getsource(words)).body if isinstance(node, ast.ClassDef))
    for member, below in pairwise(lines):
        match member, below:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(sentence))):
                yield name, " ".join(sentence.split())


def _numbers() -> str:
    pace = Pace()
    waits = (
        ("A worker's lease, renewed while it works", pace.lease_seconds),
        ("Renewal of a lease", pace.renew_seconds),
        ("Search for leases that ended", pace.rescue_seconds),
        ("First look at an unknown delivery", pace.first_look_seconds),
        ("Between looks, where the platform has no rule of its own", pace.look_again_seconds),
        ("Looks that teach nothing, until a person is asked", pace.ask_after_seconds),
        ("A video being worked on, until a person is asked", pace.processing_limit_seconds),
        ("Wait before a repeat: at most this after the first call, doubling", pace.retry_base_seconds),
        ("Wait before a repeat: never more than", pace.retry_cap_seconds),
        ("A missed wake-up, until every lane looks again", pace.repair_seconds),
    )
    rows = [f"| {what} | {seconds:g} s |" for what, seconds in waits]
    rescued = pace.lease_seconds + pace.rescue_seconds
    last = (
        f"A delivery that a dead worker held is taken up again {rescued:g} s after its last sign at the latest. After "
        f"{pace.max_attempts} calls that sent nothing a person is asked."
    )
    return "\n".join(["| What | Time |", "|---|---|", *rows]) + f"\n\n{last}"


if __name__ == "__main__":
    sys.stdout.write(build_page())
