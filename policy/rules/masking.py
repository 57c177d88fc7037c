"""Rules on letters that are masked (伏せ字)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.rules.kind import RuleKind

KINDS: dict[str, RuleKind] = {}
