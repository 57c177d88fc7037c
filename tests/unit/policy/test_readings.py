"""What was found in a text is kept, and never for anything but the very same."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from policy import judge
from policy.case import Case
from policy.model import EmergencyKind
from policy.packs import load_pack, shipped_packs
from policy.readings import Readings
from policy.repeats import read_known_notice
from policy.rules.kind import Hit, OnWording
from policy.wire import action_from_json
from policy.written import Written, written_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policy.facts import Facts
    from policy.model import Action
    from policy.pack import Pack


def asked(text: str = "手賀沼公園の紅葉が見頃です。", pack: str = "kashiwa") -> tuple[Pack, Action, Facts]:
    """Return the pack's example with another text."""
    name, action, facts = action_from_json({**load_pack(pack).example, "pack": pack, "text": text})
    return load_pack(name), action, facts


def listening(pack: Pack, heard: list[str]) -> Pack:
    """Return a pack whose first rule on the wording notes each text that it is asked about."""
    place = next(n for n, one in enumerate(pack.rules) if isinstance(one.check, OnWording))

    def note(written: Written) -> Iterator[Hit]:
        heard.append(written.text)
        yield from ()

    rule = replace(pack.rules[place], check=OnWording(note))
    return replace(pack, rules=(*pack.rules[:place], rule, *pack.rules[place + 1 :]))


def test_a_rule_on_the_wording_is_asked_once_about_the_same() -> None:
    """Judged three times, at three hours of one day, a text is read once; by itself, each time."""
    heard: list[str] = []
    pack, action, facts = asked()
    pack = listening(pack, heard)
    readings = Readings()
    for hours in range(3):
        judge(pack, replace(action, at=action.at + timedelta(hours=hours)), facts, readings)
    assert [action.text] == heard

    judge(pack, action, facts)

    assert [action.text] * 2 == heard


OTHERWISE: dict[str, Callable[[Action, Facts], tuple[Action, Facts]]] = {
    "text": lambda action, facts: (replace(action, text="別の文"), facts),
    "account": lambda action, facts: (replace(action, account=replace(action.account, key="other")), facts),
    "day": lambda action, facts: (replace(action, at=action.at + timedelta(days=1)), facts),
    "written_on": lambda action, facts: (action, replace(facts, written_on=date(2026, 1, 5))),
    "planned_on": lambda action, facts: (replace(action, planned_at=action.at - timedelta(days=9)), facts),
    "city_contacts": lambda action, facts: (action, replace(facts, published_contacts=frozenset({"04-7167-1111"}))),
    "declared_contacts": lambda action, facts: (
        replace(action, emergency=EmergencyKind.FIRE, declared_contacts=frozenset({"04-7167-1111"})),
        facts,
    ),
}
"""By what a rule on the wording may look at: how another action has it otherwise."""


def test_everything_that_such_a_rule_may_look_at_is_told_apart() -> None:
    """What it is handed has no part that is left out when two are compared; those of the pack go with the pack."""
    assert {one.name for one in fields(Written)} == {*OTHERWISE, "pack_contacts"}
    assert all(one.compare and one.hash is None for one in fields(Written))


@pytest.mark.parametrize("part", OTHERWISE)
def test_what_is_written_otherwise_is_read_anew(part: str) -> None:
    """One part that is another makes it another reading."""
    heard: list[str] = []
    pack, action, facts = asked()
    pack = listening(pack, heard)
    readings = Readings()
    judge(pack, action, facts, readings)

    judge(pack, *OTHERWISE[part](action, facts), readings)

    assert len(heard) == len(readings) == 2


def test_two_packs_never_share_what_they_found() -> None:
    """The same text on the same account: a pack that a newer edition replaced leaves it nothing."""
    heard: list[str] = []
    pack, action, facts = asked()
    readings = Readings()
    judge(pack, action, facts, readings)

    judge(listening(pack, heard), action, facts, readings)

    assert [action.text] == heard


@pytest.mark.parametrize("name", shipped_packs())
def test_a_rule_on_the_wording_is_handed_nothing_but_that(name: str) -> None:
    """Asked about a case whose action, facts and pack are gone, it says the same: it never looks at them."""
    text = "検討中です。090-1234-5678、2026年12月5日(日)、明日、柏市柏5-10-1の山田様、○○店 192.168.0.1 "
    pack, action, facts = asked(text, pack=name)
    case = Case(pack=pack, action=action, facts=facts)
    bare: Any = object.__new__(Case)
    bare.written = written_in(pack, action, facts)
    said = 0
    for rule in pack.rules:
        if isinstance(rule.check, OnWording):
            hits = list(rule.check(case))
            said += len(hits)

            assert hits == list(rule.check(bare)), rule.id

    assert said or name == "kodaira"  # most of its document is about accounts


def test_no_more_are_kept_than_there_is_room_for() -> None:
    """The one that was asked about longest ago goes, whether there are too many or they are too long together."""
    heard: list[str] = []
    pack, action, facts = asked()
    pack = listening(pack, heard)
    readings = Readings(most=2, most_chars=20)
    for text in ("一", "二", "一", "三", "一", "二", "長" * 19, "大" * 21):
        judge(pack, replace(action, text=text), facts, readings)

    assert ["一", "二", "三", "二", "長" * 19, "大" * 21] == heard
    assert len(readings) == 0


def test_what_is_forgotten_is_nowhere() -> None:
    """Neither a reading is left nor the text in what policy keeps beside them."""
    readings = Readings()
    judge(*asked("090-1234-5678 山田太郎さん"), readings)
    read_known_notice("090-1234-5678 山田太郎さん")

    readings.forget()

    assert len(readings) == 0
    assert read_known_notice.cache_info().currsize == 0


def test_many_threads_read_the_same_texts_at_once() -> None:
    """Each gets every verdict as it is, while what is kept comes and goes."""
    readings = Readings(most=3)
    several = [asked(f"{number}月31日(月)の検討中の行事") for number in range(1, 9)]
    expected = [judge(*one) for one in several]
    wrong: list[int] = []

    def read() -> None:
        for _ in range(10):
            wrong.extend(n for n, one in enumerate(several) if judge(*one, readings) != expected[n])

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert len(readings) == 3
