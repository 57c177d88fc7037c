"""The parts of a city file, and what can be asked of a city on a given day. Pure.

Days are calendar days in Japan; both ends of a period are inside it.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal  # noqa: TC003 - the same
from enum import StrEnum
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from platforms.port import Per  # noqa: TC001 - pydantic reads the annotations when it runs

JST: Final = timezone(timedelta(hours=9), "JST")

KEY_PATTERN: Final = r"^[a-z][a-z0-9_-]{0,59}$"
USER_PATTERN: Final = r"^[UW][A-Z0-9]{2,20}$"
CHANNEL_PATTERN: Final = r"^[CG][A-Z0-9]{2,20}$"
TEAM_PATTERN: Final = r"^[TE][A-Z0-9]{2,20}$"
EMAIL_PATTERN: Final = r"^[^@\s]+@[^@\s]+$"

Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
SlackUser = Annotated[str, StringConstraints(pattern=USER_PATTERN)]
SlackChannel = Annotated[str, StringConstraints(pattern=CHANNEL_PATTERN)]
SlackTeam = Annotated[str, StringConstraints(pattern=TEAM_PATTERN)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Role(StrEnum):
    """What a person may be; the title shown is the city's own."""

    AUTHOR = "author"
    """投稿者."""
    OPERATOR = "operator"
    """運用担当者."""
    APPROVER = "approver"
    """承認者."""
    RESPONSIBLE = "responsible"
    """管理責任者 of a related account."""
    MANAGER = "manager"
    """運用管理者: the head who answers for the official accounts."""
    EMERGENCY = "emergency"
    """緊急発信者: may use `/sns now`."""


DECIDING: Final = frozenset({Role.APPROVER, Role.RESPONSIBLE, Role.MANAGER})
"""Roles whose holders can give a 決裁."""

WRITING: Final = frozenset({Role.AUTHOR, Role.OPERATOR})
"""Roles whose holders can draft."""

AUTHOR_SECTION: Final = "author"
"""In a route: the section on whose behalf the post is written."""
OWNER_SECTION: Final = "owner"
"""In a route: the section that owns the account."""


class AccountKind(StrEnum):
    """Whose voice an account is."""

    OFFICIAL = "official"
    SECTION = "section"
    FIELD = "field"
    RELATED = "related"


class OnEmergency(StrEnum):
    """What an account that is no emergency account does when an emergency post goes out."""

    REPOST = "repost"
    SILENT = "silent"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _both(value: object) -> object:
    return {"ja": value, "en": value} if isinstance(value, str) else value


class Words(_Part):
    """One sentence or name for people, in both languages."""

    ja: Text
    en: Text


Name = Annotated[Words, BeforeValidator(_both)]
"""A name in both languages; a single text stands for both."""


class Channels(_Part):
    """Slack channels, by id."""

    drafts: SlackChannel
    """Where staff write; `/sns draft` works anywhere."""
    approvals: SlackChannel
    """Where the cards are."""


class Slack(_Part):
    """The city's Slack workspace."""

    team: SlackTeam
    channels: Channels


class Section(_Part):
    """所属: an office."""

    name: Name


class Position(_Part):
    """職: an office's post, which people hold from–to."""

    title: Name
    section: Key
    roles: frozenset[Role]


class Holding(_Part):
    """That somebody holds a position, from a day to a day, both inside."""

    position: Key
    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Holding:
        if self.to is not None and self.to < self.from_:
            params = {"start": self.from_.isoformat(), "end": self.to.isoformat()}
            raise PydanticCustomError("period_backwards", "ends before it begins", params)
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether the position is held on *day*."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def overlaps(self, other: Holding) -> bool:
        """Tell whether some day lies in both periods."""
        return self.from_ <= (other.to or date.max) and other.from_ <= (self.to or date.max)


class Person(_Part):
    """職員."""

    name: Text
    slack: SlackUser | None = None
    email: Annotated[str, StringConstraints(pattern=EMAIL_PATTERN)] | None = None
    positions: tuple[Holding, ...] = Field(min_length=1)
    """The main one first; more than one is 兼務."""


class Hours(_Part):
    """Hours that an account's own policy sets, in Japan Standard Time."""

    every_day: bool = False
    opens: time
    closes: time


class AccountSettings(_Part):
    """What the account's own registered policy says; absent where it says nothing."""

    approval: Literal["required", "not_required"] | None = None
    hours: Hours | None = None
    answers_comments: bool | None = None


RESERVE_PERCENT: Final = 20
"""How much of each limit and of the month's money is kept for emergencies where the file doesn't say. Ours."""


class CallLimit(_Part):
    """So many calls that publish something, in the last minutes or in a day or month of the calendar."""

    calls: int = Field(ge=1, le=1_000_000)
    minutes: int | None = Field(default=None, ge=1, le=60 * 24 * 31)
    per: Per | None = None
    zone: str = "Asia/Tokyo"
    """Where a day or month begins."""

    @model_validator(mode="after")
    def _one_window(self) -> CallLimit:
        if (self.minutes is None) == (self.per is None):
            raise PydanticCustomError("limit_names_one", "a limit names minutes, or a day or month")
        return self

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError):  # unknown, or no name of a zone at all
            raise PydanticCustomError("zone_unknown", "there is no such time zone") from None
        return zone


