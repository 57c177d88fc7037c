"""Rules that an account's own registered policy sets or must set: its hours, its flow of sign-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.rules.kind import RuleKind

KINDS: dict[str, RuleKind] = {}
