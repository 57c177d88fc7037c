"""What Slack doesn't take within 60 seconds reaches people through the city's mail relay, once, in Japanese."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from mail_server import MailServer
from town import CHIEF, CLERK, DUTY, OPEN_TUESDAY, PR_CHIEF, StillClock, Town, changed_cities

from chatops.courier.courier import Courier
from chatops.courier.postman import Postman
from chatops.courier.relay import Relay
from chatops.locales import Locales
from chatops.sandbox.product import free_port
from chatops.slack_link import build_client
from publisher.api import Answer, NoticeKind, OverrideOrder
from publisher.delivery import DeliveryEvent
from publisher.store import deliveries, notices
from publisher.store.deliveries import Change, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mail_server import Taken

SENDER = "sns@city.kashiwa.example"
CLERK_MAIL = "tanaka.hana@city.kashiwa.example"
CHIEF_MAIL = "sato.makoto@city.kashiwa.example"
PR_CHIEF_MAIL = "takahashi.kenichi@city.kashiwa.example"


@dataclass
class Office:
    """A town whose Slack is down, and the relay."""

    town: Town
    leases: StillClock
    server: MailServer
    postman: Postman
    courier: Courier

    def wait(self, seconds: float) -> None:
        """Let time pass, for posts and for leases."""
        self.town.clock.moment += timedelta(seconds=seconds)
        self.leases.moment += timedelta(seconds=seconds)

    def post(self) -> int:
        """Let Slack be tried, and the postman do a round."""
        self.courier.run_once()
        return self.postman.run_once()

    def mails_to(self, address: str) -> list[Taken]:
        """Return what arrived for one reader."""
        return [one for one in self.server.taken if one.readers == (address,)]


@pytest.fixture
def open_office(make_town: Callable[..., Town]) -> Iterator[Callable[..., Office]]:
    """Open an office at nine."""
    servers: list[MailServer] = []

    def make(*args: Path, **settings: str) -> Office:
        leases = StillClock(OPEN_TUESDAY)
        town = make_town(OPEN_TUESDAY, *args, lease_clock=leases, **settings)
        server = MailServer()
        servers.append(server)
        relay = Relay(url=server.url(), sender=SENDER, timeout_seconds=0.3)
        postman = Postman(services=town.services, relay=relay, now=town.clock.now, real_now=town.clock.now)
        slack = build_client(token="xoxb-x", base_url=f"http://127.0.0.1:{free_port()}/api/")
        courier = Courier(services=town.services, client=slack, locales=Locales(slack), now=town.clock.now)
        return Office(town, leases, server, postman, courier)

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    """The office, with nothing in Slack's way but Slack."""
    return open_office()


def ask(office: Office) -> str:
    """Let a post become a question: its latest useful time passes before it went out; return its number."""
    town = office.town
    number = town.submit()
    town.decide(CHIEF, number)
    office.wait(4 * 3600)
    town.send()
    assert town.states(number)["kashiwa_koen", "publish"] == "asked"
    return number


def test_a_question_that_slack_does_not_take_goes_by_mail_after_60_seconds(office: Office) -> None:
    """Nobody is mailed before; then those who may answer are, each once, with what to do in Slack and without it."""
    number = ask(office)
    office.wait(59)
    office.post()
    assert office.server.taken == []
    office.wait(2)
    office.post()
    office.wait(600)
    office.post()

    assert {CLERK_MAIL, CHIEF_MAIL, PR_CHIEF_MAIL} <= {one.readers[0] for one in office.server.taken}
    (mail,) = office.mails_to(CLERK_MAIL)
    assert f"【SNS】{number} について確認をお願いします" == mail.message["Subject"]
    assert mail.text.splitlines()[:3] == ["田中 花 様", "", "Slack でお知らせできなかったため、メールでお送りします。"]
    assert "それでも送りますか。" in mail.text
    assert "承認チャンネルに出る質問のボタンで答えてください" in mail.text
    assert f"sns answer {number} kashiwa_koen 答え --as 職員のキー" in mail.text
    assert "send（それでも送る）、cancel（送らない）" in mail.text


def test_the_question_still_comes_to_slack_with_its_buttons(office: Office) -> None:
    """A mail has no buttons: the notice stays in the courier's box until Slack takes it."""
    ask(office)
    office.wait(61)
    office.post()
    office.wait(400)

    assert NoticeKind.ASK in [notice.kind for notice in office.town.services.notices.claim(200)]


def test_what_slack_took_in_time_is_not_mailed(office: Office) -> None:
    """Slack was well: an hour later no mail has gone out."""
    ask(office)
    office.town.notices()
    office.wait(3600)
    office.postman.run_once()

    assert office.server.taken == []


