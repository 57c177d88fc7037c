"""`sns migrate`."""

from __future__ import annotations

import typer

from chatops.cli._errors import said_errors
from chatops.cli._heart import opened_heart


def migrate() -> None:
    """Bring the database's schema up to date."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    with said_errors() as say, opened_heart(is_migrated=False) as heart:
        heart.database.migrate()
        typer.echo(say(words.migrated))
