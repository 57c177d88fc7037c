"""A city's rules change while they are in use: one manager proposes, another confirms, and then they hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from pack_texts import CLAUSE, SECOND_MANAGER, cities_with_two_managers, kashiwa, kashiwa_against, kashiwa_repeating
from town import CHIEF, CLERK, OPEN_TUESDAY, PR_CHIEF, build_town

from publisher.api import Change, PostState
from publisher.errors import ConfigurationError, Refusal
from publisher.store import audit, pack_changes, posts, tables
from publisher.store.rule_tables import pack_changes as table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from town import Town

    from publisher.api import Outcome

NEW_YEAR = date(2027, 1, 4)
NEW_YEAR_IN_JAPAN = datetime(2027, 1, 3, 15, 0, tzinfo=UTC)
"""4 January 2027, 0:00 in Japan: the offices' first open day of the year."""
TEN_ON_NEW_YEAR = NEW_YEAR_IN_JAPAN + timedelta(hours=10)
TODAY = date(2026, 12, 1)


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    town = build_town(tmp_path / "var", cities=cities_with_two_managers(tmp_path))
    town.heart.shelf.open(town.heart.database)
    yield town
    town.heart.database.close()


def propose(town: Town, text: str | None = None, day: date = NEW_YEAR, **more: Any) -> Outcome:
    """Propose a text for Kashiwa's pack."""
    values: dict[str, Any] = {"pack": "kashiwa", "source": "new.yaml", "reason": "第六版にするため"} | more
    act = values.pop("act", None) or town.act(PR_CHIEF)
    return town.services.pack_changes.propose(act, text=text or kashiwa_against(), in_force_on=day, **values)


def number_of(outcome: Outcome) -> int:
    """Return the number of the change."""
    return int(outcome.params["change"])


def confirm(town: Town, number: int, person: str = SECOND_MANAGER, **more: Any) -> Outcome:
    """Confirm a change after reading its replay."""
    seen = town.services.pack_changes.change("kashiwa", number).replay_sha256
    values: dict[str, Any] = {"note": "試算を確かめた", "seen": seen} | more
    return town.services.pack_changes.confirm(town.act(person), number=number, **values)


def change_in_force(town: Town, day: date = NEW_YEAR, text: str | None = None) -> int:
    """Propose and confirm a change."""
    number = number_of(propose(town, text, day))
    confirm(town, number)
    return number


def hashes_of(town: Town, number: str) -> set[str]:
    """Return by which texts the lines of a post's newest version were judged."""
    with town.heart.database.reading() as tx:
        post = posts.get(tx, "kashiwa", number)
        lines = posts.lines_of(tx, posts.version(tx, post.id, post.version).id)
    return {line.verdict["pack_sha256"] for line in lines if line.verdict}


def decision_of(town: Town, **changes: Any) -> str:
    """Return what the pack says of a new draft for the section's X account."""
    (pane,) = town.save(form=town.form(**changes)).panes
    return pane.decision


# ── from when on it holds ───────────────────────────────────────────────────────────────────────────


def test_the_first_start_takes_the_text_of_the_file_over(town: Town) -> None:
    """Both packs of the city, always in force, confirmed by the program itself, and in the trail."""
    found = {view.name: view for view in town.services.pack_changes.packs("kashiwa")}
    with town.heart.database.reading() as tx:
        kinds = list(tx.execute(sa.select(tables.audit.c.kind, tables.audit.c.who)).all())
        assert audit.verify(tx, "kashiwa") is None

    assert set(found) == {"kashiwa", "neutral"}
    assert found["kashiwa"].sha256 == pack_changes.digest_of(kashiwa())
    assert {(view.in_force_on, view.differs_from_file) for view in found.values()} == {(None, False)}
    assert kinds == [("pack_adopted", "system")] * 2


def test_a_second_start_takes_nothing_over(town: Town) -> None:
    """However often the program starts, and in however many processes."""
    town.heart.shelf.open(town.heart.database)
    with town.heart.database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 2


def test_a_confirmed_change_holds_from_midnight_in_japan(town: Town) -> None:
    """One second before 0:00 in Japan the old text holds, at 0:00 the new one."""
    change_in_force(town)
    with town.heart.database.reading() as tx:
        shelf = town.heart.shelf
        before = shelf.at(tx, "kashiwa", "kashiwa", NEW_YEAR_IN_JAPAN - timedelta(seconds=1))
        after = shelf.at(tx, "kashiwa", "kashiwa", NEW_YEAR_IN_JAPAN)

    assert "no_leaves" not in {rule.id for rule in before.rules}
    assert "no_leaves" in {rule.id for rule in after.rules}