def test_what_was_answered_meanwhile_is_not_asked_by_mail(office: Office) -> None:
    """A question that somebody answered is none any more, though Slack never showed it."""
    number = ask(office)
    delivery = office.town.card(number).deliveries[0].id
    office.town.services.deciding.answer(office.town.act(CHIEF), delivery=delivery, answer=Answer.DO_NOT_SEND)
    office.wait(61)
    office.post()

    assert office.server.taken == []


def test_a_relay_that_is_down_is_tried_again_and_what_slack_takes_meanwhile_is_left_out(office: Office) -> None:
    """Each try is later than the one before; `state` says what the relay said; nothing old comes once Slack is back."""
    ask(office)
    office.server.orders.is_busy = True
    office.wait(61)
    office.post()
    tried = office.server.connections
    office.wait(1)
    office.post()
    assert tried == office.server.connections, "it waits before it tries again"
    state = office.town.services.mails.state()
    assert (state.waiting > 0, state.error) == (True, "refused 451")
    office.server.orders.is_busy = False
    office.wait(60)
    office.post()
    assert {CLERK_MAIL} <= {one.readers[0] for one in office.server.taken}
    assert office.town.services.mails.state().waiting == 0


def test_what_slack_takes_while_the_relay_is_down_is_not_mailed_any_more(office: Office) -> None:
    """Both were down, Slack is back first: whoever has read it in Slack gets no mail an hour later."""
    ask(office)
    office.server.orders.is_busy = True
    office.wait(61)
    office.post()
    assert office.town.services.mails.state().waiting > 0
    office.wait(400)
    office.town.notices()
    office.server.orders.is_busy = False
    office.wait(400)
    office.postman.run_once()

    assert office.server.taken == []
    assert office.town.services.mails.state().waiting == 0


def test_who_has_no_slack_is_told_by_mail_alone_and_at_once(open_office: Callable[..., Office], tmp_path: Path) -> None:
    """The courier hands the notice over, and is done with it."""
    cities = changed_cities(tmp_path, "    slack: U01KOHOTAK\n", "")
    office = open_office(cities, SNS_SMTP_URL="smtp://127.0.0.1:25", SNS_MAIL_FROM=SENDER)
    with office.town.heart.database.transaction() as tx:
        params = {"because": "moved", "known_until": tx.now.isoformat(), "since": tx.now.isoformat()}
        notices.add(tx, city="kashiwa", kind=NoticeKind.LEDGER, person=PR_CHIEF, params=params)
    office.post()
    office.wait(600)
    office.post()

    assert len(office.mails_to(PR_CHIEF_MAIL)) == 1
    assert office.town.services.notices.claim(10) == []


def test_an_address_that_the_relay_refuses_keeps_nobody_else_from_hearing(office: Office) -> None:
    """One reader's mailbox is gone: the others are told, and it is not tried for ever."""
    ask(office)
    office.server.orders.refused_readers = {CHIEF_MAIL}
    office.wait(61)
    office.post()

    assert office.mails_to(CHIEF_MAIL) == []
    assert len(office.mails_to(CLERK_MAIL)) == 1
    assert office.town.services.mails.state().waiting == 0


def test_several_notices_for_one_reader_are_one_mail(office: Office) -> None:
    """A bad night fills nobody's mailbox: what is due together comes together."""
    town = office.town
    numbers = [town.submit(form=town.form(text)) for text in ("池の水を抜きます。", "梅まつりを開きます。")]
    for number in numbers:
        town.decide(CHIEF, number)
    office.wait(4 * 3600)
    town.send()
    office.wait(61)
    office.post()

    (mail,) = office.mails_to(CLERK_MAIL)
    assert mail.message["Subject"] == "【SNS】お知らせが2件あります"
    assert all(f"{number} " in mail.text for number in numbers)


def test_an_emergencys_question_goes_by_mail_after_10_seconds_to_who_sent_it(office: Office) -> None:
    """A platform that a person must mend is told while there is time for other means, all accounts in one mail."""
    order = OverrideOrder(text="柏市全域に避難指示を発令しました。", kind="evacuation", reason="大雨")
    number = office.town.services.overriding.send(office.town.act(DUTY), order).number or ""
    asked = [one.id for one in office.town.card(number).deliveries if one.kind.value == "publish"][:2]
    for one in asked:
        with office.town.heart.database.transaction() as tx:
            problem = Problem(code="token_expired", params={"platform": "x"}, who="it")
            deliveries.apply(tx, one, DeliveryEvent.CAME_TOO_LATE, change=Change(problem=problem))
        office.wait(2)
    office.wait(5)
    office.post()
    assert office.server.taken == []
    office.wait(2)
    office.post()

    (mail,) = office.mails_to("ito.daisuke@city.kashiwa.example")
    assert mail.message["Subject"] == "【SNS】お知らせが2件あります"


