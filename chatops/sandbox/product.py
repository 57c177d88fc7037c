"""The product in a process of its own, started with the stage's settings and started again when it dies."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDED: Final = ("database", "worker", "slack")
"""What must be well before anybody can work. The rest of `/healthz`, such as a ledger that came back from a copy and is
held or posts that are late, is told to people, who need a product that runs to do something about it."""
RESTART_SECONDS: Final = 1.0
"""How long a product that died stays down, so that a fault at the start does not spin."""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


class Product:
    """`sns serve` as a child process.

    Args:
        settings: The `SNS_…` environment.
        port: Where it serves.
        log: The file that takes its output, or None for this terminal.
        is_kept_up: Start it again when it dies.
    """

    def __init__(
        self, settings: Mapping[str, str], port: int, *, log: Path | None = None, is_kept_up: bool = False
    ) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._settings = dict(settings)
        self._log = log
        self._is_kept_up = is_kept_up
        self._stopping = threading.Event()
        self._process = self._spawn()
        self._keeper = threading.Thread(target=self._keep_up, name="keep-product-up", daemon=True)
        if is_kept_up:
            self._keeper.start()

    @property
    def pid(self) -> int:
        """The process id of the product that runs now."""
        return self._process.pid

    def _spawn(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SNS_")}
        environment |= self._settings
        sns = Path(sys.executable).with_name("sns")
        command = [str(sns), "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        out = self._log.open("ab") if self._log else None
        try:
            return subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603 - our own command
        finally:
            if out:
                out.close()

    def _keep_up(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(RESTART_SECONDS):
                self._process = self._spawn()

    def wait_until_well(self, timeout_seconds: float = 30.0) -> bool:
        """Wait until `/healthz` says that people can work; False where it does not within *timeout_seconds*."""
        waited = threading.Event()
        for _ in range(int(timeout_seconds * 10)):
            try:
                with urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310 - our own loopback address
                    if answer.status == 200:  # noqa: PLR2004 - HTTP's own number
                        return True
            except HTTPError as ill:
                if _lets_people_work(ill):
                    return True
            except (URLError, OSError):
                if self._process.poll() is not None and not self._is_kept_up:
                    return False
            waited.wait(0.1)
        return False

    def kill(self) -> None:
        """End it at once, as a power cut would, and wait for its end."""
        process = self._process
        process.send_signal(signal.SIGKILL)
        process.wait()

    def start_again(self) -> None:
        """Start it after `kill` (only where it is not kept up)."""
        self._process = self._spawn()

    def stop(self) -> None:
        """Ask it to end, and wait; after ten seconds end it."""
        self._stopping.set()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _lets_people_work(ill: HTTPError) -> bool:
    """Tell whether what `/healthz` finds ill leaves the doors open."""
    with ill:
        try:
            well = {one["name"]: one["is_well"] for one in json.load(ill)["checks"]}
        except (ValueError, KeyError, TypeError, OSError):
            return False
    return all(well.get(name) for name in NEEDED)
