"""Pass phrases of people who act outside Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from town import CHIEF, CLERK, changed_cities

from publisher.errors import Refusal
from publisher.passphrases import Cost, PassphraseDesk
from publisher.store import audit, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

PHRASE = "手賀沼の白鳥は今年も来ましたか"
OTHER = "紅葉は十一月の終わりごろです。"


@pytest.fixture
def phrases(town: Town) -> PassphraseDesk:
    """The desk with tries that cost little; the clerk has a pass phrase."""
    return desk_of(town)


def desk_of(town: Town) -> PassphraseDesk:
    """Build the desk and set the clerk's pass phrase."""
    built = PassphraseDesk(town.heart.passphrases._desk, cost=Cost(ln=4, r=1, p=1))
    built.set(town.act("cli"), person=CLERK, new=PHRASE)
    return built


def refusal_of(phrases: PassphraseDesk, given: str, person: str = CLERK) -> Refusal:
    """Return why a pass phrase is not taken."""
    with pytest.raises(Refusal) as caught:
        phrases.check("kashiwa", person, given)
    return caught.value


def trail(town: Town) -> list[tuple[str, str]]:
    """Return (who, what) of the whole audit trail."""
    with town.heart.database.reading() as tx:
        assert audit.verify(tx, "kashiwa") is None
        rows = tx.execute(sa.select(tables.audit.c.who, tables.audit.c.kind).order_by(tables.audit.c.seq))
        return [(row.who, row.kind) for row in rows]


def test_the_right_phrase_opens_and_a_wrong_one_does_not(phrases: PassphraseDesk) -> None:
    """A wrong one says how many tries are left."""
    phrases.check("kashiwa", CLERK, PHRASE)
    wrong = refusal_of(phrases, OTHER)

    assert ("passphrase_wrong", 4) == (wrong.code, wrong.params["left"])


def test_five_failures_lock_it_for_fifteen_minutes(town: Town, phrases: PassphraseDesk) -> None:
    """Locked, even the right one is refused; after 15 minutes it opens again, and the count begins anew."""
    codes = [refusal_of(phrases, OTHER).code for _ in range(5)]
    town.wait(minutes=14, seconds=59)
    while_locked = refusal_of(phrases, PHRASE)
    town.wait(seconds=1)
    phrases.check("kashiwa", CLERK, PHRASE)

    assert ["passphrase_wrong"] * 4 + ["passphrase_locked"] == codes
    assert while_locked.code == "passphrase_locked"
    assert while_locked.params["until"] == town.clock.now().isoformat()
    assert refusal_of(phrases, OTHER).params["left"] == 4


def test_a_success_forgets_the_failures_before(phrases: PassphraseDesk) -> None:
    """Four slips over a year lock nobody out."""
    for _ in range(4):
        refusal_of(phrases, OTHER)
    phrases.check("kashiwa", CLERK, PHRASE)

    assert refusal_of(phrases, OTHER).params["left"] == 4


def test_failures_and_settings_stand_in_the_trail_and_the_person_hears_of_them(
    town: Town, phrases: PassphraseDesk
) -> None:
    """Whoever did not do it learns that somebody did."""
    for _ in range(5):
        refusal_of(phrases, OTHER)

    failed = [(CLERK, "passphrase_failed")] * 4
    assert [("cli", "passphrase_set"), *failed, (CLERK, "passphrase_locked")] == trail(town)
    assert [("answer", None, CLERK), ("answer", None, CLERK)] == town.notices()


def test_the_old_one_is_asked_and_then_opens_nothing(town: Town, phrases: PassphraseDesk) -> None:
    """Changed with the old one: from then on the new one alone."""
    with pytest.raises(Refusal, match="passphrase_wrong"):
        phrases.change(town.act(CLERK), person=CLERK, old=OTHER, new=OTHER)
    phrases.change(town.act(CLERK), person=CLERK, old=PHRASE, new=OTHER)

    assert refusal_of(phrases, PHRASE).code == "passphrase_wrong"
    phrases.check("kashiwa", CLERK, OTHER)


def test_a_first_one_is_not_put_over_another(town: Town, phrases: PassphraseDesk) -> None:
    """Without the old one it takes a reset, which is recorded as one and ends a lock."""
    with pytest.raises(Refusal, match="passphrase_is_set"):
        phrases.set(town.act("cli"), person=CLERK, new=OTHER)
    for _ in range(5):
        refusal_of(phrases, OTHER)
    phrases.set(town.act("cli"), person=CLERK, new=OTHER, is_reset=True)
    phrases.check("kashiwa", CLERK, OTHER)

    said = tables.audit_content
    with town.heart.database.reading() as tx:
        last = tx.execute(sa.select(said.c.facts).order_by(said.c.seq.desc()).limit(1)).scalar_one()
    assert {"person": CLERK, "how": "reset"} == last


@pytest.mark.parametrize(
    ("phrase", "is_taken"), [("十四字のことばは短すぎる", False), ("a" * 14, False), ("a" * 15, True)]
)
def test_fifteen_characters_are_the_least(town: Town, phrase: str, is_taken: bool) -> None:  # noqa: FBT001 - a column
    """NIST SP 800-63B-4, 3.1.1.2: a secret that stands alone has 15 characters or more."""
    phrases = desk_of(town)
    if is_taken:
        assert phrases.set(town.act("cli"), person=CHIEF, new=phrase).code == "passphrase_set"
        return
    with pytest.raises(Refusal, match="passphrase_short"):
        phrases.set(town.act("cli"), person=CHIEF, new=phrase)


def test_who_has_none_and_who_is_nobody_are_told_so(phrases: PassphraseDesk) -> None:
    """The refusal names the person, so that a slip in the key is seen."""
    assert ("passphrase_not_set", CHIEF) == (
        (none := refusal_of(phrases, PHRASE, CHIEF)).code,
        none.params["person"],
    )
    assert refusal_of(phrases, PHRASE, "koen_tanak").code == "no_such_person"


def test_who_left_acts_no_more(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """The day after the last one the right phrase opens nothing."""
    held = "- {position: koen_clerk, from: 2024-04-01}"
    town = make_town(
        cities=changed_cities(tmp_path, held, "- {position: koen_clerk, from: 2024-04-01, to: 2026-12-01}")
    )
    phrases = desk_of(town)
    phrases.check("kashiwa", CLERK, PHRASE)
    town.wait(days=1)

    assert refusal_of(phrases, PHRASE).code == "no_position_today"


def test_an_act_done_again_changes_nothing(town: Town, phrases: PassphraseDesk) -> None:
    """A repeated act gets its first outcome."""
    act = town.act("cli")
    first = phrases.set(act, person=CHIEF, new=PHRASE)
    again = phrases.set(act, person=CHIEF, new=OTHER)

    assert (False, True) == (first.is_repeat, again.is_repeat)
    phrases.check("kashiwa", CHIEF, PHRASE)


def test_a_lock_is_not_slipped_under_by_trying_at_once(town: Town, phrases: PassphraseDesk) -> None:
    """What was worked out before the lock fell is refused after it: the count stands in the transaction."""
    for _ in range(4):
        refusal_of(phrases, OTHER)
    desk = town.heart.passphrases._desk
    with desk.database.transaction() as tx:
        stored = tx.execute(sa.text("SELECT hash FROM passphrases")).scalar_one()
        locked = phrases._count(tx, "kashiwa", CLERK, is_right=False, against=stored)
        late = phrases._count(tx, "kashiwa", CLERK, is_right=True, against=stored)

    assert ["passphrase_locked", "passphrase_locked"] == [each.code for each in (locked, late) if each is not None]
