"""Personal data was published by mistake: two people have it erased, and the trail holds."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pack_texts import SECOND_MANAGER, cities_with_two_managers
from PIL import Image
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, CLERK, DUTY, PR_CHIEF, build_town

from platforms.port import Message, Plan
from policy.written import Written
from publisher.api import NEW_EVENT, Decision, EventOrder, MediaChoice, NoticeKind, OverrideOrder
from publisher.errors import Refusal
from publisher.store import audit, guard_tables, links, mails, notices, posts, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from town import Town

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

NAME = "山田花子"
"""What should never have been written."""


@pytest.fixture(name="town")
def _town(tmp_path: Path, store_url: str) -> Iterator[Town]:
    cities = cities_with_two_managers(tmp_path)
    town = build_town(tmp_path / "var", cities=cities, SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


def picture(town: Town, tmp_path: Path, colour: int = 0) -> MediaChoice:
    """Take a picture into the store."""
    path = tmp_path / f"{colour}.png"
    Image.new("RGB", (40, 40), (colour, 120, 40)).save(path)
    view = town.services.drafting.add_media("kashiwa", path, f"{NAME}.png")
    return MediaChoice(sha256=view.sha256, alt=f"{NAME}さんと紅葉")


def publish(town: Town, *media: MediaChoice, text: str = f"{NAME}さんの投稿です。") -> str:
    """Have a post returned with a reason, mended, approved and sent."""
    form = town.form(text, media=media)
    number = town.submit(form=form)
    town.decide(CHIEF, number, Decision.RETURN, note=f"{NAME}さんの了解は")
    review = town.services.drafting.save(town.act(CLERK), form, number=number, version=1)
    town.hand_in(review)
    town.decide(CHIEF, number, note=f"{NAME}さんの同意書を確かめた")
    town.send()
    return number


def propose(town: Town, number: str, *, reason: str = "personal_data", person: str = PR_CHIEF) -> str:
    """Read the list and propose; return the proposal's id."""
    erasing = town.heart.erasing
    seen = erasing.listing("kashiwa", number=number).digest
    made = erasing.propose(town.act(person), number=number, reason=reason, note="氏名を誤って掲載した", seen=seen)
    return str(made.params["erasure"])


def confirm(town: Town, number: str, person: str = SECOND_MANAGER) -> Any:
    """Read the list and confirm."""
    seen = town.heart.erasing.listing("kashiwa", number=number).digest
    return town.heart.erasing.confirm(town.act(person), erasure=number, seen=seen)


def refused(act: Any, *args: Any, **more: Any) -> str:
    """Return with which code an act is refused."""
    with pytest.raises(Refusal) as caught:
        act(*args, **more)
    return caught.value.code


def whole_database(town: Town) -> str:
    """Return everything that any table holds, as one text."""
    with town.heart.database.reading() as tx:
        return "\n".join(
            str(tuple(row)) for table in tables.metadata.sorted_tables for row in tx.execute(sa.select(table))
        )


def test_what_two_people_erase_is_nowhere_in_the_database_and_the_trail_holds(town: Town, tmp_path: Path) -> None:
    """Texts, words, alt texts and files go, with what the record says; states, times, receipts and digests stay."""
    shot = picture(town, tmp_path)
    number = publish(town, shot)
    before = town.card(number)
    assert town.heart.media.path_of(shot.sha256) is not None
    assert NAME in whole_database(town)
    propose(town, number)
    told = confirm(town, number)

    after = town.card(number)
    assert (told.code, told.params["files"]) == ("erasure_confirmed", 1)
    assert NAME not in whole_database(town)
    assert town.heart.media.path_of(shot.sha256) is None
    assert town.heart.auditing.verify("kashiwa").broken is None
    assert [(one.state, one.sent_at, one.url) for one in after.deliveries] == [
        (one.state, one.sent_at, one.url) for one in before.deliveries
    ]
    assert after.state == before.state == "closed"
    assert after.erased is not None
    assert after.erased.by == ("広報広聴課長 高橋 健一", "広報広聴課長 森 明")
    assert (after.form.text, after.panes, after.media) == ("", (), ())
    lost = [line.code for line in after.history if line.is_erased]
    assert "returned" in lost
    assert [line.code for line in after.history][-2:] == ["erasure_proposed", "erasure_confirmed"]
    assert {line.note for line in after.history if line.code == "erasure_proposed"} == {"氏名を誤って掲載した"}


def planned(text: str) -> int:
    """Count the messages, plans and readings in this process's memory that hold a text."""
    gc.collect()
    return sum(1 for one in gc.get_objects() if isinstance(one, (Message, Plan, Written)) and text in repr(one))


