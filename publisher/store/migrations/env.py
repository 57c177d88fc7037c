"""How Alembic runs the migrations: on the connection that `publisher.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from publisher.store import rule_tables, tables

__all__ = ["rule_tables"]  # imported so that its tables are in the metadata too

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.metadata)
with context.begin_transaction():
    context.run_migrations()
