"""`/sns now` with contacts in the text, and with kinds that are no disaster: what the screen says and what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from town import DUTY, NIGHT, OPEN_TUESDAY, PR_CHIEF, changed_cities

from publisher.api import OverrideOrder
from publisher.errors import Refusal
from publisher.store import audit, posts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

    from publisher.api import OverrideForm
    from publisher.store.audit import AuditEvent

SHELTER = "避難所は柏第一小学校です。電話は04-7100-0000、連絡はkoho@example.jpへ。（柏市災害対策本部）"
CANCELLED = "手賀沼まつりは中止します。問い合わせは04-7100-0000へ。"
SENT = {("kashiwa_shi", "publish"), ("kashiwa_line", "publish"), ("kashiwa_facebook", "publish")}


@pytest.fixture(name="night")
def _night(make_town: Callable[..., Town]) -> Town:
    return make_town(NIGHT)


def ask(town: Town, text: str = SHELTER, **more: object) -> OverrideForm:
    """Open the confirmation."""
    return town.services.overriding.open_form("kashiwa", DUTY, text, **more)  # type: ignore[arg-type]  # a short form


def order(form: OverrideForm, *written: str, kind: str = "evacuation", others: bool = False) -> OverrideOrder:
    """Fill in a confirmation: tick what is *written*."""
    ticked = frozenset(one.key for one in form.contacts if one.written in written)
    return OverrideOrder(text=form.text, kind=kind, reason="避難所の開設", declared=ticked, others_checked=others)


def events(town: Town, number: str) -> list[AuditEvent]:
    """Return what the audit trail has of a post."""
    with town.heart.database.reading() as tx:
        return list(audit.of_post(tx, posts.get(tx, "kashiwa", number).id))


def said_of_contacts(form: OverrideForm) -> set[str]:
    """Return how strong what a preview says of contacts is."""
    found = (each for pane in form.panes for each in pane.findings)
    return {str(each.effect) for each in found if "連絡先" in each.message.ja}


def test_every_contact_is_listed_once_as_it_is_written(night: Town) -> None:
    """A landline and an e-mail address on three accounts are two boxes; neither is ticked for the sender."""
    form = ask(night)

    assert [(one.written, one.is_declared) for one in form.contacts] == [
        ("04-7100-0000", False),
        ("koho@example.jp", False),
    ]


@pytest.mark.parametrize("text", ["振込先は普通 1234567です。", "避難所を開設しました。"])
def test_what_cannot_be_declared_is_not_listed(night: Town, text: str) -> None:
    """A bank account is no contact."""
    assert ask(night, f"{text}（柏市災害対策本部）").contacts == ()


def test_a_mobile_stays_blocked_whatever_is_declared(night: Town) -> None:
    """No key makes a mobile number the city's own: it is not listed, and nothing goes out or is stored."""
    form = ask(night, "連絡は090-1234-5678へ。（柏市災害対策本部）")
    assert form.contacts == ()

    sent = OverrideOrder(
        text=form.text, kind="evacuation", reason="連絡", declared=frozenset({"09012345678"}), others_checked=True
    )
    with pytest.raises(Refusal, match="policy_blocks"):
        night.services.overriding.send(night.act(DUTY), sent)