def test_a_draft_is_judged_by_the_pack_of_the_day_on_which_it_will_go_out(town: Town) -> None:
    """Written in December for the fourth of January: the new rule blocks it at the desk; for December it does not."""
    change_in_force(town)

    assert decision_of(town, publish_at=TEN_ON_NEW_YEAR) == "block"
    assert decision_of(town, publish_at=OPEN_TUESDAY + timedelta(hours=2)) != "block"
    assert decision_of(town) != "block"


def test_a_change_for_today_holds_from_its_confirmation_on(town: Town) -> None:
    """Not from midnight, when nobody had confirmed it: what was judged before stays judged by the old text."""
    number = number_of(propose(town, day=TODAY))
    assert decision_of(town) != "block"
    town.wait(minutes=10)
    confirm(town, number)

    assert decision_of(town) == "block"
    with town.heart.database.reading() as tx:
        earlier = town.heart.shelf.at(tx, "kashiwa", "kashiwa", OPEN_TUESDAY + timedelta(minutes=9))
    assert "no_leaves" not in {rule.id for rule in earlier.rules}


def test_a_day_that_passes_before_the_confirmation_changes_nothing_backwards(town: Town) -> None:
    """Confirmed on 6 January for the fourth: it holds from the confirmation on."""
    number = number_of(propose(town))
    town.move(TEN_ON_NEW_YEAR + timedelta(days=2))
    confirm(town, number)

    assert town.services.pack_changes.change("kashiwa", number).begins_at == town.clock.now()


def test_of_two_changes_the_later_day_holds_whichever_was_confirmed_first(town: Town) -> None:
    """February's text was confirmed before January's: in January January's holds, from February on February's."""
    february = number_of(propose(town, kashiwa_against("梅"), date(2027, 2, 1)))
    confirm(town, february)
    january = number_of(propose(town, kashiwa_against("雪"), NEW_YEAR))
    assert town.services.pack_changes.change("kashiwa", january).ends_at == datetime(2027, 1, 31, 15, 0, tzinfo=UTC)
    confirm(town, january)

    town.move(TEN_ON_NEW_YEAR)
    assert (decision_of(town, text="雪です。"), decision_of(town, text="梅です。")) == ("block", "warn")
    town.move(TEN_ON_NEW_YEAR + timedelta(days=28))
    assert (decision_of(town, text="雪です。"), decision_of(town, text="梅です。")) == ("warn", "block")


def test_each_verdict_keeps_which_text_gave_it(town: Town) -> None:
    """The line's verdict has the hash of the text, before and after a change."""
    before = town.submit(form=town.form("桜が咲きました。"))
    change_in_force(town, TODAY)
    town.wait(minutes=1)
    after = town.submit(form=town.form("梅が咲きました。"))

    assert hashes_of(town, before) == {pack_changes.digest_of(kashiwa())}
    assert hashes_of(town, after) == {pack_changes.digest_of(kashiwa_against())}


# ── the file ────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_changes_changes_nothing_and_is_told(town: Town, tmp_path: Path) -> None:
    """The ledger's text stays in force over a restart; packs and health say so, and what to do."""
    own = tmp_path / "cities" / "kashiwa.pack.yaml"
    own.write_text(kashiwa_against(), "utf-8")
    again = build_town(tmp_path / "var", cities=tmp_path / "cities")
    again.heart.shelf.open(again.heart.database)
    pack = next(one for one in again.services.pack_changes.packs("kashiwa") if one.name == "kashiwa")
    health = {line.name: line for line in again.services.health.check()}

    assert decision_of(again) != "block"
    assert (pack.differs_from_file, pack.file) == (True, str(own))
    assert health["packs:kashiwa"].is_well
    assert "sns policy propose" in health["packs:kashiwa"].detail
    again.heart.database.close()


