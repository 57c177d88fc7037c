"""Rules on posts that speak to one person or firm instead of to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.rules.kind import RuleKind

KINDS: dict[str, RuleKind] = {}
