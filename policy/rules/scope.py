"""Rules on where a pack holds, who may act on an account, and what kind of information a post carries."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from policy.model import Role
from policy.rules.kind import HIT, TEXT, TEXTS, Hit, Param, ParamType, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params

_PATTERNS = Param(type=ParamType.TEXTS, is_required=False)
OWN_SECTION = "own"
"""In a pack: the section that owns the account."""


def build_platforms(params: Params) -> Check:
    """Build a rule that speaks on platforms that the document does not cover."""
    covered = frozenset(params["platforms"])

    def check(case: Case) -> Iterator[Hit]:
        if case.action.platform not in covered:
            yield Hit(fill={"platform": case.action.platform})

    return check


def build_operators(params: Params) -> Check:
    """Build a rule that speaks where the actor is not of the section that runs the account.

    The system acts for whoever approved. In a disaster `authority` asks for the head instead, on every account (A06):
    a refusal here would be one that the head's word lifts.
    """
    section: str = params["section"]

    def check(case: Case) -> Iterator[Hit]:
        actor = case.action.actor
        wanted = case.action.account.section if section == OWN_SECTION else section
        if actor is None or Role.SCHEDULER in actor.roles or case.is_disaster_now:
            return
        if actor.section != wanted:
            yield Hit(fill={"section": wanted, "actor_section": actor.section or "―"})

    return check


def build_categories(params: Params) -> Check:
    """Build a rule that speaks where a post has none of the kinds of information that the document lists.

    A document can list them account by account: `accounts` and `except_accounts` are patterns of account keys
    (`*mayor*`), in any case of letters.
    """
    known = frozenset(params["categories"])
    only: list[str] = params.get("accounts", ["*"])
    never: list[str] = params.get("except_accounts", [])

    def check(case: Case) -> Iterator[Hit]:
        if not _is_one_of(case.action.account.key, only) or _is_one_of(case.action.account.key, never):
            return
        category = case.action.category
        if category is None:
            # `/sns now` names a disaster, and so its kind of information.
            if not case.is_disaster_now:
                yield Hit(outcome="missing")
        elif category not in known:
            yield Hit(outcome="unlisted", fill={"category": category})

    return check


def _is_one_of(key: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(key.casefold(), pattern.casefold()) for pattern in patterns)


def build_authority(_params: Params) -> Check:
    """Build the rule of `/sns now`: who holds the authority goes at once, anybody else asks the manager (A06)."""

    def check(case: Case) -> Iterator[Hit]:
        if not case.is_disaster_now or Role.SCHEDULER in case.roles:
            return
        if case.roles & {Role.EMERGENCY, Role.MANAGER}:
            if not case.action.approved:
                yield Hit(outcome="entitled")
        else:
            yield Hit(outcome="asked")

    return check


def build_confirmed(params: Params) -> Check:
    """Build a rule that speaks where a person confirmed that a post has forbidden content (T01 to T26)."""
    forbidden = frozenset(params["content"])

    def check(case: Case) -> Iterator[Hit]:
        if forbidden & case.action.findings_confirmed:
            yield Hit()

    return check


KINDS = {
    "platforms": RuleKind(
        build=build_platforms,
        params={"platforms": TEXTS},
        placeholders=frozenset({"platform"}),
    ),
    "operators": RuleKind(
        build=build_operators,
        params={"section": TEXT},
        placeholders=frozenset({"section", "actor_section"}),
    ),
    "categories": RuleKind(
        build=build_categories,
        params={"categories": TEXTS, "accounts": _PATTERNS, "except_accounts": _PATTERNS},
        outcomes=("missing", "unlisted"),
        placeholders=frozenset({"category"}),
    ),
    "authority": RuleKind(build=build_authority, outcomes=("entitled", "asked")),
    "confirmed": RuleKind(build=build_confirmed, params={"content": TEXTS}, outcomes=(HIT,)),
}
