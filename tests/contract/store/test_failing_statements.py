"""What an error of the database says, and so what a log shows of it; on both engines."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from publisher.store.engine import STORE_ERRORS

if TYPE_CHECKING:
    from publisher.store.engine import Database

SECRET = "upload-session-of-an-account"


def test_a_statement_that_fails_names_no_value_in_its_traceback(database: Database) -> None:
    """Which statement it was is said; what it was to write, or to look for, is not."""
    with pytest.raises(STORE_ERRORS) as failed, database.transaction() as tx:
        tx.execute(sa.text("UPDATE no_such_table SET resume = :resume"), {"resume": SECRET})
    shown = "".join(traceback.format_exception(failed.value))

    assert "UPDATE no_such_table" in shown
    assert SECRET not in shown
