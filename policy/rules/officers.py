"""Rules on which roles may act on an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.rules.kind import RuleKind

KINDS: dict[str, RuleKind] = {}
