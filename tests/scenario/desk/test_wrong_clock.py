"""A machine whose clock is wrong: managers read by how much, what is not sent, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from town import OPEN_TUESDAY, PR_CHIEF, StillClock

from chatops.courier.watch import build_watch
from chatops.messages import Voice
from publisher.api import NoticeKind
from publisher.store import workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from town import Town


def look(town: Town, leases: StillClock, *, seconds_off: int) -> list[tuple[str | None, str]]:
    """Let a worker beat and the watchdog look twice; return what people are told."""
    for _ in range(2):
        with town.heart.database.transaction() as tx:
            workers.beat(tx, "w1", seconds_off=seconds_off)
        town.services.watching.look()
        town.wait(seconds=5)
        leases.moment = town.clock.now()
    say = Voice(now=town.clock.now())
    taken = town.services.notices.claim(200)
    for one in taken:
        town.services.notices.done(one)
    told = [one for one in taken if one.kind is NoticeKind.WATCH]
    return [(one.person, build_watch(one, town.services.board, say)[0]) for one in told]


def test_a_wrong_clock_is_told_once_and_so_is_its_end(make_town: Callable[..., Town]) -> None:
    """An hour ahead: managers read it once, `/healthz` says it, and both hear when it is right again."""
    leases = StillClock(OPEN_TUESDAY)
    town = make_town(OPEN_TUESDAY, lease_clock=leases)

    told = look(town, leases, seconds_off=3600)
    lines = {line.name: line for line in town.services.health.check()}
    again = look(town, leases, seconds_off=3600)
    over = look(town, leases, seconds_off=0)

    assert [PR_CHIEF] == [person for person, _ in told]
    text = told[0][1]
    assert "データベースの時計より3600秒進んでいます" in text
    assert "緊急発信のほかは送りません" in text
    assert "timedatectl" in text
    assert not lines["worker"].is_well
    assert "3600 s" in lines["worker"].detail
    assert [] == again
    assert [PR_CHIEF] == [person for person, _ in over]
    assert "時計のずれの件が片付きました" in over[0][1]
