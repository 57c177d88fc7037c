"""What every listener works with, and the acts that it hands on."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops.block_kit import modal, sentence
from chatops.inbox import Entry, Inbox, Lane
from chatops.messages import Voice
from chatops.messages.ja import general, labels
from chatops.where import Where
from publisher.api import Act
from publisher.clock import steady_seconds
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chatops.block_kit import Block
    from chatops.locales import Locales
    from chatops.slack_files import SlackFiles
    from chatops.slack_link import SlackLink
    from publisher.api import Person, Services

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.7
"""How long an acknowledgement may take to change the modal on a person's screen; an update before it would be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks."""

    city: str
    person: Person
    team: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An act out of the inbox, ready to be applied."""

    act: Act
    where: Where
    data: Mapping[str, Any]
    is_first: bool
    """False where it is tried again, or replayed."""
    waited_seconds: float = 0.0
    """How long ago it was acknowledged."""
    accepted_at: float = field(default_factory=time.monotonic)


Apply = "Callable[[Office, Task], None]"


class Office:
    """The collaborators of every listener.

    Args:
        services: The heart.
        link: The way out to Slack.
        locales: Which language a person reads.
        files: Fetches files from Slack.
        now: The business's time.
    """

    def __init__(
        self,
        *,
        services: Services,
        link: SlackLink,
        locales: Locales,
        files: SlackFiles,
        now: Callable[[], datetime],
    ) -> None:
        self.services = services
        self.link = link
        self.locales = locales
        self.files = files
        self.now = now
        self.inbox: Inbox | None = None
        self.after_act: Callable[[], None] = lambda: None
        self._handlers: dict[str, Callable[[Office, Task], None]] = {}

    def handle(self, kind: str, apply: Callable[[Office, Task], None]) -> None:
        """Tie a kind of act to what applies it."""
        self._handlers[str(kind)] = apply

    def voice(self, user: str) -> Voice:
        """Return the language of a person; may ask Slack."""
        return Voice(locale=self.locales.get(user), now=self.now())

    def quick_voice(self, user: str) -> Voice:
        """Return the language of a person as far as it is known; asks nobody."""
        return Voice(locale=self.locales.cached(user), now=self.now())

    def accept(self, kind: str, key: str, caller: Caller, where: Where, data: Mapping[str, Any], lane: Lane) -> bool:
        """Write an act to the inbox; False where it was there before."""
        if self.inbox is None:
            raise RuntimeError("the office has no inbox yet")
        payload = {
            "city": caller.city,
            "person": caller.person.key,
            "where": where.to_json(),
            "data": dict(data),
        }
        return self.inbox.put(Entry(key=key, kind=str(kind), payload=payload, lane=lane))

    def apply(self, entry: Entry) -> None:
        """Carry out an act and answer its person. A refusal is an answer."""
        payload = entry.payload
        task = Task(
            act=Act(city=payload["city"], person=payload["person"], key=entry.key),
            where=Where(**payload["where"]),
            data=payload["data"],
            is_first=entry.attempts == 0 and not entry.is_replay,
            waited_seconds=steady_seconds() - entry.accepted_at,
        )
        try:
            self._handlers[entry.kind](self, task)
        except Refusal as refusal:
            say = self.voice(task.where.user)
            text = say.refusal(refusal)
            self.show_or_tell(task, _plain_page(text, say), text)
        except Exception:
            if entry.attempts == 0:
                self._say(task.where, delayed=True)
            raise
        finally:
            self.after_act()

    def give_up(self, entry: Entry, _error: Exception) -> None:
        """Tell a person that an accepted act could not be carried out."""
        self._say(Where(**entry.payload["where"]), delayed=False)

    def show_or_tell(
        self, task: Task, view: Block, text: str, blocks: list[Block] | None = None, *, is_lasting: bool = False
    ) -> None:
        """Show an answer in the open modal, or tell it where the modal is gone.

        Args:
            task: The act; its modal was just changed by the acknowledgement.
            view: The answer as a modal.
            text: The answer in words.
            blocks: The answer as a message.
            is_lasting: Send it as a direct message, which stays, where the modal is gone.
        """
        if task.where.view_id is not None:
            wait = SETTLE_SECONDS - (time.monotonic() - task.accepted_at)
            if task.is_first and wait > 0:
                time.sleep(wait)
            if self.link.show_view(task.where.view_id, view):
                return
            # Where Slack did not like our view, nobody must be left before a page that says "checking".
            self.link.show_view(task.where.view_id, _plain_page(text, self.voice(task.where.user)))
        if is_lasting:
            self.link.message(task.where.user, text, blocks)
        else:
            self.link.tell(task.where, text, blocks)

    def _say(self, where: Where, *, delayed: bool) -> None:
        try:
            say = self.voice(where.user)
            text = say(general.delayed if delayed else general.crashed_for_good)
            is_shown = not delayed and where.view_id and self.link.show_view(where.view_id, _plain_page(text, say))
            if not is_shown:
                self.link.tell(where, text)
        except Exception:
            log.exception("a person could not be told")


def _plain_page(text: str, say: Voice) -> Block:
    return modal("page", say(general.told_title), [sentence(text)], close=say(labels.close))
