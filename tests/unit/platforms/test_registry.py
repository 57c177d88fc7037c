"""The list of platforms, and the platform of drills."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from platforms.drill import DrillPlatform
from platforms.port import AccountRef, Capability, Endpoints, Found, Message, Reposts
from platforms.registry import build_platforms

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ACCOUNT = AccountRef(key="kashiwa_shi", handle="kashiwa_shi", external_id="1")
PLATFORMS = build_platforms(Endpoints(), now=lambda: NOW)
SDKS = ("tweepy", "linebot", "googleapiclient", "httpx", "requests", "flask")


def test_the_four_platforms_are_there_by_their_names() -> None:
    """X, LINE, Facebook and YouTube, in the order people see them."""
    assert list(PLATFORMS) == ["x", "line", "facebook", "youtube"]
    assert [platform.name for platform in PLATFORMS.values()] == list(PLATFORMS)


def test_no_sdk_is_imported_before_an_account_connects() -> None:
    """line-bot-sdk alone takes 0.85 s of CPU: `sns --help` must not pay for it."""
    code = f"import sys; import platforms.registry; print([name for name in {SDKS!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_process_that_stays_can_import_them_ahead() -> None:
    """`sns serve` imports the SDKs from a thread at start, so that no emergency pays for it."""
    code = (
        "import sys; from platforms.registry import import_sdks; import_sdks();"
        f"print(*[name for name in {SDKS!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["tweepy", "linebot", "googleapiclient", "httpx", "requests"]


@pytest.mark.parametrize("name", list(PLATFORMS))
def test_a_drill_plans_as_the_real_platform_does(name: str) -> None:
    """Promise 7: drills run the true flow; what differs is only that nothing leaves."""
    real = PLATFORMS[name]
    drill = DrillPlatform(real, now=lambda: NOW)
    message = Message(text="訓練です", title="訓練")
    assert drill.plan(message) == real.plan(message)
    assert drill.limits == real.limits
    assert drill.secret_fields == ()


def test_a_drill_gives_receipts_without_address_or_secret() -> None:
    """A receipt of a drill can't be taken for a real one: its id says so and it has no address."""
    drill = DrillPlatform(PLATFORMS["x"], now=lambda: NOW)
    session = drill.connect(ACCOUNT, {})
    plan = drill.plan(Message(text="訓練です"))
    receipt = session.publish(plan, key="k1", resume=None, checkpoint=lambda _: None)
    assert receipt.external_id.startswith("drill-")
    assert receipt.url is None
    assert session.find(plan, key="k1", resume=None, since=NOW) == Found(receipt=receipt)
    assert session.publish(plan, key="k2", resume=None, checkpoint=lambda _: None) != receipt


def test_only_x_reposts() -> None:
    """Reposting is X's alone among the four."""
    able = [name for name, platform in PLATFORMS.items() if Capability.REPOST in platform.limits.capabilities]
    assert able == ["x"]
    secrets = dict.fromkeys(PLATFORMS["x"].secret_fields, "secret")
    assert isinstance(PLATFORMS["x"].connect(ACCOUNT, secrets), Reposts)
    assert not isinstance(PLATFORMS["line"].connect(ACCOUNT, {"channel_access_token": "t"}), Reposts)


def test_the_drill_module_knows_no_http() -> None:
    """What was made in a drill can never go out: there is no client in it to send with."""
    code = (
        "import sys; import platforms.drill; print([n for n in ('socket', 'http.client', 'ssl') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
