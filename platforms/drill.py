"""A platform for drills: the same plan, and receipts made from it. It has no HTTP client and takes no secrets."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from platforms.errors import NotSent
from platforms.port import Capability, Finding, Found, Measured, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from platforms.port import AccountRef, Limits, Message, Pending, Plan, Platform


class DrillPlatform:
    """Stands where *real* stands, in a lane composed without production credentials.

    Args:
        real: Whose limits and plan are shown.
        now: The clock (aware UTC).
    """

    secret_fields: tuple[str, ...] = ()

    def __init__(self, real: Platform, *, now: Callable[[], datetime]) -> None:
        self._plan = real.plan
        self._now = now
        self.name = real.name
        self.limits: Limits = real.limits

    def plan(self, message: Message) -> Plan:
        """Work out what would be sent, as the real platform does."""
        return self._plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> DrillSession:
        """Bind *account*; the secrets are not looked at."""
        del secrets
        kind: type[DrillSession] = DrillSession
        if Capability.REPOST in self.limits.capabilities:
            kind = RepostingDrillSession
        elif Capability.DELETE in self.limits.capabilities:
            kind = RecallingDrillSession
        return kind(self.name, account, now=self._now)


class DrillSession:
    """An account in a drill: every delivery arrives, nowhere."""

    def __init__(self, platform: str, account: AccountRef, *, now: Callable[[], datetime]) -> None:
        self._platform = platform
        self._account = account
        self._now = now

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Make a receipt from *plan* and *key*; the same key gives the same receipt."""
        del resume, checkpoint
        return self._receipt(key, plan.text)

    def poll(self, token: str) -> Receipt | Pending:
        """A drill leaves nothing pending."""
        raise NotSent("nothing_pending", params={"platform": self._platform, "token": token})

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Finding:
        """Find it always: in a drill what was sent arrived."""
        del resume, since
        return Found(receipt=self._receipt(key, plan.text))

    def _receipt(self, key: str, text: str) -> Receipt:
        seed = f"{self._platform}\n{self._account.key}\n{key}\n{text}"
        return Receipt(external_id=f"drill-{hashlib.sha256(seed.encode()).hexdigest()[:16]}", url=None, at=self._now())

    def _done(self, external_id: str) -> Receipt:
        return Receipt(external_id=external_id, url=None, at=self._now())


class RecallingDrillSession(DrillSession):
    """An account in a drill, on a platform that lets posts be taken back."""

    def delete(self, external_id: str) -> Receipt:
        """Make a receipt for a deletion."""
        return self._done(external_id)

    def measure(self, external_id: str) -> Measured:
        """Tell nothing: nobody saw a post of a drill."""
        del external_id
        return Measured(text=None, figures={}, at=self._now())


class RepostingDrillSession(RecallingDrillSession):
    """An account in a drill, on a platform with reposts."""

    def repost(self, source_id: str) -> Receipt:
        """Make a receipt for a repost."""
        return self._receipt(source_id, "repost")

    def undo_repost(self, source_id: str) -> Receipt:
        """Make a receipt for a repost that was taken back."""
        return self._done(source_id)
