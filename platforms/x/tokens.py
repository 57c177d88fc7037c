"""What X's calls leave for a repeat: X has no idempotency key, so it is no more than whether a post may exist."""

from __future__ import annotations

from typing import Final

TRIED: Final = "tried"
"""What `publish` checkpoints before the POST: from then on the post may exist."""
UNTRIED: Final = "untried"
"""What it checkpoints where X is known to have made nothing of it."""
