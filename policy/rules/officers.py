"""Rules on which roles may act on an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.model import Role
from policy.rules.kind import TEXTS, Hit, Param, ParamType, RuleKind
from policy.rules.scope import OWN_SECTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params


def build_officers(params: Params) -> Check:
    """Build a rule that speaks where the actor holds none of the roles, nor is of the section where one is named.

    The system acts for whoever approved. In a disaster `authority` asks for the head instead, on every account (A06):
    a refusal here would be one that the head's word lifts.
    """
    roles = frozenset(map(Role, params["roles"]))
    section: str | None = params.get("section")

    def check(case: Case) -> Iterator[Hit]:
        actor = case.action.actor
        if actor is None or Role.SCHEDULER in actor.roles or case.is_disaster_now or roles & actor.roles:
            return
        owner = case.action.account.section
        wanted = owner if section is None or section == OWN_SECTION else section
        if section is None or actor.section != wanted:
            yield Hit(fill={"section": wanted or "―", "actor_section": actor.section or "―"})

    return check


KINDS = {
    "officers": RuleKind(
        build=build_officers,
        params={"roles": TEXTS, "section": Param(type=ParamType.TEXT, is_required=False)},
        placeholders=frozenset({"section", "actor_section"}),
    ),
}
