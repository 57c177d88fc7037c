"""What `/sns now` would do with a text: where it goes, how it is judged, and which contacts its sender answers for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from platforms.port import Capability
from policy.declaring import find_own_contacts
from policy.model import Category, EmergencyKind
from publisher import mapping
from publisher.api import DraftForm, FoundContact
from publisher.city.model import AccountKind, OnEmergency
from publisher.errors import Refusal
from publisher.words import category_view

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from policy.declaring import OwnContact
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.engine import Transaction

_CATEGORIES: Final = {
    EmergencyKind.EVENT_CANCELLATION: Category.EVENT,
    EmergencyKind.WEBSITE_OUTAGE: Category.WEBSITE,
    EmergencyKind.MISSING_PERSON: Category.LIVING,
    EmergencyKind.OTHER: Category.OTHER,
}
"""The category of what is no disaster: never that of disasters, whose exceptions would lift the hours (A06)."""
_NAME_CHARS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants to send at once."""

    section: str
    person: str
    text: str
    variants: Mapping[str, str]
    kind: EmergencyKind
    category: str = Category.DISASTER
    """Of a disaster's post; what is no disaster has the one of its kind."""
    declared: frozenset[str] = frozenset()
    """Keys of the contacts (`FoundContact.key`) that the sender declares to be the city's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An order as it would go out now."""

    form: DraftForm
    looks: tuple[Look, ...]
    contacts: tuple[FoundContact, ...]
    """Contacts in what goes out that nobody published."""

    @property
    def going(self) -> tuple[Look, ...]:
        """The accounts that it goes to: their platform takes it, and no rule forbids it."""
        return tuple(look for look in self.looks if can_go(look))

    @property
    def declared(self) -> tuple[str, ...]:
        """What the sender declares, in the words of `policy.model.Action.declared_contacts`."""
        return tuple(one.contact for one in self.contacts if one.is_declared)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """What the sender leaves undeclared, as it is written."""
        return tuple(one.written for one in self.contacts if not one.is_declared)


class OverrideLooks:
    """Plans and judges orders.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges versions.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer) -> None:
        self._desk = desk
        self._reviewer = reviewer

    def look(self, tx: Transaction, city: str, order: Order) -> Looked:
        """Plan and judge an order: a disaster's as what goes at once, any other as an ordinary post.

        Raises:
            Refusal: `no_emergency_account`.
        """
        form = self._form(city, order)
        case = self._case(tx, city, form, order)
        found = {account: self._contacts(tx, city, account, form, case) for account in form.accounts}
        declared = {one.contact for own in found.values() for one in own if _name(one) in order.declared}
        looks = self._reviewer.look_at_all(tx, city, form, replace(case, declared=frozenset(declared)))
        contacts = {one.key: one for look in looks if can_go(look) for one in found[look.account]}
        return Looked(
            form=form,
            looks=looks,
            contacts=tuple(_found(one, order.declared) for one in contacts.values()),
        )

    def accounts(self, city: str) -> tuple[str, ...]:
        """Return the emergency accounts: those that the file marks, else the official ones that take text.

        Raises:
            Refusal: `no_emergency_account`.
        """
        own = self._desk.city(city)
        marked = tuple(key for key, account in own.accounts.items() if account.emergency)
        if marked:
            return marked
        official: dict[str, str] = {}
        for key, account in own.accounts.items():
            takes_text = Capability.TEXT in self._desk.platforms[account.platform].limits.capabilities
            if account.kind is AccountKind.OFFICIAL and takes_text:
                official.setdefault(account.platform, key)
        if not official:
            raise Refusal("no_emergency_account")
        return tuple(official.values())

    def others(
        self, city: str, going: Iterable[Look], accounts: Collection[str]
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """Return the accounts that repost, each with its source, and those that stay silent."""
        sources: dict[str, str] = {}
        for look in going:
            if Capability.REPOST in self._desk.platforms[look.platform].limits.capabilities:
                sources.setdefault(look.platform, look.account)
        reposting: list[tuple[str, str]] = []
        silent: list[str] = []
        for key, account in self._desk.city(city).accounts.items():
            if key in accounts:
                continue
            if account.on_emergency is OnEmergency.REPOST and account.platform in sources:
                reposting.append((key, sources[account.platform]))
            elif account.kind is not AccountKind.OFFICIAL:
                silent.append(key)
        return reposting, silent

    def _form(self, city: str, order: Order) -> DraftForm:
        own = order.category if category_view(order.category) is not None else Category.DISASTER
        return DraftForm(
            section=order.section,
            text=order.text,
            accounts=self.accounts(city),
            category=own if order.kind.is_disaster else _CATEGORIES[order.kind],
            variants={platform: variant for platform, variant in order.variants.items() if variant.strip()},
        )

    def _case(self, tx: Transaction, city: str, form: DraftForm, order: Order) -> mapping.Case:
        if order.kind.is_disaster:
            actor = mapping.actor_of(self._desk.city(city), order.person, form.section, tx.now)
            return mapping.Case(at=tx.now, actor=actor, emergency=order.kind, approved=False, written_at=tx.now)
        case = self._reviewer.case_of(city, form, author=order.person, now=tx.now, written_at=tx.now, is_for_owner=True)
        return replace(case, emergency=order.kind)

    def _contacts(
        self, tx: Transaction, city: str, account: str, form: DraftForm, case: mapping.Case
    ) -> tuple[OwnContact, ...]:
        own = self._reviewer.case_for(city, account, case)
        asked = self._reviewer.ask(tx, city, account, form, (), own, but_post=None)
        return find_own_contacts(asked.held.pack, asked.action, asked.facts)


def can_go(look: Look) -> bool:
    """Tell whether a text goes out on an account: its platform takes it, and no rule forbids it."""
    return not look.plan.is_refused and not look.is_blocked


def _found(contact: OwnContact, declared: Collection[str]) -> FoundContact:
    key = _name(contact)
    return FoundContact(key=key, written=contact.written, contact=contact.contact, is_declared=key in declared)


def _name(contact: OwnContact) -> str:
    """Name a contact by few and plain characters, however long it is."""
    return sha256(contact.key.encode()).hexdigest()[:_NAME_CHARS]
