"""The rule that completes a post with the city's hashtag where there is room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy.rules.kind import TEXT, TEXTS, Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params


def build_hashtag(params: Params) -> Check:
    """Build a rule that speaks where none of the tags is there and a separator and one of them would fit.

    The platform's own count decides what fits; where the caller gives none, nothing is completed.
    """
    names = sorted((tag.removeprefix("#") for tag in params["tags"]), key=len, reverse=True)
    # A tag ends where no letter of a word follows: #柏市民 is another tag.
    present = re.compile(rf"(?:^|[^\w&])#(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    added: str = params["adds"]

    def check(case: Case) -> Iterator[Hit]:
        facts, text = case.facts, case.action.text
        if facts.measure is None or facts.room is None or not text.strip() or present.search(case.flat_text):
            return
        completed = f"{text.rstrip()} {added}"
        if facts.measure(completed) <= facts.room.limit:
            yield Hit(fill={"tag": added}, text=completed)

    return check


KINDS = {
    "hashtag": RuleKind(
        build=build_hashtag,
        params={"tags": TEXTS, "adds": TEXT},
        placeholders=frozenset({"tag"}),
    ),
}