def test_a_stored_text_that_cannot_be_read_any_more_stops_the_start(town: Town) -> None:
    """A newer program that knows a key no more names the pack and the line; it never takes the file in its place."""
    text = kashiwa().replace("pack: kashiwa\n", "pack: kashiwa\nabolished: true\n", 1)
    with town.heart.database.transaction() as tx:
        tx.execute(
            sa.update(table).where(table.c.pack == "kashiwa").values(text=text, sha256=pack_changes.digest_of(text))
        )

    with pytest.raises(ConfigurationError) as stopped:
        town.heart.start()

    first, second = stopped.value.mistakes
    assert (first.code, first.params["pack"]) == ("stored_pack_unreadable", "kashiwa")
    assert (second.code, second.params["name"], second.path) == ("unknown_key", "abolished", "kashiwa/kashiwa")
    assert second.line == text.splitlines().index("abolished: true") + 1
    with pytest.raises(ConfigurationError):
        decision_of(town)


def test_an_unreadable_text_is_mended_by_a_change_of_its_own(town: Town) -> None:
    """Two managers put a readable text in its place, without a comparison; then the program starts again."""
    text = kashiwa().replace("pack: kashiwa\n", "pack: kashiwa\nabolished: true\n", 1)
    with town.heart.database.transaction() as tx:
        tx.execute(
            sa.update(table).where(table.c.pack == "kashiwa").values(text=text, sha256=pack_changes.digest_of(text))
        )
    town.save(form=town.form(accounts=("kashiwa_line",)))
    change = town.services.pack_changes.change("kashiwa", number_of(propose(town, day=TODAY)))
    assert not change.replay.is_base_readable
    confirm(town, change.number)
    town.wait(seconds=1)

    town.heart.shelf.open(town.heart.database)
    assert decision_of(town) == "block"


# ── two people ──────────────────────────────────────────────────────────────────────────────────────


def test_only_managers_propose_and_confirm(town: Town) -> None:
    """An approver is none; the refusal names those who are."""
    with pytest.raises(Refusal) as refused:
        propose(town, act=town.act(CHIEF))
    number = number_of(propose(town))
    with pytest.raises(Refusal, match="not_pack_manager"):
        confirm(town, number, CHIEF)
    with pytest.raises(Refusal, match="not_pack_manager"):
        town.services.pack_changes.refuse(town.act(CLERK), number=number, note="いや")

    assert refused.value.code == "not_pack_manager"
    assert refused.value.params["who"] == "広報広聴課長 高橋 健一、広報広聴課長 森 明"


def test_nobody_decides_on_a_change_of_his_own(town: Town) -> None:
    """Neither yes nor no; the refusal names who can."""
    number = number_of(propose(town))
    with pytest.raises(Refusal) as refused:
        confirm(town, number, PR_CHIEF)
    with pytest.raises(Refusal, match="own_change"):
        town.services.pack_changes.refuse(town.act(PR_CHIEF), number=number, note="取りやめ")

    assert (refused.value.code, refused.value.params["who"]) == ("own_change", "広報広聴課長 森 明")
    assert town.services.pack_changes.change("kashiwa", number).decision is None


def test_a_city_with_one_manager_hears_that_nobody_can_confirm(tmp_path: Path) -> None:
    """At the proposal already, and at the confirmation."""
    alone = build_town(tmp_path / "alone")
    outcome = propose(alone)
    with pytest.raises(Refusal, match="own_change_alone"):
        confirm(alone, number_of(outcome), PR_CHIEF)
    alone.heart.database.close()

    assert outcome.code == "change_proposed_alone"


@pytest.mark.parametrize("word", ["", "0" * 64])
def test_nothing_is_confirmed_without_its_replay(town: Town, word: str) -> None:
    """Whoever confirms names the digest of the replay that was shown."""
    number = number_of(propose(town))

    with pytest.raises(Refusal, match="replay_not_seen"):
        confirm(town, number, seen=word)


def test_both_reasons_are_needed(town: Town) -> None:
    """A proposal, a confirmation and a refusal each have one."""
    with pytest.raises(Refusal, match="note_missing"):
        propose(town, reason="　")
    number = number_of(propose(town))
    with pytest.raises(Refusal, match="note_missing"):
        confirm(town, number, note=" ")
    with pytest.raises(Refusal, match="note_missing"):
        town.services.pack_changes.refuse(town.act(SECOND_MANAGER), number=number, note="")


def test_what_is_decided_is_decided_once(town: Town) -> None:
    """A second word changes nothing and hears the first one; the same act done twice is one."""
    number = number_of(propose(town))
    act, seen = town.act(SECOND_MANAGER), town.services.pack_changes.change("kashiwa", number).replay_sha256
    desk = town.services.pack_changes
    first = desk.confirm(act, number=number, note="可", seen=seen)
    again = desk.confirm(act, number=number, note="可", seen=seen)
    other = desk.refuse(town.act(SECOND_MANAGER), number=number, note="不可")

    assert (first.code, again.code, again.is_repeat) == ("change_confirmed", "change_confirmed", True)
    assert (other.code, other.params["by"]) == ("change_confirmed_already", "広報広聴課長 森 明")