def test_what_is_erased_leaves_the_memory_of_the_process_too(town: Town) -> None:
    """A text that was planned and judged is kept for the next time: once it is erased, nothing of that holds it."""
    text = f"{NAME}さんの記事 {uuid4()}"
    number = publish(town, text=text)
    assert planned(text) > 0
    propose(town, number)
    assert planned(text) > 0

    confirm(town, number)

    assert planned(text) == 0


def test_a_text_that_another_process_erased_is_forgotten_at_the_next_look(
    town: Town, tmp_path: Path, store_url: str
) -> None:
    """Each process looks whether anything was erased: until then it keeps what it planned and judged, then nothing."""
    text = f"{NAME}さんの記事 {uuid4()}"
    other = build_town(tmp_path / "other", cities=tmp_path / "cities", SNS_DATABASE_URL=store_url)
    try:
        town.heart.erasing.forget_erased()
        number = publish(town, text=text)
        town.heart.erasing.forget_erased()
        assert planned(text) > 0
        propose(town, number)
        erasing = other.heart.erasing
        seen = erasing.listing("kashiwa", number=number).digest
        erasing.confirm(other.act(SECOND_MANAGER, key="there"), erasure=number, seen=seen)
        assert planned(text) > 0

        town.heart.erasing.forget_erased()

        assert planned(text) == 0
    finally:
        other.heart.database.close()


def test_what_was_told_and_answered_goes_too(town: Town) -> None:
    """Answers to acts and notices about the post keep their codes and lose what they said; the decision's own stay."""
    number = publish(town)
    propose(town, number)
    confirm(town, number)
    with town.heart.database.reading() as tx:
        answers = [one for one in tx.execute(sa.select(tables.acts.c.outcome)).scalars() if one["number"] == number]
        told = tx.execute(sa.select(tables.notices.c.kind, tables.notices.c.params, tables.notices.c.done_at)).all()
    assert {one["code"] for one in answers if one["params"]} == {"erasure_confirmed"}
    assert {"submitted", "returned", "approved"} <= {one["code"] for one in answers}
    assert {row.kind for row in told if row.params} == {"answer"}
    assert [row.kind for row in told if row.done_at is None and row.kind != "answer"] == ["card"]


def test_what_was_known_of_its_addresses_goes_too(town: Town) -> None:
    """An address can say more than the text: it is nowhere any more, and another post's stays."""
    secret, other = "https://www.city.kashiwa.example/himitsu", "https://www.city.kashiwa.example/koen"
    number = publish(town, text=f"{NAME}さんの投稿です。{secret}")
    with town.heart.database.transaction() as tx:
        assert [True, True] == [links.claim(tx, url, None) for url in (secret, other)]
    propose(town, number)
    confirm(town, number)

    assert "himitsu" not in whole_database(town)
    with town.heart.database.reading() as tx:
        assert [other] == list(links.known(tx, [secret, other]))


def test_no_mail_about_an_erased_post_leaves_any_more(town: Town) -> None:
    """Whoever has no Slack was to hear of its deletion by e-mail: what that said is gone, so nothing is sent."""
    number = publish(town)
    with town.heart.database.transaction() as tx:
        post = posts.get(tx, "kashiwa", number)
        notices.add(tx, city="kashiwa", kind=NoticeKind.ANSWER, post_id=post.id, params={"code": "deletion_told"})
    with town.heart.database.transaction() as tx:
        mine = sa.select(tables.notices.c.id).where(tables.notices.c.params["code"].as_string() == "deletion_told")
        mails.hand_over(tx, tx.execute(mine).scalar_one(), city="kashiwa", people=[PR_CHIEF], is_alone=True)
        assert 1 == mails.state(tx).waiting
    propose(town, number)
    confirm(town, number)

    with town.heart.database.reading() as tx:
        assert 0 == mails.state(tx).waiting


def test_both_read_exactly_what_goes(town: Town, tmp_path: Path) -> None:
    """The list counts each kind, names the files, and points at what is public still."""
    number = publish(town, picture(town, tmp_path))
    found = town.heart.erasing.listing("kashiwa", number=number)
    counts = {item.kind: item.count for item in found.items}
    assert (counts["texts"], counts["files"], counts["alts"], counts["words"]) == (2, 1, 2, 2)
    assert next(item.names for item in found.items if item.kind == "files") == (f"{NAME}.png",)
    assert [name for name, _ in found.public] == ["公園緑地課X"]


