"""A delivery as the ledger holds it, and what a person is told about it. Pure records, made from rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from publisher.audit_chain import canonical
from publisher.delivery import DeliveryKind, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

WITNESSED: Final = "witnessed"
"""The `external_id` of a delivery that a person saw on the platform, where no id could be read back."""


class Objection(StrEnum):
    """What can be waived by a person who says: send."""

    HOLD = "hold"
    """A hold is in force, and its post is marked as related to the disaster: it goes after a person's word."""
    LATE = "late"
    """Its latest useful time has passed."""
    POLICY = "policy"
    """The last check before sending no longer allows it."""
    HOURS = "hours"
    """It was to go out inside the hours and they are over; it may also wait for the next opening (`opens_at`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a delivery failed, waits, or is asked about: a code of ours with its parameters."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    who: str | None = None
    """Who must act: a word of `platforms.errors.Who`, or None."""
    objection: Objection | None = None
    """What a person who says *send* waives."""
    detail: str = ""
    """The vendor's own words, scrubbed of secrets."""

    @property
    def about(self) -> str:
        """What exactly is the matter, in one form: a waiver covers this and nothing else."""
        return canonical([self.code, dict(self.params)]).decode()

    def as_json(self) -> dict[str, Any]:
        """Return what the column holds."""
        return {
            "code": self.code,
            "params": dict(self.params),
            "who": self.who,
            "objection": self.objection,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Return the problem that the column holds."""
        objection = body["objection"]
        return cls(
            code=body["code"],
            params=body["params"],
            who=body["who"],
            objection=None if objection is None else Objection(objection),
            detail=body["detail"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An objection that a person set aside for one delivery."""

    objection: Objection
    about: str
    """`Problem.about` of what was set aside."""
    by: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One version to one account, or one repost: the unit of the ledger.

    It has no slots, so that one can be made from all its values at once: a frozen record's own way sets one after the
    other and took as long as the database for what each delivery is read and changed.
    """

    id: str
    city: str
    post_id: str
    version_id: str
    account: str
    platform: str
    kind: DeliveryKind
    source_id: str | None
    """The delivery that a repost waits for and reposts."""
    state: DeliveryState
    state_at: datetime
    """Since when it is in this state."""
    is_emergency: bool
    planned_at: datetime
    """When people meant it to go out; lateness is counted from here."""
    due_at: datetime
    """When the ledger takes it up next: to send, to look again, or to poll."""
    latest_at: datetime | None
    """Its latest useful time."""
    seal: str
    created_at: datetime
    lease_owner: str | None
    lease_token: str | None
    lease_until: datetime | None
    attempts: int
    """How many calls were opened."""
    reads: int
    """How many times in a row it was looked for and not seen."""
    looks: int
    """How many times in a row it was looked for at all, failed looks included."""
    first_attempt_at: datetime | None
    resume: str | None
    """What the last call left with `checkpoint`."""
    poll_token: str | None
    """What `Session.poll` needs while the platform is working."""
    problem: Problem | None
    waived: tuple[Waiver, ...]
    external_id: str | None
    url: str | None
    sent_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def from_row(cls, row: Any) -> Self:  # noqa: ANN401 - rows are untyped
        """Return the record of a row of `deliveries`."""
        values = row._asdict()
        values["kind"] = DeliveryKind(values["kind"])
        values["state"] = DeliveryState(values["state"])
        values["problem"] = None if values["problem"] is None else Problem.from_json(values["problem"])
        values["waived"] = tuple(
            Waiver(objection=Objection(each["objection"]), about=each["about"], by=each["by"])
            for each in values["waived"] or ()
        )
        return cls._of(values)

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> Self:
        made = object.__new__(cls)
        made.__dict__.update(values)
        return made

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return it with other *values* of some fields, as `dataclasses.replace` does."""
        return self._of({**self.__dict__, **values})

    def as_columns(self, names: Collection[str]) -> dict[str, Any]:
        """Return what these columns hold."""
        held = self.__dict__
        values = {name: held[name] for name in names}
        if "state" in values:
            values["state"] = str(self.state)  # as the driver wants it: an enumeration's member is looked at twice
        if "problem" in values:
            values["problem"] = None if self.problem is None else self.problem.as_json()
        if "waived" in values:
            values["waived"] = [
                {"objection": waiver.objection, "about": waiver.about, "by": waiver.by} for waiver in self.waived
            ]
        return values

    def has_waived(self, objection: Objection, *, about: str | None = None) -> bool:
        """Return whether a person set *objection* aside, where *about* is given in just this matter."""
        return any(waiver.objection is objection and about in {None, waiver.about} for waiver in self.waived)

    def is_late(self, now: datetime) -> bool:
        """Return whether its latest useful time has passed and nobody wants it in spite of that."""
        return self.latest_at is not None and now > self.latest_at and not self.has_waived(Objection.LATE)

    @property
    def is_witnessed(self) -> bool:
        """True where a person saw it and no id is known: nothing can be reposted or deleted by it."""
        return self.external_id == WITNESSED
