"""Putting a post right: `/sns correct`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.api.acts import Act, Outcome
    from publisher.api.reviews import Citation
    from publisher.api.words import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionTarget:
    """Where a post went, or may have gone, and which way its pack rules there."""

    account: str
    account_name: str
    platform: str
    url: str | None
    """Where citizens see it; None where the platform has no addresses, or nothing is known yet."""
    sent_at: datetime | None
    """None: it has not gone out, or nobody knows yet."""
    is_deleted: bool
    """It was deleted, or its deletion is ordered."""
    can_recall: bool
    """The platform lets posts be deleted."""
    way: str
    """Of an ordinary correction: a word of `publisher.correction_ways.Way`."""
    ruling: str
    """What the pack says of deleting an error: `ordered`, `silent`, `consent`, `forbidden`."""
    message: Said | None
    """The pack's own words, where it has a rule."""
    citation: Citation | None
    consent_from: tuple[str, ...]
    """Names of those whose consent the pack wants for deleting an error."""
    is_ahead: bool = False
    """It has yet to go out: no call was made."""
    due_at: datetime | None = None
    """When it goes out; None where it has, or waits for a person's word."""
    is_gone: bool = False
    """It was deleted: nothing is there any more."""
    deletes_at: datetime | None = None
    """When it is to be deleted, where that lies ahead: who may delete at once need not wait."""
    is_deletion_asked: bool = False
    """A person is asked whether it is to be deleted, or whether it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionForm:
    """What can be done about a post."""

    number: str
    excerpt: str
    targets: tuple[CorrectionTarget, ...]
    causes: tuple[str, ...]
    """Reasons to choose from; the urgent ones stand at the end."""
    urgent: frozenset[str]
    """The reasons for which it goes at once."""
    may_delete: bool
    """The person may order a deletion at once."""
    delete_from: tuple[str, ...]
    """Names of those who may."""
    is_emergency: bool
    """It was sent by `/sns now`: a newer report puts it right faster."""
    corrected_by: tuple[str, ...]
    """Numbers of the posts that put it right already, or are to."""
    is_ahead: bool = False
    """Nothing of it is out: it can be stopped at once, and there is nothing to correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionOrder:
    """What a person wants done."""

    number: str
    cause: str
    """A key of `CorrectionForm.causes`."""
    note: str = ""
    """Why, in the person's own words; needed for a deletion."""
    is_at_once: bool = False
    """Delete now wherever it is allowed; always so for an urgent cause."""


class Correcting(Protocol):
    """Corrections and deletions of what went out."""

    def look(self, city: str, person: str, number: str) -> CorrectionForm:
        """Return where a post went and what can be done there; nothing changes.

        Raises:
            Refusal: `no_such_post`, `nothing_to_correct` (it is deleted everywhere), `not_yours_to_correct` (param
                `who`); where nothing of it is out and the person cannot stop it here: `correct_draft`,
                `correct_returned`, `correct_submitted`, `correct_approved`, `never_out`.
        """
        ...

    def correct(self, act: Act, order: CorrectionOrder) -> Outcome:
        """Open the draft of a correcting post, or delete at once, or both, as the packs rule.

        Outcomes: `correction_opened` (params `draft`: its number, `ahead`: accounts to which the old post has yet to
        go, and goes unless the correction is approved before), `deletion_ordered`, `deletion_ordered_draft` (param
        `draft`), `correction_forced` (nothing can be deleted; param `draft`), `correction_stands`
        (the same, and the correction is there since an earlier order: param `stands`), `stopped_in_time` (nothing had
        gone out), `deletion_left` (the same, but for accounts where only others may delete).
        Params of the last six: `goes_on` (numbers of corrections that take its place as planned), `stands` (numbers of
        corrections that an earlier order opened: no second one is); names of accounts,
        that may be empty: `deleting`, `waiting` (deleted once it is known whether it is there), `stopped`,
        `cannot_recall` (LINE), `forbidden` (the pack), `unconsented`, `left` (only others may delete there; they are
        told, and `left_to` names them); `stop_from` (names of those who may stop the newest version, where the person
        may not: it goes on); and `tasks_ja`, `tasks_en`: what the packs want done besides.

        Raises:
            Refusal: As `look`; `not_yours_to_delete` (param `who`), `cause_unknown`, `note_missing`,
                `deletion_needs_consent` (param `who`), `corrected_already` (param `draft`).
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLink:
    """A post and the one that puts it right, for the cards of both."""

    number: str
    """The other post."""
    is_newer: bool
    """The other one puts this one right; False: this one puts the other right."""
    cause: str
    accounts: tuple[str, ...]
    """Names of the accounts concerned."""
