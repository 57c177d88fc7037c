"""What a workspace is made of: people, conversations, messages, open forms, files."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
"""A JSON object, as Slack sends and takes it."""


class ChannelKind(StrEnum):
    """Which sort of conversation it is."""

    CHANNEL = "channel"
    IM = "im"
    """The bot's direct messages with one person."""


class FileStage(StrEnum):
    """How far an upload has come."""

    AWAITED = "awaited"
    """An upload address was given out."""
    UPLOADED = "uploaded"
    """The bytes are here, nobody completed it yet: Slack drops such files."""
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the workspace. *name* is the display name, *title* the profile's title line."""

    id: str
    name: str
    real_name: str
    title: str
    locale: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation. *user_id* is set on direct messages only."""

    id: str
    name: str
    topic: str = ""
    kind: ChannelKind = ChannelKind.CHANNEL
    user_id: str | None = None
    has_bot: bool = True


@dataclass(slots=True, kw_only=True)
class Message:
    """A message. *sequence* orders what people see even when the clock was turned back."""

    channel_id: str
    ts: str
    sequence: int
    user_id: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    ephemeral_to: str | None = None
    edited_ts: str | None = None
    file_ids: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The message's address in the workspace."""
        return f"{self.channel_id}/{self.ts}"


@dataclass(slots=True, kw_only=True)
class OpenView:
    """A form that is open before a person, or their App Home.

    *values* is what was last known to be filled in, *errors* what the app answered per block,
    *trouble* the sentence Slack itself shows when the app did not answer.
    """

    id: str
    user_id: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """A file's record; its bytes lie in the store under the same id."""

    id: str
    name: str
    title: str
    mimetype: str
    user_id: str
    size_bytes: int
    created: int
    """Unix seconds."""
    upload_token: str
    stage: FileStage = FileStage.AWAITED
    channel_ids: list[str] = field(default_factory=list)
    alt_text: str = ""


@dataclass(slots=True, kw_only=True)
class ResponseAddress:
    """A `response_url`: where it answers, what it may replace, and how often it was used."""

    token: str
    channel_id: str
    user_id: str
    message_ts: str | None
    opened_at: float
    """Unix seconds, real time."""
    uses: int = 0
    thread_ts: str | None = None


@dataclass(slots=True, kw_only=True)
class Trigger:
    """A `trigger_id`: good for one view within three real seconds."""

    id: str
    user_id: str
    born: float
    """By the monotonic clock, in seconds."""
    from_view_id: str | None = None
    is_used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """What was sent to the app, kept so that it can be sent again on order."""

    kind: str
    """Socket Mode's envelope type: `slash_commands`, `interactive` or `events_api`."""
    payload: Json
    envelope_id: str
    accepts_response_payload: bool


def to_json(record: Person | Channel | Message | OpenView | StoredFile | ResponseAddress) -> Json:
    """Turn a record into what the store keeps."""
    return asdict(record)