def test_nobody_decides_on_another_list_than_was_read(town: Town) -> None:
    """What came in between has to be read first."""
    number = publish(town)
    erasing = town.heart.erasing
    old = erasing.listing("kashiwa", number=number).digest
    erasure = propose(town, number)
    assert refused(erasing.confirm, town.act(SECOND_MANAGER), erasure=erasure, seen="0" * 64) == "erasure_not_seen"
    delivery = town.card(number).deliveries[0].id
    with town.heart.database.transaction() as tx:
        row = {"id": tx.new_id(), "city": "kashiwa", "delivery_id": delivery, "taken_at": tx.now, "taken_by": CLERK}
        row |= {"text": f"{NAME}さん", "media": [], "figures": {"likes": 3}, "shown_text": f"{NAME}さん"}
        tx.execute(sa.insert(guard_tables.evidence).values(**row))
    assert refused(erasing.confirm, town.act(SECOND_MANAGER), erasure=erasure, seen=old) == "erasure_not_seen"
    assert NAME in whole_database(town)
    confirm(town, number)
    with town.heart.database.reading() as tx:
        table = guard_tables.evidence
        kept = tx.execute(sa.select(table.c.text, table.c.shown_text, table.c.figures)).one()
    assert tuple(kept) == ("", "", {"likes": 3})


def test_it_takes_two_and_the_second_is_another(town: Town) -> None:
    """A manager proposes; neither he nor somebody without that office decides."""
    number = publish(town)
    erasing = town.heart.erasing
    seen = erasing.listing("kashiwa", number=number).digest
    order = {"number": number, "reason": "personal_data", "note": "誤掲載", "seen": seen}
    assert refused(erasing.propose, town.act(CHIEF), **order) == "manager_only"
    propose(town, number)
    seen = erasing.listing("kashiwa", number=number).digest
    assert refused(erasing.confirm, town.act(PR_CHIEF), erasure=number, seen=seen) == "own_erasure"
    assert refused(erasing.refuse, town.act(PR_CHIEF), erasure=number, note="x") == "own_erasure"
    assert refused(erasing.confirm, town.act(CHIEF), erasure=number, seen=seen) == "not_eraser"
    assert refused(erasing.propose, town.act(SECOND_MANAGER), **order) == "erasure_open_already"


def test_a_refused_proposal_erases_nothing_and_may_be_made_again(town: Town) -> None:
    """The other one says no with a reason; the first hears it; later it can be proposed anew."""
    number = publish(town)
    erasure = propose(town, number)
    town.notices()
    told = town.heart.erasing.refuse(town.act(SECOND_MANAGER), erasure=erasure, note="本人の同意があった")
    assert told.code == "erasure_refused"
    assert NAME in whole_database(town)
    assert ("answer", None, PR_CHIEF) in town.notices()
    assert refused(town.heart.erasing.find, "kashiwa", erasure=erasure) == "no_such_erasure"
    assert propose(town, number) != erasure


def test_what_may_still_go_out_is_not_erased(town: Town) -> None:
    """A post whose deliveries have not ended is cancelled first; then it may be erased."""
    later = town.form(f"{NAME}さんの投稿です。", publish_at=town.clock.now() + timedelta(days=2))
    number = town.submit(form=later)
    erasing = town.heart.erasing

    def attempt() -> str:
        seen = erasing.listing("kashiwa", number=number).digest
        order = {"number": number, "reason": "personal_data", "note": "誤掲載", "seen": seen}
        return refused(erasing.propose, town.act(PR_CHIEF), **order)

    assert attempt() == "post_not_ended"
    town.decide(CHIEF, number, note=f"{NAME}さんの同意書を確かめた")
    assert attempt() == "deliveries_not_ended"
    town.services.deciding.cancel(town.act(PR_CHIEF), number=number, reason=f"{NAME}さんの件")
    propose(town, number)
    confirm(town, number)
    assert NAME not in whole_database(town)


def test_a_file_that_another_post_uses_stays(town: Town, tmp_path: Path) -> None:
    """Shared pictures go with the last post that uses them."""
    shot = picture(town, tmp_path)
    first, second = publish(town, shot), publish(town, shot, text="別の投稿です。")
    found = town.heart.erasing.listing("kashiwa", number=first)
    assert {item.kind for item in found.items} >= {"shared_files"}
    assert not [item for item in found.items if item.kind == "files"]
    propose(town, first)
    confirm(town, first)
    assert town.heart.media.path_of(shot.sha256) is not None
    assert [view.sha256 for view in town.card(second).media] == [shot.sha256]
    propose(town, second)
    confirm(town, second)
    assert town.heart.media.path_of(shot.sha256) is None


