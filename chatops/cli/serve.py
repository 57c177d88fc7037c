"""`sns serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from chatops.cli._errors import said_errors

Host = Annotated[str, typer.Option("--host", help="待ち受けるアドレス")]
Port = Annotated[int, typer.Option("--port", help="待ち受ける番号", min=0, max=65535)]


def serve(*, host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Run the product until a signal ends it: Slack, web, timers and workers in one process."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs none of it

    with said_errors() as say:
        from chatops.serve import serve_until_signal  # noqa: PLC0415 - heavy
        from publisher.settings import load_settings  # noqa: PLC0415 - heavy

        serve_until_signal(load_settings(), host=host, port=port, greet=lambda url: typer.echo(say(words.serving, url)))
