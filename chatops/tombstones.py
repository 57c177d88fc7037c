"""What people read where something was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.messages.ja import audit as words

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import Erased


def tombstone(erased: Erased, say: Voice) -> str:
    """Say when and by whose decision something was erased."""
    first, second = erased.by
    return say(words.tombstone, say.moment(erased.at), say(words.tombstone_people, first, second))
