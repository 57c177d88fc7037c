"""The command `sns` in a process of its own, over a home with Kashiwa's city file."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CITY = ROOT / "chatops" / "sandbox" / "cities" / "kashiwa.yaml"
COMMAND = (sys.executable, "-c", "from chatops.cli.main import main; main()")


def sns(*arguments: str, home: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run it with *given* as its standard input."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=_environment(home, settings),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def sns_at_terminal(*arguments: str, home: Path, typed: str) -> tuple[int, str]:
    """Run it at a terminal where *typed* is typed; return its status and all that the screen showed."""
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=_environment(home, {}),
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    )
    os.close(inner)
    screen = b""
    answers = iter(typed.splitlines())
    while True:
        try:
            screen += os.read(outer, 1000)
        except OSError:  # the other side was closed
            break
        if screen.endswith(b": "):  # each question ends so
            os.write(outer, next(answers).encode() + b"\n")
            screen += b"|"
    os.close(outer)
    return process.wait(), screen.decode()


def _environment(home: Path, settings: dict[str, str]) -> dict[str, str]:
    (home / "cities").mkdir(exist_ok=True)
    (home / "cities" / "kashiwa.yaml").write_text(CITY.read_text("utf-8"), "utf-8")
    return {"SNS_HOME": str(home), "LANG": "ja_JP.UTF-8", "PYTHONUTF8": "1", **settings}
