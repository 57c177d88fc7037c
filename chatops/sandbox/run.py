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


def run(*, port: int | None) -> int:
    """Run until a signal ends it; returns the exit status."""
    home = Path(os.environ.get("SNS_HOME", "var")).absolute()
    try:
        stage = open_stage(home, port)
    except OSError as error:
        sys.stderr.write(f"このポートは使えません。 --port で別の番号を指定してください。 ({error})\n")
        return 1
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


def main(*, script: bool = False, port: int | None = None, faults: Sequence[str] = ()) -> int:
    """Run the sandbox, or with *script* the whole job once; returns the exit status."""
    if script:
        from chatops.sandbox.script import play  # noqa: PLC0415 - the script is no part of the sandbox

        return play(faults=faults)
    return run(port=port)
