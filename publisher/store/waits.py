"""Waits by the leases' clock: of notices, of mails, and of those who have one in hand.

On SQLite that is the machine's clock, and it can be set back: what was to wait for seconds would wait for hours, and
nobody would be told. So a wait that ends later than any can counts as over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from datetime import datetime

LONGEST: Final = timedelta(minutes=10)
"""No wait is longer: courier and postman come back after five minutes at the latest."""


def is_over(until: sa.ColumnElement[Any], now: datetime) -> sa.ColumnElement[bool]:
    """Say that a wait has ended."""
    return sa.or_(until <= now, until > now + LONGEST)