def test_a_slow_relay_ends_the_round_before_the_leases_do(office: Office) -> None:
    """A relay that takes its time over every mail: what is left goes back at once, for whichever process is next."""
    seconds = count(step=31)
    slow = Postman(
        services=office.town.services,
        relay=Relay(url=office.server.url(), sender=SENDER, timeout_seconds=0.3),
        now=office.town.clock.now,
        real_now=office.town.clock.now,
        monotonic=lambda: float(next(seconds)),
    )
    ask(office)
    office.wait(61)
    slow.run_once()
    assert 1 == len(office.server.taken)
    assert office.town.services.mails.state().waiting > 1
    office.post()

    readers = [one.readers for one in office.server.taken]
    assert len(set(readers)) == len(readers) > 2
    assert 0 == office.town.services.mails.state().waiting


def test_card_refreshes_and_decisions_are_not_mailed(office: Office) -> None:
    """What neither asks nor warns waits for Slack."""
    number = office.town.submit()
    office.town.decide(CHIEF, number)
    office.wait(3600)
    office.post()

    assert office.server.taken == []


def test_a_name_cannot_write_into_the_headers(open_office: Callable[..., Office], tmp_path: Path) -> None:
    """A name with a line break ends no header: it stands in the body, and nowhere else."""
    cities = changed_cities(tmp_path, "name: 田中 花", 'name: "田中\\r\\nBcc: evil@example.com\\r\\n\\r\\n花"')
    office = open_office(cities)
    ask(office)
    office.wait(61)
    office.post()

    (mail,) = office.mails_to(CLERK_MAIL)
    assert mail.message["Bcc"] is None
    assert {"sns@city.kashiwa.example"} == {one.sender for one in office.server.taken}
    assert not any("evil" in reader for one in office.server.taken for reader in one.readers)


def test_the_mail_is_one_that_japanese_programs_read(office: Office) -> None:
    """Subject and body are encoded by the book: ASCII on the wire, lines below 78, UTF-8 named (RFC 2047, 2045)."""
    ask(office)
    office.wait(61)
    office.post()
    (mail,) = office.mails_to(CLERK_MAIL)

    assert mail.raw.isascii()
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 78
    assert (mail.message.get_content_type(), mail.message.get_content_charset()) == ("text/plain", "utf-8")
    assert mail.message["From"].addresses[0].addr_spec == SENDER
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Message-ID"].endswith("@city.kashiwa.example>")


def test_a_hanging_relay_stops_neither_slack_nor_the_posts(office: Office) -> None:
    """While the relay hangs the courier goes on by its own thread, and an approved post goes out."""
    ask(office)
    office.wait(61)
    office.server.orders.is_silent = True
    round_ = threading.Thread(target=office.postman.run_once)
    round_.start()
    number = office.town.submit(form=office.town.form("明日は休園日です。"))
    office.town.decide(CHIEF, number)
    office.town.send()
    slack_tried = office.courier.run_once()
    state = office.town.states(number)["kashiwa_koen", "publish"]
    round_.join(10)

    assert state == "sent"
    assert slack_tried > 0
    assert office.town.services.mails.state().error == "timeout SMTPServerDisconnected"


def test_a_notice_of_the_version_before_is_mailed_too(office: Office) -> None:
    """A process that is not upgraded yet sets no time for the mail: it counts from when the notice was left."""
    with office.town.heart.database.transaction() as tx:
        params = {"because": "moved", "known_until": tx.now.isoformat(), "since": tx.now.isoformat()}
        notices.add(tx, city="kashiwa", kind=NoticeKind.LEDGER, person=PR_CHIEF, params=params)
        tx.execute(notices.tables.notices.update().values(mail_due_at=None))
    office.wait(61)
    office.post()

    assert len(office.mails_to(PR_CHIEF_MAIL)) == 1


def test_who_left_the_city_gets_no_mail(open_office: Callable[..., Office], tmp_path: Path) -> None:
    """A person without a position today is told nothing, though the address stands in the file."""
    cities = changed_cities(
        tmp_path, "{position: koen_clerk, from: 2024-04-01}", "{position: koen_clerk, from: 2024-04-01, to: 2026-12-01}"
    )
    office = open_office(cities)
    number = ask(office)
    assert office.town.card(number).author
    office.wait(24 * 3600 - 4 * 3600 - 3600)
    office.wait(61)
    office.post()

    assert office.mails_to(CLERK_MAIL) == []
    assert len(office.mails_to(CHIEF_MAIL)) == 1
    assert CLERK in office.town.heart.cities["kashiwa"].people
