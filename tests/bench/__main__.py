"""Print the timings; exit 1 where one is more than twice its bar."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from chatops.sandbox.hand import Hand, wait_until
from chatops.sandbox.product import Product, free_port
from chatops.sandbox.script import REASON, START, URGENT
from chatops.sandbox.stage import Stage, seed_credentials
from platforms.port import AccountRef, Message
from platforms.registry import build_platforms
from platforms.sandbox.app import endpoints_at
from tests.bench.figures import Figure, Rate, median_of, p99_of
from tests.bench.ledger_ground import server
from tests.bench.ledger_hold import measure_hold
from tests.bench.ledger_lateness import measure_lateness
from tests.bench.ledger_throughput import measure_throughput
from tests.bench.policy import measure_policy
from tests.bench.sdks import measure_lateness as measure_sdks_lateness
from tests.bench.sdks import measure_sdks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops.sandbox.records import OpenView

COMMANDS = 200
SENDS = 10


def time_help() -> Figure:
    """Start the command and let it say what it can do."""
    command = [str(Path(sys.executable).with_name("sns")), "--help"]
    times = []
    for _ in range(8):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return Figure(name="sns --help (median of 7)", seconds=median_of(times[1:]), bar_seconds=0.5)


def time_commands(hand: Hand, name: str) -> Figure:
    """Type a command again and again, each time until Slack has its acknowledgement."""
    times = []
    for _ in range(COMMANDS):
        began = time.perf_counter()
        outcome = hand.type("/sns help")
        times.append(time.perf_counter() - began)
        if not outcome.is_acknowledged:
            raise SystemExit(f"not acknowledged: {outcome.error}")
    note = f"median {median_of(times) * 1000:.1f} ms"
    return Figure(
        name=f"acknowledgement over {name}, p99 of {COMMANDS}", seconds=p99_of(times), bar_seconds=0.3, note=note
    )


def time_now(stage: Stage, duty: Hand) -> Figure:
    """Send emergencies, from the press of the button to the last platform's acceptance."""
    times = []
    seen: set[str] = set()
    for number in range(SENDS):
        text = f"{URGENT} 第{number + 1}報"
        duty.type(f"/sns now {text}")
        form = _next_form(duty, seen)
        began = time.perf_counter()
        duty.submit(form, {"緊急発信の理由": REASON})
        wait_until(lambda text=text: _all_took(stage, text), "the last acceptance")
        times.append(time.perf_counter() - began)
    return Figure(name="sns now, button to last platform (median)", seconds=median_of(times), bar_seconds=2.0)


def _next_form(duty: Hand, seen: set[str]) -> OpenView:
    """Wait for a form that is not the page of the send before, which has the same title."""

    def look() -> OpenView | None:
        form = duty.wait_for_form("緊急発信の確認")
        return None if form.id in seen else form

    form = wait_until(look, "the next form")
    seen.add(form.id)
    return form


def _all_took(stage: Stage, text: str) -> bool | None:
    took = {e["vendor"] for e in stage.platforms.journal(verb="publish") if text in (e["text"] or "")}
    return True if took >= {"x", "line", "facebook"} else None


def time_alone(stage: Stage) -> Iterator[Figure]:
    """Send the same text through each platform's own SDK, alone."""
    platforms = build_platforms(endpoints_at(stage.base_url), now=stage.clock.now)
    for key, account in stage.city.accounts.items():
        if not account.emergency:
            continue
        own = platforms[account.platform]
        ref = AccountRef(key=key, handle=account.handle, external_id=account.id)
        session = own.connect(ref, stage.keys.accounts[key])
        times = []
        for number in range(SENDS):
            plan = own.plan(Message(text=f"{URGENT} 単独{number}"))
            key_of_send = f"00000000-0000-4000-8000-{number:012d}"
            began = time.perf_counter()
            session.publish(plan, key=key_of_send, resume=None, checkpoint=lambda _token: None)
            times.append(time.perf_counter() - began)
        yield Figure(name=f"  {account.platform} alone, through its SDK (median)", seconds=median_of(times))


def measure(*, over_http: bool) -> Iterator[Figure]:
    """Measure with the whole system running."""
    with tempfile.TemporaryDirectory(prefix="kairan-bench-") as folder:
        stage = Stage(Path(folder))
        stage.clock.set_to(START + timedelta(hours=18))
        port = free_port()
        settings = stage.settings(port)
        if over_http:
            del settings["SNS_SLACK_APP_TOKEN"]
            stage.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        seed_credentials(stage, settings)
        product = Product(settings, port, log=Path(folder) / "serve.log")
        try:
            if not product.wait_until_well():
                raise SystemExit((Path(folder) / "serve.log").read_text("utf-8"))
            people, channels = stage.city.people, stage.city.slack.channels
            duty = Hand(stage.slack, people["bosai_ito"].slack or "", channels.drafts)
            yield time_commands(duty, "HTTP" if over_http else "Socket Mode")
            if not over_http:
                yield time_now(stage, duty)
                yield from time_alone(stage)
        finally:
            product.stop()
            stage.close()


def measure_ledger() -> Iterator[Figure | Rate]:
    """Measure the ledger alone, on a PostgreSQL server of its own."""
    with server() as address:
        yield from measure_throughput(address)
        yield from measure_lateness(address)
        yield from measure_hold(address)


def main() -> int:
    """Print every figure; return the exit status."""
    sys.stdout.write(f"Python {platform.python_version()}, {platform.machine()}\n")
    is_far_over = False
    whole = (measure(over_http=False), measure(over_http=True))
    parts = ([time_help()], measure_policy(), measure_ledger(), *whole, measure_sdks(), measure_sdks_lateness())
    for figure in chain.from_iterable(parts):
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
        is_far_over |= figure.is_far_over
    return int(is_far_over)


if __name__ == "__main__":
    sys.exit(main())
