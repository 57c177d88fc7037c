"""A platform in memory that behaves as a test orders, with the timeline that citizens see."""

# ruff: noqa: ARG002 - the fake has the port's signature

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from platforms.errors import NotSent, PerhapsSent
from platforms.port import Found, NotSeen, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from town import Town

    from platforms.port import AccountRef, Limits, Message, Pending, Plan, Platform

DOWN, SWALLOWS, SILENT, WELL = "down", "swallows", "silent", "well"
"""Cannot be reached; takes no post and gives no answer; takes each post and gives no answer; works."""


@dataclass(slots=True)
class MoodyPlatform:
    """Plans as the real one does, and sends in its mood."""

    real: Platform
    now: Callable[[], datetime]
    mood: str = WELL
    timeline: list[tuple[str, str]] = field(default_factory=list)
    """(account, text) of what citizens see; a repost is `RT` and the id."""
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    secret_fields: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Be called as the real one."""
        return self.real.name

    @property
    def limits(self) -> Limits:
        """Have its numbers."""
        return self.real.limits

    def plan(self, message: Message) -> Plan:
        """Plan as the real one does."""
        return self.real.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> MoodySession:
        """Bind an account."""
        return MoodySession(platform=self, account=account.key)


@dataclass(slots=True)
class MoodySession:
    """One account there."""

    platform: MoodyPlatform
    account: str

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Do as the mood is."""
        return self._do(plan.text, key)

    def repost(self, source_id: str) -> Receipt:
        """Do as the mood is."""
        return self._do(f"RT {source_id}", source_id)

    def _do(self, text: str, key: str) -> Receipt:
        mood = self.platform.mood
        if mood == DOWN:
            raise NotSent("unreachable", params={"platform": self.platform.name})
        if mood != SWALLOWS:
            self.platform.timeline.append((self.account, text))
            self.platform.keys[self.account, key] = text
        if mood != WELL:
            raise PerhapsSent("no_answer", params={"platform": self.platform.name})
        return self._receipt(key)

    def _receipt(self, key: str) -> Receipt:
        return Receipt(external_id=f"id-{key}", url=None, at=self.platform.now())

    def poll(self, token: str) -> Receipt | Pending:
        """Leave nothing pending."""
        raise AssertionError

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Found | NotSeen:
        """Look into the timeline."""
        if (self.account, key) in self.platform.keys:
            return Found(receipt=self._receipt(key))
        return NotSeen()


def be_moody(town: Town, platform: str, mood: str = WELL) -> MoodyPlatform:
    """Put a moody platform in the place of one of the town's."""
    platforms = cast("dict[str, Platform]", town.heart.platforms)
    moody = MoodyPlatform(real=platforms[platform], now=town.clock.now, mood=mood)
    platforms[platform] = cast("Platform", moody)
    return moody
