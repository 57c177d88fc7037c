"""`sns cities …`."""

from __future__ import annotations

import typer

from chatops.cli._errors import said_errors

app = typer.Typer(help="自治体の設定", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def cities() -> None:
    """Work with city files."""


@app.command(help="自治体の設定ファイルを確かめる")
def check() -> None:
    """Read every city file and its packs; each mistake is named with its place."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    with said_errors() as say:
        from publisher.compose import check_cities  # noqa: PLC0415 - heavy
        from publisher.settings import load_settings  # noqa: PLC0415 - heavy

        typer.echo(say(words.cities_well, ", ".join(check_cities(load_settings()))))
