"""Rules on images and videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.model import MediaKind
from policy.rules.kind import Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params

_COUNT = frozenset({"count"})


def build_alt_text(_params: Params) -> Check:
    """Build a rule that speaks where an image has no description for people who cannot see it."""

    def check(case: Case) -> Iterator[Hit]:
        bare = [one for one in case.action.media if one.kind is MediaKind.IMAGE and not one.alt.strip()]
        if bare:
            yield Hit(fill={"count": str(len(bare))})

    return check


def build_consent(_params: Params) -> Check:
    """Build a rule that speaks where people can be seen who have not agreed."""

    def check(case: Case) -> Iterator[Hit]:
        unasked = [one for one in case.action.media if one.has_people and not one.has_consent]
        if unasked:
            yield Hit(fill={"count": str(len(unasked))})

    return check


KINDS = {
    "alt_text": RuleKind(build=build_alt_text, placeholders=_COUNT),
    "consent": RuleKind(build=build_consent, placeholders=_COUNT),
}
