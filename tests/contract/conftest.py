"""Contract tests run on every implementation: the store on SQLite and on PostgreSQL."""

from store_fixtures import (  # noqa: F401 - fixtures are used by name
    clock,
    database,
    empty_url,
    engine_name,
    lease_clock,
    postgres_server,
    sqlite_template,
    store_url,
)
