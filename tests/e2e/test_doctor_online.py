"""`sns doctor --online` against the stand-ins: whether each account's credentials hold, and open that very account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops.cli.doctor import examine, sentences
from chatops.messages import Voice
from chatops.sandbox.product import free_port
from chatops.sandbox.script import START
from chatops.sandbox.stage import Stage, seed_credentials
from platforms.sandbox.records import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publisher.doctor.check import Check

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process]

JA = Voice(now=START)
ACCOUNTS = ("kashiwa_shi", "kashiwa_koen", "kashiwa_line", "kashiwa_facebook", "kashiwa_youtube")


@pytest.fixture(name="stage")
def _stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.clock.set_to(START)
    yield stage
    stage.close()


@pytest.fixture(name="settings")
def _settings(stage: Stage) -> dict[str, str]:
    found = stage.settings(free_port())
    seed_credentials(stage, found)
    return found


def asked(settings: Mapping[str, str]) -> dict[str, Check]:
    """Examine, asking the platforms; return what was found of each account."""
    found = examine(settings, JA, is_online=True)
    return {str(one.params["account"]).partition("/")[2]: one for one in found if one.area == "online"}


def test_credentials_that_hold_open_the_account_of_the_city_file(stage: Stage, settings: dict[str, str]) -> None:
    """All four vendors answer; nothing is posted, and without `--online` nobody is asked."""
    found = asked(settings)
    assert dict.fromkeys(ACCOUNTS, "online_well") == {key: one.code for key, one in found.items()}
    assert sentences(found["kashiwa_koen"], JA)[0] == "kashiwa/kashiwa_koen: X の認証情報は有効です（kashiwa_koen）。"
    assert [] == stage.platforms.journal(verb="publish")
    asked_before = len(stage.platforms.journal())
    assert [] == [one for one in examine(settings, JA) if one.area == "online"]
    assert asked_before == len(stage.platforms.journal())


def test_a_refused_token_is_told_with_what_to_do(stage: Stage, settings: dict[str, str]) -> None:
    """Each vendor's own refusal is an ✗ for that account alone, and its secret is in no sentence."""
    for vendor in ("x", "line", "facebook", "youtube"):
        stage.platforms.order(Fault(vendor=vendor, verb="*", kind=FaultKind.EXPIRED_TOKEN, times=9))
    found = asked(settings)
    assert {("wrong", "online_refused")} == {(str(one.mark), one.code) for one in found.values()}
    assert ACCOUNTS == tuple(found)
    for key, one in found.items():
        is_so, to_do = sentences(one, JA)
        assert "認証情報を受け付けません" in is_so
        assert f"sns credentials set kashiwa/{key}" in to_do
        assert not any(secret in is_so + to_do for secret in stage.keys.accounts[key].values())


def test_another_accounts_credentials_are_told_before_they_post_there(stage: Stage, settings: dict[str, str]) -> None:
    """The section's account has the official one's token: every post would go out in the city's name."""
    stage.keys.accounts["kashiwa_koen"] = dict(stage.keys.accounts["kashiwa_shi"])
    seed_credentials(stage, settings)
    found = asked(settings)["kashiwa_koen"]
    official = stage.city.accounts["kashiwa_shi"].id
    assert ("wrong", "online_other", official) == (str(found.mark), found.code, found.params["id"])
    assert f"別のアカウント（{official}" in sentences(found, JA)[0]


def test_trouble_at_a_vendor_is_no_fault_of_the_credentials(stage: Stage, settings: dict[str, str]) -> None:
    """A rate limit and a server error are to be tried again: somebody should know, and nobody has to mend anything."""
    stage.platforms.order(Fault(vendor="x", verb="*", kind=FaultKind.THROTTLED, times=9))
    stage.platforms.order(Fault(vendor="line", verb="*", kind=FaultKind.ERROR_BEFORE, times=9))
    found = asked(settings)
    assert ("note", "online_later") == (str(found["kashiwa_koen"].mark), found["kashiwa_koen"].code)
    assert ("note", "online_unknown") == (str(found["kashiwa_line"].mark), found["kashiwa_line"].code)
    assert "online_well" == found["kashiwa_facebook"].code
