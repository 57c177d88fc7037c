"""The kinds of rules that a pack can name: small pure functions, registered here and nowhere else."""

from policy.rules import (
    addressing,
    dates,
    hashtags,
    history,
    hours,
    length,
    links,
    masking,
    media,
    officers,
    own_policy,
    personal,
    scope,
    security,
    targets,
    terms,
    words,
)
from policy.rules.kind import RuleKind, build_always

KINDS: dict[str, RuleKind] = {
    "always": RuleKind(build=build_always),
    **scope.KINDS,
    **officers.KINDS,
    **own_policy.KINDS,
    **hours.KINDS,
    **targets.KINDS,
    **words.KINDS,
    **terms.KINDS,
    **masking.KINDS,
    **addressing.KINDS,
    **personal.KINDS,
    **security.KINDS,
    **links.KINDS,
    **dates.KINDS,
    **media.KINDS,
    **history.KINDS,
    **length.KINDS,
    **hashtags.KINDS,
}

__all__ = ["KINDS", "RuleKind"]
