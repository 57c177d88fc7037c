"""Rules on links in the text: dead, shortened, unknown or denied addresses, and sites that may not be linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.rules.kind import RuleKind

KINDS: dict[str, RuleKind] = {}
