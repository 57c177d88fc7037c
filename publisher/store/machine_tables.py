"""The tables of what many processes share: which period of a recurring check was taken, and by whom."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, String, Table

from publisher.store.tables import UtcDateTime, metadata

_KEY: Final = String(120)

ticks = Table(
    "ticks",
    metadata,
    Column("name", _KEY, primary_key=True),
    Column("period", BigInteger, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("taken_by", _KEY, nullable=False),
)
