"""What is kept of an error of PostgreSQL: its own words, without the values of rows that it quotes beside them.

`hide_parameters` keeps ours out of the statement, but the server quotes rows on its own: a broken constraint has the
whole row in its DETAIL, a text that cannot be read stands in the first line itself. Errors are logged as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import psycopg

if TYPE_CHECKING:
    from sqlalchemy.engine import ExceptionContext

_DATA_EXCEPTION: Final = "22"
"""The class of SQLSTATEs whose first line quotes what it could not read: https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def leave_out_values(context: ExceptionContext) -> None:
    """Take the values out of a driver's error and of the one that stands for it: SQLAlchemy's event `handle_error`."""
    said = context.original_exception
    if not isinstance(said, psycopg.Error) or said.sqlstate is None:
        return  # it speaks of the connection, or of the statement's form
    said.args = (_words(said),)
    if context.sqlalchemy_exception is not None:
        kind = type(said)
        context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__qualname__}) {said.args[0]}",)


def _words(said: psycopg.Error) -> str:
    primary = said.diag.message_primary
    if primary is None or (said.sqlstate or "").startswith(_DATA_EXCEPTION):
        return f"SQLSTATE {said.sqlstate}"
    return f"{primary} (SQLSTATE {said.sqlstate})"
