"""How Alembic runs the migrations: on the connection that `publisher.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from publisher.store import guard_tables, machine_tables, rule_tables, tables

__all__ = ["guard_tables", "machine_tables", "rule_tables"]  # imported so that their tables are in the metadata too

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.metadata)
with context.begin_transaction():
    context.run_migrations()
