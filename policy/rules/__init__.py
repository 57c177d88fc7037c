"""The kinds of rules that a pack can name: small pure functions, registered here and nowhere else."""

from policy.rules import dates, hashtags, history, hours, media, personal, scope, security, targets, words
from policy.rules.kind import RuleKind, build_always

KINDS: dict[str, RuleKind] = {
    "always": RuleKind(build=build_always),
    **scope.KINDS,
    **hours.KINDS,
    **targets.KINDS,
    **words.KINDS,
    **personal.KINDS,
    **security.KINDS,
    **dates.KINDS,
    **media.KINDS,
    **history.KINDS,
    **hashtags.KINDS,
}

__all__ = ["KINDS", "RuleKind"]