def test_a_file_left_behind_by_a_crash_is_found_again(town: Town, tmp_path: Path) -> None:
    """What the process could not remove any more is removed at the next start."""
    shot = picture(town, tmp_path)
    kept = town.heart.media.path_of(shot.sha256)
    assert kept is not None
    number = publish(town, shot)
    content = kept.read_bytes()
    propose(town, number)
    confirm(town, number)
    kept.write_bytes(content)
    assert town.heart.erasing.remove_files("kashiwa") == 1
    assert not kept.exists()


def test_an_act_done_again_erases_once(town: Town) -> None:
    """A repeated confirmation gets its first outcome, and there is one event of it."""
    number = publish(town)
    erasure = propose(town, number)
    act = town.act(SECOND_MANAGER)
    seen = town.heart.erasing.listing("kashiwa", number=number).digest
    first = town.heart.erasing.confirm(act, erasure=erasure, seen=seen)
    again = town.heart.erasing.confirm(act, erasure=erasure, seen=seen)
    assert (first.code, again.code, again.is_repeat) == ("erasure_confirmed", "erasure_confirmed", True)
    with town.heart.database.reading() as tx:
        assert len(audit.of_kind(tx, "kashiwa", audit.ERASURE_CONFIRMED)) == 1
    assert refused(town.heart.erasing.listing, "kashiwa", number=number) == "erased_already"


def test_an_erased_text_is_no_earlier_post_any_more(town: Town) -> None:
    """What processes keep in memory to find repeats forgets it too."""
    text = "手賀沼公園の紅葉が見頃を迎えました。ぜひお越しください。"
    number = publish(town, text=text)
    town.wait(hours=1)

    def earlier() -> int:
        now = town.clock.now()
        with town.heart.database.reading() as tx:
            known = town.heart.earlier.before(tx, "kashiwa", "kashiwa_koen", "x", at=now, but_post=None)
            assert known.past is not None
            return len(known.past.like(text, since=now - timedelta(days=1), until=now, similarity=90))

    assert earlier() == 1
    propose(town, number)
    confirm(town, number)
    assert earlier() == 0


def test_without_a_time_in_the_city_file_nothing_is_due(town: Town) -> None:
    """`retention_days` is the city's own choice; without it that reason is refused."""
    number = publish(town)
    assert town.heart.erasing.due("kashiwa") == []
    seen = town.heart.erasing.listing("kashiwa", number=number).digest
    order = {"number": number, "reason": "retention", "note": "満了", "seen": seen}
    assert refused(town.heart.erasing.propose, town.act(PR_CHIEF), **order) == "retention_not_set"


def test_a_post_is_due_when_its_time_has_ended(tmp_path: Path, store_url: str) -> None:
    """30 days after it ended, not a day before; once erased it is due no more."""
    cities = cities_with_two_managers(tmp_path)
    file = cities / "kashiwa.yaml"
    file.write_text(file.read_text("utf-8") + "\nretention_days: 30\n", "utf-8")
    town = build_town(tmp_path / "var", cities=cities, SNS_DATABASE_URL=store_url)
    try:
        number = publish(town)
        town.wait(days=29)
        assert town.heart.erasing.due("kashiwa") == []
        seen = town.heart.erasing.listing("kashiwa", number=number).digest
        order = {"number": number, "reason": "retention", "note": "満了", "seen": seen}
        assert refused(town.heart.erasing.propose, town.act(PR_CHIEF), **order) == "retention_not_over"
        town.wait(days=1)
        assert [(one.number, one.is_proposed) for one in town.heart.erasing.due("kashiwa")] == [(number, False)]
        propose(town, number, reason="retention")
        assert [one.is_proposed for one in town.heart.erasing.due("kashiwa")] == [True]
        confirm(town, number)
        assert town.heart.erasing.due("kashiwa") == []
    finally:
        town.heart.database.close()


def test_the_areas_of_a_report_go_with_its_content(town: Town) -> None:
    """They are a person's words, in the report, in its event and in the record; the number in the event stays."""
    order = OverrideOrder(
        text="川に近づかないでください。",
        kind="storm_flood",
        reason="増水",
        event=EventOrder(event=NEW_EVENT, areas=f"{NAME}さん宅の付近"),
    )
    number = str(town.services.overriding.send(town.act(DUTY), order).number)
    town.send()
    assert NAME in whole_database(town)
    propose(town, number)
    confirm(town, number)

    report = town.card(number).report
    assert NAME not in whole_database(town)
    assert report is not None
    assert (report.event, report.n, report.areas) == (1, 1, "")
    assert town.heart.auditing.verify("kashiwa").broken is None
