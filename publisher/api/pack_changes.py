"""How a city's rules change while they are in use: a proposal, its replay over past posts, a second manager's word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from publisher.api.acts import Act, Outcome
    from publisher.api.words import Said


class Change(StrEnum):
    """In what two verdicts on the same post differ; the first that holds is named."""

    DECISION = "decision"
    """Another decision, or another role whose consent is needed."""
    FINDING = "finding"
    """The same decision, with other findings."""
    ROUTE = "route"
    """Another route of sign-off."""
    QUESTION = "question"
    """Other questions of the checklist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A past post on which the changed pack says something else."""

    number: str
    account: str
    account_name: str
    is_repost: bool
    at: datetime
    """When it went out, or was to go out."""
    change: Change
    old: str
    """allow, warn, escalate, block."""
    new: str
    is_new: bool
    """True where the rule below speaks in the changed pack alone; False where it spoke and does not any more."""
    rule: str
    """The strongest rule (or step, or question) that one of both names and the other does not."""
    clauses: tuple[str, ...]
    places: tuple[Said, ...]
    """Where those clauses stand: the document and the section."""
    message: Said
    """What it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a changed pack would have said of past posts."""

    pack: str
    base_sha256: str
    """The text that it is compared with: for each post, the one in force at its time goes before."""
    changed_sha256: str
    since: datetime
    made_at: datetime
    posts: int
    verdicts: int
    """One a post and account, reposts too."""
    differing: int
    differences: tuple[Difference, ...]
    """What became stricter first, and at most as many as were asked for."""
    is_base_readable: bool = True
    """False where this program cannot read the text in force: then nothing was compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A pack that a city uses, as it is in force."""

    name: str
    platforms: tuple[str, ...]
    document: Said
    edition: str
    sha256: str
    number: int | None
    """The change that brought it; None: nothing is stored before the first start."""
    in_force_on: date | None
    """施行日 of that change; None: the first text."""
    ahead: tuple[tuple[int, datetime], ...]
    """Confirmed changes that are still to come: number, and from when on."""
    file: str
    """Where the file lies."""
    differs_from_file: bool
    """The file says something that neither holds nor is confirmed to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A proposal, and what became of it."""

    number: int
    pack: str
    in_force_on: date
    begins_at: datetime
    """From when on it holds, or would hold if it were confirmed now."""
    ends_at: datetime | None
    """When another confirmed change takes its place; None: none is known."""
    reason: str
    proposed_by: str
    """The name with its title."""
    proposed_at: datetime
    decision: str | None
    """confirmed, refused, or None while it is open."""
    decided_by: str | None
    decided_at: datetime | None
    note: str
    replay: Replay
    replay_sha256: str
    """The digest of the replay as stored: whoever confirms names it, and so says what lay before him or her."""


class PackChanging(Protocol):
    """Changing a pack, and trying a changed one."""

    def packs(self, city: str) -> Sequence[PackView]:
        """Return the packs in force."""
        ...

    def text(self, city: str, pack: str) -> str:
        """Return the text in force.

        Raises:
            Refusal: `pack_unknown` (params pack, known).
        """
        ...

    def changes(self, city: str) -> Sequence[ChangeView]:
        """Return every proposal, newest first."""
        ...

    def change(self, city: str, number: int) -> ChangeView:
        """Return a proposal.

        Raises:
            Refusal: `no_such_change` (param number).
        """
        ...

    def texts(self, city: str, number: int) -> tuple[str, str]:
        """Return (text in force on its 施行日 when it was proposed, proposed text).

        Raises:
            Refusal: `no_such_change`.
        """
        ...

    def replay(self, city: str, *, text: str, source: str, since: datetime, pack: str | None = None) -> Replay:
        """Judge the posts since an instant by *text* too, and tell where it differs. Nothing changes.

        Args:
            city: The city.
            text: The changed pack.
            source: What stands as its file in mistakes.
            since: The earliest instant of a post.
            pack: The pack that *text* would take the place of; None: the one that calls itself as *text* does.

        Raises:
            ConfigurationError: The text has mistakes; all of them.
            Refusal: `pack_unknown`, `pack_other`.
        """
        ...

    def propose(
        self, act: Act, *, pack: str, text: str, source: str, in_force_on: date, reason: str, days: int = 90
    ) -> Outcome:
        """Propose another text for a pack; a replay over the last *days* goes with it.

        Outcomes: `change_proposed` (params change, pack, begins_at, verdicts, differing, who), `change_proposed_alone`
        (nobody else can confirm it).

        Raises:
            ConfigurationError: The text has mistakes; all of them.
            Refusal: `not_pack_manager` (param who), `note_missing`, `pack_unknown` (params pack, known),
                `pack_other` (params pack, name), `pack_unchanged` (param pack), `in_force_past` (param day),
                `pack_base_changed`.
        """
        ...

    def confirm(self, act: Act, *, number: int, note: str, seen: str) -> Outcome:
        """Put a proposal into force on its 施行日 at 0:00 in Japan, or at once where that has begun.

        Outcomes: `change_confirmed` (params change, pack, begins_at), `change_confirmed_stopping` (also stopped: the
        numbers of approved posts that it will stop; their people are told), `change_confirmed_already`,
        `change_refused_already` (params change, by).

        Args:
            act: Who does it: another manager than who proposed it.
            number: The change.
            note: Why.
            seen: The digest of the replay that lay before the manager.

        Raises:
            Refusal: `not_pack_manager`, `no_such_change`, `note_missing`, `own_change` (param who),
                `own_change_alone`, `replay_not_seen`, `pack_base_changed`, `change_unreadable`.
        """
        ...

    def refuse(self, act: Act, *, number: int, note: str) -> Outcome:
        """Let a proposal go. Outcomes: `change_refused`, and as for `confirm` where it is decided already.

        Raises:
            Refusal: `not_pack_manager`, `no_such_change`, `note_missing`, `own_change`, `own_change_alone`.
        """
        ...
