"""Kill the workers while they send, and let the stand-ins' journal judge; exit 1 where a promise was broken.

Worker processes of the real product send to the stand-ins through the real SDKs. They die by SIGKILL at every point
that the ledger labels and at any other; answers are lost, late, garbled, refused; PostgreSQL is stopped in its tracks.
What was published how often is counted from what the stand-ins accepted, never from the ledger.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.chaos.judge import judge
from tests.chaos.options import GUESS, POINTS, Options
from tests.chaos.report import breaches_of, lines_of
from tests.chaos.stage import play


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; return the exit status."""
    asked = _parser().parse_args(arguments)
    engines = ("sqlite", "postgres") if asked.engine == "both" else (asked.engine,)
    is_whole = True
    for engine in engines:
        options = Options(
            engine=engine,
            deliveries=asked.deliveries,
            kills=asked.kills,
            seed=asked.seed,
            minutes=asked.minutes,
            absence_seconds=asked.absence,
            restarts=asked.restarts if engine == "postgres" else 0,
            breaks=asked.breaks,
        )
        is_whole &= run(options, None if asked.keep is None else Path(asked.keep) / engine)
    return 0 if is_whole else 1


def run(options: Options, keep: Path | None) -> bool:
    """Run one engine and print what came of it; return whether every promise was kept."""
    with tempfile.TemporaryDirectory(prefix="kairan-chaos-") as folder:
        home = Path(folder) if keep is None else keep
        home.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=home / "people.log", level=logging.WARNING, force=True)
        played = play(options, home, _say)
        verdict = judge(played.posts, played.logbook, played.ledger, played.journal)
        if not played.is_audit_whole:
            verdict.find(f"the audit trail does not verify: {played.audit}")
        if sum(played.crew.killed.values()) < options.kills:
            verdict.find(f"only {sum(played.crew.killed.values())} of {options.kills} kills were done in the time")
        spared = [point for point in POINTS if not played.crew.killed[point]]
        if spared and options.kills >= len(POINTS) + 2:
            verdict.find(f"nobody died at {', '.join(spared)}")
        for line in [*lines_of(options, played, verdict), *breaches_of(played, verdict)]:
            _say(line)
        _say(f"            {'every promise was kept' if not verdict.breaches else 'BROKEN'}\n")
    return not verdict.breaches


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--deliveries", type=int, default=10_000, help="on each engine")
    parser.add_argument("--kills", type=int, default=500, help="on each engine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=29.0, help="at most, on each engine")
    parser.add_argument("--restarts", type=int, default=10, help="how often PostgreSQL is stopped in its tracks")
    parser.add_argument("--absence", type=float, default=30.0, help="seconds between the two reads of X's timeline")
    parser.add_argument("--break", dest="breaks", choices=("", GUESS), default="", help="break a promise on purpose")
    parser.add_argument("--keep", help="a folder for what is left of the run; without it nothing is kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
