"""What the sender of `/sns now` may declare to be the city's own: contacts that a rule only guesses to be private."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policy.judge import judge
from policy.model import Decision
from policy.rules.personal import contact_key, find_declarable
from policy.written import written_in

if TYPE_CHECKING:
    from policy.facts import Facts
    from policy.model import Action
    from policy.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnContact:
    """A landline, an e-mail address or a street address in a text that nobody has published."""

    key: str
    """The form in which two spellings of it are the same."""
    written: str
    """As it stands in the text."""
    contact: str
    """What names it in `Action.declared_contacts`: as it is written, where that is the contact and nothing more."""


def find_own_contacts(pack: Pack, action: Action, facts: Facts) -> tuple[OwnContact, ...]:
    """Return the contacts in a text of `/sns now` that a declaration would set aside, each once, in their order.

    The pack itself is asked: what it has published, what it forbids in any case and what is no contact is none of them.
    """
    found = find_declarable(written_in(pack, action, facts))
    if not found or action.emergency is None:
        return ()
    declared = replace(action, declared_contacts=frozenset(one.key for one in found))
    allowed = [one for one in judge(pack, declared, facts).findings if one.effect is Decision.ALLOW]
    set_aside = {span for one in allowed for span in one.spans}
    contacts: dict[str, OwnContact] = {}
    for one in found:
        if one.span in set_aside:
            written = action.text[one.span.start : one.span.end].strip()
            contact = written if contact_key(written) == one.key else one.key
            contacts.setdefault(one.key, OwnContact(key=one.key, written=written, contact=contact))
    return tuple(contacts.values())