class BudgetSettings(_Part):
    """What an account may use up, and what of it is kept for emergencies."""

    calls: tuple[CallLimit, ...] | None = None
    """None: what the vendor publishes; empty: no bound."""
    month_usd: Decimal | None = Field(default=None, ge=1, le=1_000_000)
    """Money for a calendar month in Japan; None: no bound."""
    reserve_percent: int = Field(default=RESERVE_PERCENT, ge=0, le=90)
    """How much of each limit and of the money only emergencies may touch."""


class Account(_Part):
    """アカウント: one account on one platform."""

    platform: Key
    kind: AccountKind
    section: Key
    name: Text
    handle: str = ""
    id: Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)] = ""
    """The vendor's own id (X user, page, channel); empty where it needs none."""
    url: Text | None = None
    emergency: bool = False
    on_emergency: OnEmergency = OnEmergency.SILENT
    mirrors: tuple[Key, ...] = ()
    """Accounts whose posts this one reposts by itself."""
    settings: AccountSettings = AccountSettings()
    budget: BudgetSettings = BudgetSettings()


class Step(_Part):
    """One step of a route: a position by key, or a role in a section."""

    position: Key | None = None
    section: Key | None = None
    """A section's key, `author` (the drafting section) or `owner` (the account's)."""
    role: Role = Role.APPROVER
    name: Name | None = None
    """What the step is called; without it, the title of the position."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Step:
        if (self.position is None) == (self.section is None):
            raise PydanticCustomError("step_names_one", "a step names a position, or a section with a role")
        return self


class Route(_Part):
    """決裁経路: the steps for some accounts. The first route that fits an account is its own."""

    accounts: tuple[Key, ...] = ()
    """Empty: any."""
    kinds: frozenset[AccountKind] = frozenset()
    sections: tuple[Key, ...] = ()
    always: bool = False
    """True: also where the pack asks for no sign-off."""
    steps: tuple[Step, ...] = Field(min_length=1)

    def fits(self, key: str, account: Account) -> bool:
        """Tell whether the route is that account's."""
        return (
            (not self.accounts or key in self.accounts)
            and (not self.kinds or account.kind in self.kinds)
            and (not self.sections or account.section in self.sections)
        )


class Defaults(_Part):
    """What holds where a post says nothing."""

    latest_minutes: int = Field(default=180, ge=1, le=60 * 24 * 30)
    """How long after its time a post is still useful."""
    emergency_latest_minutes: int = Field(default=10, ge=1, le=60 * 24)
    """The same of an emergency post; after it a person is asked whether it still holds."""


class City(_Part):
    """自治体: a tenant."""

    city: Key
    name: Name
    slack: Slack
    packs: Mapping[Key, Key] = Field(min_length=1)
    """By platform."""
    sections: Mapping[Key, Section] = Field(min_length=1)
    positions: Mapping[Key, Position] = Field(min_length=1)
    people: Mapping[Key, Person] = Field(min_length=1)
    accounts: Mapping[Key, Account] = Field(min_length=1)
    routes: tuple[Route, ...] = ()
    defaults: Defaults = Defaults()
    retention_days: int | None = Field(default=None, ge=1, le=365 * 100)
    """保存期間, from the day a post ended; None: nothing is ever due to be erased."""
    open_days: frozenset[date] = frozenset()
    """Open although the calendar says closed."""
    closed_days: frozenset[date] = frozenset()
    published_contacts: frozenset[str] = frozenset()
    """Telephone numbers and addresses that are public already."""
    known_sites: frozenset[str] = frozenset()
    """Domains that the city knows; a link to one, or to a subdomain, is no unknown address."""
    denied_sites: frozenset[str] = frozenset()
    """Domains to which nothing may link."""

    def positions_of(self, person: str, day: date) -> tuple[str, ...]:
        """Return the keys of the positions that a person holds on *day*, the main one first."""
        return tuple(held.position for held in self.people[person].positions if held.holds_on(day))

    def roles_of(self, person: str, day: date, section: str | None = None) -> frozenset[Role]:
        """Return the roles that a person holds on *day*: in one *section*, or anywhere."""
        held = (self.positions[key] for key in self.positions_of(person, day))
        return frozenset(role for one in held if section in {None, one.section} for role in one.roles)

    def sections_of(self, person: str, day: date) -> tuple[str, ...]:
        """Return the keys of the sections in which a person has a position on *day*, the main one first."""
        return tuple(dict.fromkeys(self.positions[key].section for key in self.positions_of(person, day)))

    def holders(self, position: str, day: date) -> tuple[str, ...]:
        """Return those who hold a position on *day*."""
        return tuple(key for key in self.people if position in self.positions_of(key, day))

    def with_role(self, role: Role, day: date, section: str | None = None) -> tuple[str, ...]:
        """Return those who hold a role on *day*: in one *section*, or anywhere."""
        return tuple(key for key in self.people if role in self.roles_of(key, day, section))

    def route_for(self, account: str) -> Route | None:
        """Return the route of an account, or None where the file has none for it."""
        return next((route for route in self.routes if route.fits(account, self.accounts[account])), None)

    def mirrors_of(self, account: str) -> tuple[str, ...]:
        """Return the accounts that repost what *account* posts."""
        return tuple(key for key, one in self.accounts.items() if account in one.mirrors)


def day_in_japan(moment: datetime) -> date:
    """Return the Japanese calendar day of an instant."""
    return moment.astimezone(JST).date()
