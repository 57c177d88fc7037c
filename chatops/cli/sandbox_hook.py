"""`sns sandbox`: leads to the stand-ins, which nothing else in the product knows."""

from __future__ import annotations

from typing import Annotated

import typer

from chatops.cli._errors import said_errors


def sandbox(
    *,
    script: Annotated[bool, typer.Option("--script", help="ブラウザを使わずに一連の流れを実行する")] = False,
    port: Annotated[int | None, typer.Option("--port", help="ページの番号")] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="--script のとき、記録も表示する")] = False,
    fault: Annotated[list[str] | None, typer.Option("--fault", help="障害の指定（例: x=500_after_accepting）")] = None,
) -> None:
    """Start the stand-ins beside the product, or play the whole job with --script."""
    from chatops.sandbox.run import main  # noqa: PLC0415 - `sns --help` needs none of it

    with said_errors():
        raise typer.Exit(main(script=script, port=port, faults=tuple(fault or ()), shows_log=verbose))
