"""`sns sandbox`: the stand-ins in this process, the product beside it, one address to open.

With `--script` a person's job is done without a browser (see `chatops.sandbox.script`).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatops.sandbox.product import Product, free_port
from chatops.sandbox.stage import Stage, seed_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platforms.sandbox.core import Fault

PORT: Final = 8700
TRIES: Final = 20


def open_stage(home: Path, port: int | None) -> Stage:
    """Open the stage on *port*, or without one on the first free port from 8700 on.

    Raises:
        OSError: The port that was asked for is taken, or all that were tried are.
    """
    if port is not None:
        return Stage(home, port)
    for number in range(PORT, PORT + TRIES):
        try:
            return Stage(home, number)
        except (OSError, SystemExit):
            continue
    raise OSError(f"ports {PORT} to {PORT + TRIES - 1} are all taken")


def greet(stage: Stage) -> None:
    """Say where to look."""
    lines = (
        "",
        "  練習用の環境が動いています。ブラウザで次のアドレスを開いてください。",
        "  The sandbox is running. Open this address in a browser:",
        "",
        f"      {stage.base_url}/",
        "",
        "  止めるときは Ctrl+C（続きから再開できます）。 Stop with Ctrl+C; it goes on where it was.",
        "",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def run(*, port: int | None, faults: Sequence[Fault] = ()) -> int:
    """Run until a signal ends it, with *faults* ordered; returns the exit status."""
    home = Path(os.environ.get("SNS_HOME", "var")).absolute()
    try:
        stage = open_stage(home, port)
    except OSError as error:
        sys.stderr.write(f"このポートは使えません。 --port で別の番号を指定してください。 ({error})\n")
        return 1
    for fault in faults:
        stage.platforms.order(fault)
    settings = stage.settings(serve_port := free_port())
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    seed_credentials(stage, settings)
    product = Product(settings, serve_port, log=home / "sandbox" / "serve.log", is_kept_up=True)
    try:
        if not product.wait_until_well():
            sys.stderr.write(f"起動できませんでした。記録を確認してください: {home / 'sandbox' / 'serve.log'}\n")
            return 1
        greet(stage)
        ended.wait()
    finally:
        product.stop()
        stage.close()
    return 0


def main(*, script: bool = False, port: int | None = None, faults: Sequence[str] = (), shows_log: bool = False) -> int:
    """Run the sandbox, or with *script* the whole job once; returns the exit status.

    Args:
        script: Do the job without a browser.
        port: Where the page answers; None takes the first free one from 8700 on.
        faults: How the stand-ins are to misbehave, as `x=500_after_accepting`.
        shows_log: After a script print what the product wrote.
    """
    from chatops.sandbox.script import parse_fault, play  # noqa: PLC0415 - the script is no part of the sandbox

    try:
        ordered = [parse_fault(order) for order in faults]
    except ValueError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    return play(faults=ordered, shows_log=shows_log) if script else run(port=port, faults=ordered)