def test_a_refused_change_never_holds(town: Town) -> None:
    """It stays in the list with its reason; its proposer is told."""
    number = number_of(propose(town))
    town.notices()
    outcome = town.services.pack_changes.refuse(town.act(SECOND_MANAGER), number=number, note="時期尚早")
    town.move(TEN_ON_NEW_YEAR)
    (change,) = town.services.pack_changes.changes("kashiwa")

    assert outcome.code == "change_refused"
    assert (change.decision, change.note, change.decided_by) == ("refused", "時期尚早", "広報広聴課長 森 明")
    assert decision_of(town) != "block"
    assert ("answer", None, PR_CHIEF) in town.notices()


def test_the_trail_has_who_proposed_and_who_confirmed(town: Town) -> None:
    """With the hash of the text and of the replay, and the reasons; and it proves its own integrity."""
    number = change_in_force(town)
    with town.heart.database.reading() as tx:
        kinds = ("pack_change_proposed", "pack_change_confirmed")
        rows = [row for kind in kinds for row in audit.of_kind(tx, "kashiwa", kind)]
        assert audit.verify(tx, "kashiwa") is None
    told = [(row.kind, row.who, row.note, row.facts["sha256"]) for row in rows]

    assert told == [
        ("pack_change_proposed", PR_CHIEF, "第六版にするため", pack_changes.digest_of(kashiwa_against())),
        ("pack_change_confirmed", SECOND_MANAGER, "試算を確かめた", pack_changes.digest_of(kashiwa_against())),
    ]
    assert rows[1].facts["seen"] == town.services.pack_changes.change("kashiwa", number).replay_sha256


# ── what is refused at the desk ─────────────────────────────────────────────────────────────────────


def test_a_text_with_mistakes_is_refused_with_all_their_lines(town: Town) -> None:
    """Two misspelt keys: two mistakes, each with its line; nothing is stored."""
    text = kashiwa_against().replace("own_choice: {words: [紅葉]}", "own_choise: {words: [紅葉]}")
    text = text.replace("pack: kashiwa\n", "pack: kashiwa\nabolished: true\n", 1)
    with pytest.raises(ConfigurationError) as refused:
        propose(town, text)

    lines = text.splitlines()
    expected = {
        (n, word) for n, line in enumerate(lines, 1) for word in ("abolished", "own_choise") if f"{word}: " in line
    }
    found = {(one.line, one.params.get("name")) for one in refused.value.mistakes if one.code == "unknown_key"}
    assert expected == found
    assert all(one.path == "new.yaml" for one in refused.value.mistakes)
    assert town.services.pack_changes.changes("kashiwa") == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": kashiwa()}, "pack_unchanged"),
        ({"day": date(2026, 11, 30)}, "in_force_past"),
        ({"pack": "chikuma"}, "pack_unknown"),
        ({"pack": "neutral"}, "pack_other"),
    ],
)
def test_what_makes_no_sense_is_refused(town: Town, more: dict[str, Any], code: str) -> None:
    """The same text, a day that has passed, a pack that the city does not use, one pack in another's place."""
    with pytest.raises(Refusal, match=code):
        propose(town, **more)


def test_a_change_whose_ground_moved_is_proposed_anew(town: Town) -> None:
    """Its replay was made against a text that does not hold on that day any more: it would undo the other."""
    late = number_of(propose(town, kashiwa_against("梅"), date(2027, 2, 1)))
    change_in_force(town)

    with pytest.raises(Refusal, match="pack_base_changed"):
        confirm(town, late)


# ── posts that are approved already ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("effect", "code"), [("block", "policy_blocks"), ("escalate", "policy_escalates")])
def test_what_was_approved_under_the_old_pack_is_stopped_by_the_new_one(town: Town, effect: str, code: str) -> None:
    """Approved in December for January: the last check asks the new pack, nothing goes out, people read the clause."""
    number = town.submit(form=town.form(publish_at=TEN_ON_NEW_YEAR))
    town.decide(CHIEF, number)
    change_in_force(town, text=kashiwa_against(effect=effect))
    town.move(TEN_ON_NEW_YEAR)
    town.send()

    line = next(one for one in town.card(number).deliveries if one.kind == "publish")
    assert (line.state, line.sent_at) == ("asked", None)
    assert line.problem is not None
    assert (line.problem.code, line.problem.params["section"]) == (code, "2(4)キ")
    assert ("ask", number, None) in town.notices()


