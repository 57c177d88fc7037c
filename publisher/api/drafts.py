"""What a person fills in, and what the form offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from publisher.api.words import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """An account that a person may draft for."""

    key: str
    name: str
    """As people know it: 「柏市公式X @kashiwa_shi」."""
    platform: str
    kind: str
    is_preselected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of posts, as the city's packs name it."""

    key: str
    name: Said


class PeopleShown(StrEnum):
    """What the author says of the people in a picture or video."""

    UNKNOWN = "unknown"
    """Nobody has said yet."""
    NONE = "none"
    AGREED = "agreed"
    """There are people, and all of them agreed to its publication."""
    NOT_AGREED = "not_agreed"
    """There is somebody who has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    """A stored file, for showing."""

    sha256: str
    kind: str
    name: str
    alt: str
    path: Path
    mime: str
    source: str
    """Where it came from: `slack:F123`, or empty."""
    people: str = PeopleShown.UNKNOWN
    """A word of `PeopleShown`; in a review, what was said of the same file before, as a first value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaChoice:
    """A file for a draft: already in the media store (see `Drafting.add_media`)."""

    sha256: str
    alt: str = ""
    source: str = ""
    people: str = PeopleShown.UNKNOWN
    """A word of `PeopleShown`. It is said when the post is submitted: saving a form does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """What a person filled in."""

    section: str
    """The section on whose behalf."""
    text: str
    accounts: tuple[str, ...]
    category: str | None
    variants: Mapping[str, str] = field(default_factory=dict)
    """By platform; absent or empty: the common text."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By platform (YouTube)."""
    publish_at: datetime | None = None
    """None: as soon as it is approved (and open)."""
    latest_at: datetime | None = None
    """The latest useful time; None: the city's default after `publish_at`."""
    media: tuple[MediaChoice, ...] = ()
    is_disaster_related: bool = False
    """災害関連: under a hold it still goes, after the PR division's click. Who saves it ticked marks the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormModel:
    """What the draft form offers to this person; the current values where a draft is edited."""

    number: str | None
    """`K-12` when a draft is edited."""
    version: int | None
    section: str
    section_name: str
    accounts: tuple[AccountChoice, ...]
    categories: tuple[Category, ...]
    form: DraftForm
    """Initial values."""
    returned_note: str | None
    """Why it was sent back, with the name in front, when it was."""
    media: tuple[MediaView, ...] = ()
    """Files that the draft already has."""
    may_mark: bool = False
    """The person may mark it as 災害関連, and nobody has yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A mistake in a form, as a code with params."""

    place: str
    """The field it stands beside: a name of `DraftForm`, or `variants.x`, `titles.youtube`."""
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