def test_what_the_city_publishes_is_not_asked(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """A number in the city's file is no finding, so it needs no word of anybody's."""
    cities = changed_cities(tmp_path, "published_contacts:", 'published_contacts:\n  - "04-7100-0000"')

    assert [one.written for one in ask(make_town(NIGHT, cities=cities)).contacts] == ["koho@example.jp"]


def test_a_declaration_is_recorded_and_holds_to_the_last_check(night: Town) -> None:
    """Ticked: kept with the version, in the audit trail with who and what, on the card, and it goes out."""
    form = ask(night)
    number = (
        night.services.overriding.send(night.act(DUTY), order(form, "04-7100-0000", "koho@example.jp")).number or ""
    )
    night.send()

    with night.heart.database.reading() as tx:
        post = posts.get(tx, "kashiwa", number)
        assert posts.version(tx, post.id, 1).declared == ["04-7100-0000", "koho@example.jp"]
    (declared,) = [one for one in events(night, number) if one.kind == "declared_own"]
    assert (declared.who, declared.note) == (DUTY, "04-7100-0000、koho@example.jp")
    assert {key for key, state in night.states(number).items() if state == "sent"} >= SENT
    said = {finding.message.ja for pane in night.card(number).panes for finding in pane.findings}
    assert [one for one in said if "発信者が申告しました" in one]
    assert "declared_own" in [line.code for line in night.card(number).history]


def test_the_screen_shows_a_tick_as_the_policy_takes_it(night: Town) -> None:
    """Declared, the place is no warning any more; what is not declared still is one."""
    form = ask(night)
    first = ask(night, declared=[form.contacts[0].key])
    both = ask(night, declared=[one.key for one in form.contacts])

    assert [one.is_declared for one in first.contacts] == [True, False]
    assert said_of_contacts(form) == {"warn"}
    assert said_of_contacts(first) == {"warn", "allow"}
    assert said_of_contacts(both) == {"allow"}


def test_what_is_neither_declared_nor_checked_is_not_sent(night: Town) -> None:
    """A machine's guess wants a person's answer: the contact that lacks one is named, and nothing is stored."""
    with pytest.raises(Refusal, match="contacts_unchecked") as refused:
        night.services.overriding.send(night.act(DUTY), order(ask(night), "04-7100-0000"))

    assert refused.value.params["contacts"] == "koho@example.jp"
    assert night.services.board.queue("kashiwa", DUTY) == []


def test_a_contact_of_somebody_else_goes_with_the_senders_word(night: Town) -> None:
    """The power company's number is not the city's: nobody need say so to send it, and who answered for it is kept."""
    outcome = night.services.overriding.send(night.act(DUTY), order(ask(night), "koho@example.jp", others=True))
    night.send()
    kept = {one.kind: (one.who, one.note) for one in events(night, outcome.number or "")}

    assert outcome.code == "sent_now"
    assert {key for key, state in night.states(outcome.number or "").items() if state == "sent"} >= SENT
    assert kept["declared_own"] == (DUTY, "koho@example.jp")
    assert kept["contacts_checked"] == (DUTY, "04-7100-0000")


def test_a_declaration_covers_what_stands_in_the_text_alone(night: Town) -> None:
    """A box of another text's screen says nothing of this one, and is not recorded."""
    other = ask(night)
    form = ask(night, "電話は04-7199-1234です。（柏市災害対策本部）")
    stale = OverrideOrder(
        text=form.text, kind="evacuation", reason="開設", declared=frozenset(one.key for one in other.contacts)
    )

    with pytest.raises(Refusal, match="contacts_unchecked"):
        night.services.overriding.send(night.act(DUTY), stale)


# ── kinds that are no disaster ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["event_cancellation", "website_outage", "missing_person", "other"])
def test_what_is_no_disaster_lifts_nothing_at_night(night: Town, kind: str) -> None:
    """A06: at 3:00 the opening hours bind it, and the head of PR must say otherwise; nothing is allowed for it."""
    form = ask(night, "お知らせします。", kind=kind)
    (x,) = [pane for pane in form.panes if pane.platform == "x"]

    assert form.ordinary_kind is not None
    assert x.decision == "escalate"
    assert x.next_open is not None
    assert "広報広聴課長 高橋 健一" in {name for step in x.steps for name in step.deciders}
    assert (form.reposting, form.silent) == ((), ())
    assert [each.message.ja for each in x.findings if each.effect == "allow"] == []


@pytest.mark.parametrize(
    ("kind", "reason", "expected"),
    [
        ("missing_person", "", "due"),
        ("missing_person", "捜索のため至急", "sent"),
        ("event_cancellation", "朝までに知らせるため", "sent"),
        ("website_outage", "", "due"),
        ("other", "周知の必要が高いため", "sent"),
    ],
)
def test_the_managers_reason_lets_it_go_at_night(night: Town, kind: str, reason: str, expected: str) -> None:
    """A06: without a word of the head it waits on X for the opening; with a reason it goes at once."""
    number = night.services.overriding.send(night.act(DUTY), order(ask(night, "お知らせ。"), kind=kind)).number or ""
    night.decide("bosai_watanabe", number)
    night.decide(PR_CHIEF, number, note=reason)
    night.send()

    assert night.states(number)["kashiwa_shi", "publish"] == expected


def test_the_kind_decides_what_the_screen_shows(night: Town) -> None:
    """The same text as a flood goes at once; as a cancelled event it is judged as an ordinary post with its route."""
    flood, event = ask(night, CANCELLED, kind="storm_flood"), ask(night, CANCELLED, kind="event_cancellation")

    assert [pane.steps for pane in flood.panes] == [(), (), ()]
    assert all(pane.steps for pane in event.panes)
    assert said_of_contacts(flood) == {"warn"}
    assert said_of_contacts(event) == {"escalate"}


@pytest.mark.parametrize(
    ("ticked", "effect", "note"), [(["04-7100-0000"], "allow", ""), ([], "escalate", "公表している番号のため")]
)
def test_an_ordinary_post_takes_its_declaration_with_it(
    make_town: Callable[..., Town], ticked: list[str], effect: str, note: str
) -> None:
    """By day: declared, the number asks nobody; undeclared, it goes the ordinary way with its escalation."""
    town = make_town(OPEN_TUESDAY)
    form = ask(town, CANCELLED, kind="event_cancellation")
    outcome = town.services.overriding.send(town.act(DUTY), order(form, *ticked, kind="event_cancellation"))
    number = outcome.number or ""
    found = (each for pane in town.card(number).panes for each in pane.findings)

    assert outcome.code == "goes_the_ordinary_way"
    assert {str(each.effect) for each in found if "連絡先" in each.message.ja} == {effect}
    town.decide("bosai_watanabe", number)
    town.decide(PR_CHIEF, number, note=note)
    town.send()
    assert {key for key, state in town.states(number).items() if state == "sent"} >= SENT