def test_what_goes_out_before_the_day_is_not_touched(town: Town) -> None:
    """Approved for 31 December at 10:00 under the old text: sent."""
    when = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
    number = town.submit(form=town.form(publish_at=when))
    town.decide(CHIEF, number)
    outcome = confirm(town, number_of(propose(town)))
    town.move(when)
    town.send()

    assert outcome.code == "change_confirmed"
    assert town.states(number)["kashiwa_koen", "publish"] == "sent"


def test_people_of_approved_posts_hear_at_once_that_theirs_will_be_stopped(town: Town) -> None:
    """Author and approver, with the clause, a month ahead; of a post that the change lets go nobody hears."""
    stopped = town.submit(form=town.form(publish_at=TEN_ON_NEW_YEAR))
    let_go = town.submit(form=town.form("梅が咲きました。", publish_at=TEN_ON_NEW_YEAR + timedelta(hours=1)))
    for number in (stopped, let_go):
        town.decide(CHIEF, number)
    change = number_of(propose(town))
    town.notices()
    outcome = confirm(town, change)
    claimed = town.services.notices.claim(limit=50)
    told = {(one.number, one.person): one.params for one in claimed if one.params.get("code") == "change_stops_post"}

    assert (outcome.code, outcome.params["stopped"]) == ("change_confirmed_stopping", stopped)
    assert set(told) == {(stopped, CLERK), (stopped, CHIEF)}
    assert told[stopped, CLERK]["section"] == "2(4)キ"
    assert told[stopped, CLERK]["change"] == change
    assert town.card(stopped).state is PostState.APPROVED


def test_nobody_is_told_twice_of_the_same_post(town: Town) -> None:
    """January's change stops it already; February's, which keeps that rule, says nothing new of it."""
    number = town.submit(form=town.form(publish_at=TEN_ON_NEW_YEAR + timedelta(days=35)))
    town.decide(CHIEF, number)
    january = confirm(town, number_of(propose(town)))
    february = confirm(town, number_of(propose(town, f"# 第七版\n{kashiwa_against()}", date(2027, 2, 1))))

    assert (january.code, february.code) == ("change_confirmed_stopping", "change_confirmed")


def test_what_a_manager_consented_to_is_not_called_stopped(town: Town) -> None:
    """The changed pack asks for the manager's consent, and the post has it with a reason already."""
    form = town.form(accounts=("kashiwa_shi",), section="koho", publish_at=TEN_ON_NEW_YEAR)
    number = town.submit("koho_suzuki", form)
    town.decide(PR_CHIEF, number, note="時季の案内として必要")

    assert confirm(town, number_of(propose(town, kashiwa_against(effect="escalate")))).code == "change_confirmed"


# ── the replay ──────────────────────────────────────────────────────────────────────────────────────


def test_the_replay_names_each_post_that_the_change_would_stop(town: Town) -> None:
    """Two posts went out; one has the word: its number, account, decisions, rule, clause and sentence."""
    leaves = town.submit(form=town.form("紅葉が見頃です。"))
    plum = town.submit(form=town.form("梅が咲きました。"))
    for number in (leaves, plum):
        town.decide(CHIEF, number)
    town.send()
    town.wait(days=3)
    since = OPEN_TUESDAY - timedelta(days=1)
    replay = town.services.pack_changes.replay("kashiwa", text=kashiwa_against(), source="new.yaml", since=since)

    (found,) = replay.differences
    assert (replay.posts, replay.verdicts, replay.differing) == (2, 4, 1)  # each with its repost
    assert (found.number, found.account, found.account_name) == (leaves, "kashiwa_koen", "公園緑地課X")
    assert (found.change, found.new, found.rule, found.clauses) == (Change.DECISION, "block", "no_leaves", (CLAUSE,))
    assert found.places[0].ja.endswith("2(4)キ")
    assert found.message.ja == "紅葉のことは書けません「紅葉」。"


def test_the_replay_of_the_same_text_differs_nowhere(town: Town) -> None:
    """The rebuilt question gives each pack the same facts: what is the same answers the same."""
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()
    replay = town.services.pack_changes.replay("kashiwa", text=kashiwa(), source="same.yaml", since=OPEN_TUESDAY)

    assert (replay.verdicts, replay.differing) == (2, 0)


