"""One process at a time serves people from a home folder: its inbox holds what that process has acknowledged."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME: Final = "serving.lock"


class HomeInUseError(Exception):
    """Another process serves people from this home folder: a second one would apply what lies in its inbox again."""


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Keep others from serving out of *home* until the block, or the process, ends.

    Raises:
        HomeInUseError: Somebody does already.
    """
    with (home / _NAME).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise HomeInUseError(str(home)) from None
        yield
