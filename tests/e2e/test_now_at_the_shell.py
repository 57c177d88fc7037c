"""`sns now` at the shell: what the duty officer has when Slack is down, and also when nothing at all is running."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chatops.sandbox.script import REASON, START, URGENT, read_timelines
from platforms.sandbox.core import Fault, FaultKind

if TYPE_CHECKING:
    from theatre import Theatre

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(180)]

PHRASE = "手賀沼の白鳥は今年も来ましたか"
SECOND = "【避難指示】第2報 手賀沼周辺の避難所を開設しました。 #柏市"


def sns(theatre: Theatre, *arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    """Run the command on the product's own settings, but without Slack."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNS_")}
    settings = theatre.stage.settings(theatre.product.port)
    for token in ("SNS_SLACK_BOT_TOKEN", "SNS_SLACK_APP_TOKEN", "SNS_SLACK_SIGNING_SECRET"):
        del settings[token]
    command = (sys.executable, "-c", "from chatops.cli.main import main; main()")
    return subprocess.run(
        [*command, *arguments],
        env=environment | settings | {"LANG": "ja_JP.UTF-8", "PYTHONUTF8": "1"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def now(theatre: Theatre, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Send as the duty officer."""
    order = ("now", text, "--reason", REASON, "--as", "bosai_ito", "--passphrase-stdin")
    return sns(theatre, *order, *more, given=f"{PHRASE}\n")


def seen(theatre: Theatre, text: str) -> list[str]:
    """Return on which platforms citizens read a text, reposts aside."""
    return sorted(
        line["vendor"]
        for line in read_timelines(theatre.stage)
        for item in line["items"]
        if text in item["text"] and not item["is_repost_of"]
    )


def test_the_duty_officer_sends_without_slack_and_without_a_worker(theatre: Theatre) -> None:
    """Nothing goes before a yes; then it is out once on each platform, the worker's or the command's own doing."""
    theatre.stage.clock.set_to(START + timedelta(hours=18))
    assert 0 == sns(theatre, "people", "passphrase", "bosai_ito", "--stdin", given=PHRASE).returncode
    asked = now(theatre, URGENT)
    assert (1, []) == (asked.returncode, seen(theatre, URGENT))
    assert "発信するアカウント: 柏市公式X、柏市公式LINE、柏市公式Facebook" in asked.stdout
    assert "新しい事案の第1報として発信します。" in asked.stdout
    assert "--yes を付けて" in asked.stderr

    first = now(theatre, URGENT, "--yes")
    assert (0, ["facebook", "line", "x"]) == (first.returncode, seen(theatre, URGENT)), first.stdout + first.stderr
    assert "K-1 は、すべて発信できました。" in first.stdout
    assert "このコマンドから直接送ります" not in first.stdout
    for told in ("柏市公式X に投稿しました", "柏市公式LINE に投稿しました", "柏市公式Facebook に投稿しました"):
        assert told in first.stdout

    theatre.product.kill()
    unsaid = now(theatre, SECOND, "--yes")
    assert (1, []) == (unsaid.returncode, seen(theatre, SECOND))
    assert "--event 1: 事案1" in unsaid.stderr
    theatre.stage.platforms.order(Fault(vendor="line", verb="publish", kind=FaultKind.EXPIRED_TOKEN))
    second = now(theatre, SECOND, "--event", "1", "--yes")
    assert (1, ["facebook", "x"]) == (second.returncode, seen(theatre, SECOND)), second.stdout + second.stderr
    assert "このコマンドから直接送ります" in second.stdout
    assert "事案1の第2報です。" in second.stdout
    assert "sns answer K-2 kashiwa_line" in second.stdout
    assert "K-2 には、発信できていないものがあります。" in second.stdout