def test_reposts_are_replayed_too(town: Town) -> None:
    """The official account's repost of the section's post, under a rule that forbids reposts."""
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()
    text = kashiwa_against(word="紅葉").replace("applies: {actions: [publish]}", "applies: {actions: [repost]}", 1)
    replay = town.services.pack_changes.replay("kashiwa", text=text, source="new.yaml", since=OPEN_TUESDAY)

    assert [(one.number, one.account, one.is_repost) for one in replay.differences] == [(number, "kashiwa_shi", True)]


def test_the_replay_judges_by_what_was_known_then(town: Town) -> None:
    """Of two alike posts the first had none before it, and the second the first, however long ago that was."""
    for _ in range(2):
        number = town.submit(form=town.form("図書館は休館です。"))
        town.decide(CHIEF, number)
        town.send()
        town.wait(hours=1)
    town.wait(days=60)
    replay = town.services.pack_changes.replay(
        "kashiwa", text=kashiwa_repeating(), source="new.yaml", since=OPEN_TUESDAY
    )

    assert {(one.number, one.rule) for one in replay.differences} == {(number, "repeats")}


def test_the_replay_counts_the_consents_of_then(town: Town) -> None:
    """What needs the manager's consent by the changed pack has it where the manager approved with a reason."""
    numbers = []
    for note in ("", "時季の案内として必要"):
        form = town.form(accounts=("kashiwa_shi",), section="koho")
        numbers.append(town.submit("koho_suzuki", form))
        town.decide(PR_CHIEF, numbers[-1], note=note)
        town.send()
        town.wait(hours=1)
    replay = town.services.pack_changes.replay(
        "kashiwa", text=kashiwa_against(effect="escalate"), source="new.yaml", since=OPEN_TUESDAY
    )

    assert [(one.number, one.new) for one in replay.differences] == [(numbers[0], "escalate")]


def test_what_was_stopped_before_it_went_out_is_not_replayed(town: Town) -> None:
    """Approved for tomorrow, and cancelled: it is no past post."""
    number = town.submit(form=town.form(publish_at=OPEN_TUESDAY + timedelta(days=1)))
    town.decide(CHIEF, number)
    town.services.deciding.cancel(town.act(CLERK), number=number)
    replay = town.services.pack_changes.replay("kashiwa", text=kashiwa_against(), source="new.yaml", since=OPEN_TUESDAY)

    assert (replay.posts, replay.differing) == (0, 0)


def test_a_replay_changes_nothing(town: Town) -> None:
    """No row, no notice, no event."""
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()
    town.notices()
    before = counts_of(town)
    town.services.pack_changes.replay("kashiwa", text=kashiwa_against(), source="new.yaml", since=OPEN_TUESDAY)

    assert before == counts_of(town)


def counts_of(town: Town) -> dict[str, int]:
    """Count the rows of every table."""
    with town.heart.database.reading() as tx:
        return {
            one.name: tx.execute(sa.select(sa.func.count()).select_from(one)).scalar_one()
            for one in tables.metadata.sorted_tables
        }


def test_a_proposal_keeps_its_replay_over_ninety_days(town: Town) -> None:
    """Of posts 80 and 100 days old one counts; the digest names what is stored."""
    old = town.submit(form=town.form("紅葉の季節です。"))
    town.decide(CHIEF, old)
    town.send()
    town.wait(days=20)
    newer = town.submit(form=town.form("紅葉が見頃です。"))
    town.decide(CHIEF, newer)
    town.send()
    town.wait(days=80)
    change = town.services.pack_changes.change("kashiwa", number_of(propose(town, day=date(2027, 4, 1))))

    assert [one.number for one in change.replay.differences] == [newer]
    assert len(change.replay_sha256) == 64


# ── two processes ───────────────────────────────────────────────────────────────────────────────────


def test_another_process_judges_by_the_change_without_being_told(
    town: Town, tmp_path: Path, make_town: Callable[..., Town]
) -> None:
    """A worker that was running before the confirmation asks the ledger, not its memory."""
    other = make_town(cities=tmp_path / "cities")
    other._keys = count(1000)  # acts of its own
    assert decision_of(other) != "block"
    change_in_force(town, TODAY)
    other.wait(minutes=1)

    assert decision_of(other) == "block"
