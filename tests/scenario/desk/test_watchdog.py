"""What is late, stuck or gone is told once, in words, with what to do; and again when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from mail_server import MailServer
from town import CHIEF, CLERK, DUTY, OPEN_TUESDAY, PR_CHIEF, PR_CLERK, StillClock, Town

from chatops.cli.answer import Said, carry_out, find_asked
from chatops.courier.postman import Postman
from chatops.courier.relay import Relay
from chatops.courier.watch import build_watch
from chatops.messages import Voice
from chatops.messages.ja import watch as words
from publisher.api import ADMINS, CorrectionOrder, HealthLine, NoticeKind, OverrideOrder
from publisher.delivery import DeliveryState
from publisher.store import lane_memories, tables, workers
from publisher.store.delivery_record import Problem
from publisher.store.lane_memories import Kind, Memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.api import Notice

RELAY = {
    "SNS_SMTP_URL": "smtp://127.0.0.1:25",
    "SNS_MAIL_FROM": "sns@city.kashiwa.example",
    "SNS_MAIL_ADMINS": "joho@city.kashiwa.example",
}
BOSAI_CHIEF = "bosai_watanabe"


@dataclass
class Watched:
    """A town whose workers beat when a test says so."""

    town: Town
    leases: StillClock

    def wait(self, seconds: float) -> None:
        """Let time pass, for posts and for leases."""
        self.town.clock.moment += timedelta(seconds=seconds)
        self.leases.moment += timedelta(seconds=seconds)

    def beat(self, worker: str = "w1") -> None:
        """Let a worker beat."""
        with self.town.heart.database.transaction() as tx:
            workers.beat(tx, worker)

    def look(self, seconds: float = 5.0) -> list[tuple[str | None, str]]:
        """Let the watchdog look twice, *seconds* apart; return who is told what."""
        self.town.services.watching.look()
        self.wait(seconds)
        self.town.services.watching.look()
        return self.told()

    def told(self) -> list[tuple[str | None, str]]:
        """Take what people are told by the watchdog, as (person, text)."""
        found = self.watch_notices()
        say = Voice(now=self.town.clock.now())
        return [(one.person, build_watch(one, self.town.services.board, say)[0]) for one in found]

    def watch_notices(self) -> list[Notice]:
        """Take every notice; return the watchdog's."""
        box = self.town.services.notices
        taken = list(box.claim(limit=500))
        for one in taken:
            box.done(one)
        return [one for one in taken if one.kind is NoticeKind.WATCH]

    def set(self, number: str, account: str, **values: object) -> None:
        """Put a delivery where no repair loop has come by."""
        card = self.town.card(number)
        mine = next(one.id for one in card.deliveries if one.account == account)
        with self.town.heart.database.transaction() as tx:
            tx.execute(sa.update(tables.deliveries).where(tables.deliveries.c.id == mine).values(**values))


@pytest.fixture
def watched(make_town: Callable[..., Town]) -> Watched:
    """The town at nine, with one worker that has just beaten."""
    leases = StillClock(OPEN_TUESDAY)
    made = Watched(make_town(OPEN_TUESDAY, lease_clock=leases), leases)
    made.beat()
    return made


def approved(watched: Watched) -> str:
    """Approve a post for now that nobody sends; return its number."""
    number = watched.town.submit()
    watched.town.decide(CHIEF, number)
    return number


# ── late ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_60_seconds_late_is_told_with_what_it_waits_for_and_what_to_do(watched: Watched) -> None:
    """Its section's people and the managers hear of it once; nobody else does, and nothing is told twice."""
    number = approved(watched)
    watched.wait(50)
    watched.beat()
    assert watched.look() == []
    watched.beat()
    told = watched.look(6)

    assert {CLERK, CHIEF, PR_CHIEF} == {person for person, _ in told}
    assert told[0][1].splitlines() == [
        "⏰ 予定の時刻を過ぎても、まだ投稿されていません。",
        f"・{number} 公園緑地課X（予定 12月1日(火) 9:00）: ほかの投稿が終わるのを待っています。",
        words.what_to_do("late"),
    ]
    watched.wait(600)
    watched.beat()
    assert watched.look() == []


def test_it_is_told_again_when_it_went_out_after_all(watched: Watched) -> None:
    """Whoever was told hears how it ended, and how late."""
    number = approved(watched)
    watched.wait(180)
    watched.beat()
    assert watched.look()
    watched.town.send()
    watched.beat()
    told = watched.look()

    assert {CLERK, CHIEF, PR_CHIEF} == {person for person, _ in told}
    assert told[0][1].splitlines() == [
        "先ほどお知らせした、遅れていた投稿の結果です。",
        f"・{number} 公園緑地課X: 予定より3分遅れて投稿されました。",
    ]


def test_it_is_told_again_when_it_became_a_question(watched: Watched) -> None:
    """Past its latest useful time it is asked about; who was told it is late is told where the question is."""
    number = approved(watched)
    watched.wait(120)
    watched.beat()
    assert watched.look()
    watched.wait(4 * 3600)
    watched.town.send()
    watched.beat()
    told = watched.look()

    assert (
        told[0][1].splitlines()[1] == f"・{number} 公園緑地課X: 確認が必要です。承認チャンネルの質問に答えてください。"
    )


def test_a_clock_that_jumps_and_a_start_after_hours_are_no_alarm(watched: Watched) -> None:
    """What was due in the hours of absence is taken up at once: by the second look it is not late any more."""
    number = approved(watched)
    watched.watch_notices()
    watched.wait(2 * 3600)
    watched.beat()
    watched.town.services.watching.look()
    watched.town.send()
    watched.wait(5)
    watched.beat()
    watched.town.services.watching.look()

    assert watched.town.states(number)["kashiwa_koen", "publish"] == "sent"
    assert watched.told() == []


@pytest.mark.parametrize("state", [DeliveryState.ASKED, DeliveryState.HELD])
def test_what_waits_for_a_person_or_a_hold_is_not_late(watched: Watched, state: DeliveryState) -> None:
    """Somebody was told already, with buttons."""
    number = approved(watched)
    watched.set(number, "kashiwa_koen", state=state)
    watched.watch_notices()
    watched.wait(600)
    watched.beat()

    assert watched.look() == []


def test_an_emergency_is_told_within_20_seconds_to_those_on_duty_too(watched: Watched) -> None:
    """An evacuation order must not wait a minute: other means are named first, and the mail goes after 10 seconds."""
    order = OverrideOrder(text="柏市全域に避難指示を発令しました。", kind="evacuation", reason="大雨")
    number = watched.town.services.overriding.send(watched.town.act(DUTY), order).number or ""
    watched.wait(11)
    watched.beat()
    watched.town.services.watching.look()
    watched.wait(5)
    watched.town.services.watching.look()
    notices = watched.watch_notices()
    say = Voice(now=watched.town.clock.now())
    text = build_watch(notices[0], watched.town.services.board, say)[0]

    assert {DUTY, BOSAI_CHIEF, PR_CHIEF} <= {one.person for one in notices}
    assert text.splitlines()[0] == (
        "🚨 緊急発信が、まだ投稿されていません。防災行政無線・メール・電話など、ほかの手段でもすぐに知らせてください。"
    )
    assert f"・{number} 柏市公式X（予定 12月1日(火) 9:00）" in text
    with watched.town.heart.database.reading() as tx:
        rows = tx.execute(sa.select(tables.notices).where(tables.notices.c.kind == NoticeKind.WATCH)).all()
    assert {10.0} == {(row.mail_due_at - watched.leases.moment).total_seconds() for row in rows}


def test_many_late_posts_are_one_notice_a_minute(watched: Watched) -> None:
    """In a breakdown nobody gets a message for each post: they come together, ten by name."""
    town = watched.town
    texts = [f"{one}日の公園だよりです。池のまわりの{one}か所を歩きました。" for one in range(1, 13)]
    for text in texts:
        number = town.submit(form=town.form(text))
        town.decide(CHIEF, number)
    watched.wait(120)
    watched.beat()
    told = [text for person, text in watched.look() if person == CLERK]

    assert len(told) == 1
    assert told[0].count("・K-") == 10
    assert "ほか2件" in told[0]


def test_ordinary_posts_that_are_late_one_after_the_other_are_told_once_a_minute(watched: Watched) -> None:
    """The first is told at once; the next ones wait until the minute is over, and come together."""
    town = watched.town
    first = approved(watched)
    watched.wait(20)
    watched.beat()
    later = []
    for text in ("池の水を抜きます。", "梅まつりを開きます。"):
        later.append(town.submit(form=town.form(text)))
        town.decide(CHIEF, later[-1])
    watched.wait(40)
    watched.beat()
    told = dict(watched.look())[CLERK]
    assert [number in told for number in (first, *later)] == [True, False, False]
    watched.wait(15)
    watched.beat()
    assert watched.look() == []
    watched.wait(35)
    watched.beat()
    told = dict(watched.look(6))[CLERK]

    assert [number in told for number in (first, *later)] == [False, True, True]


def test_two_looks_at_the_same_moment_are_one(watched: Watched) -> None:
    """Two processes that look right after each other tell nothing that had no time to end by itself."""
    approved(watched)
    watched.wait(120)
    watched.beat()

    assert watched.look(1) == []


# ── workers ──────────────────────────────────────────────────────────────────────────────────────


def test_no_worker_while_something_is_due_is_told_to_managers_and_those_on_duty(watched: Watched) -> None:
    """The loudest: nothing is sending, how much waits, and what IT must do; and again when a worker is back."""
    approved(watched)
    watched.wait(20)
    told = watched.look()
    people = {person for person, text in told if text.startswith("🚨 いま送信しているものがありません。")}

    assert {PR_CHIEF, DUTY, BOSAI_CHIEF} == people
    text = told[0][1]
    assert "最後の応答は 12月1日(火) 9:00（サーバー " in text
    assert "送るはずの投稿が1件、待っています。" in text
    assert "systemctl start kairan" in text
    watched.beat("w2")
    back = watched.look()
    assert {PR_CHIEF, DUTY, BOSAI_CHIEF} == {person for person, text in back if "再び動き始めました" in text}


def test_nobody_sending_is_told_again_once_something_is_due(watched: Watched) -> None:
    """At night only the managers hear of it; when a post falls due those on duty do, and the end is told once."""
    watched.wait(20)
    watched.look(25)
    approved(watched)
    watched.watch_notices()
    told = [
        (person, text) for person, text in watched.look() if text.startswith("🚨 いま送信しているものがありません。")
    ]
    assert {PR_CHIEF, DUTY, BOSAI_CHIEF} == {person for person, _ in told}
    watched.beat("w2")
    back = [person for person, text in watched.look() if "再び動き始めました" in text]

    assert sorted(back) == sorted({PR_CHIEF, DUTY, BOSAI_CHIEF})


def test_an_upgrade_with_nothing_due_is_no_alarm(watched: Watched) -> None:
    """Twenty seconds without a worker, and nothing to send: nobody is woken."""
    watched.wait(16)
    assert watched.look(10) == []
    watched.beat("w2")

    assert [text for _, text in watched.look() if "いま送信しているものがありません" in text] == []


def test_a_late_post_says_that_its_account_waits_for_a_repair(watched: Watched) -> None:
    """A person is asked for the account's repair already: the people of the posts that wait for it hear why."""
    number = approved(watched)
    with watched.town.heart.database.transaction() as tx:
        memory = Memory(
            city="kashiwa",
            account="kashiwa_koen",
            platform="x",
            kind=Kind.NEEDS_PERSON,
            until=tx.now + timedelta(minutes=15),
            noted_at=tx.now,
            problem=Problem(code="token_refused", params={"platform": "x"}, who="it"),
        )
        lane_memories.remember(tx, memory)
    watched.wait(60)
    watched.beat()
    told = dict(watched.look())

    line = f"・{number} 公園緑地課X（予定 12月1日(火) 9:00）: "
    assert f"{line}X のアカウントの問題が解決するのを待っています" in told[CLERK]
    assert "承認チャンネルの質問" in told[CLERK]


def test_a_late_post_says_that_nobody_sends(watched: Watched) -> None:
    """The section's people hear the reason in their own notice."""
    number = approved(watched)
    watched.wait(70)
    told = dict(watched.look())

    assert f"・{number} 公園緑地課X（予定 12月1日(火) 9:00）: 投稿を送る処理が動いていません。" in told[CLERK]


def test_a_late_deletion_is_no_emergency_post(watched: Watched) -> None:
    """Nobody is told of loudspeakers; whoever cannot wait may delete on the platform, which does no harm."""
    number = approved(watched)
    watched.town.send()
    order = CorrectionOrder(number=number, cause="personal_data", note="氏名が写っていました")
    watched.town.services.correcting.correct(watched.town.act(CHIEF), order)
    watched.wait(30)
    late = dict(watched.look())[CLERK]
    watched.town.send()
    over = dict(watched.look())[CLERK]

    assert "⚠️ 次の投稿の削除が、まだ終わっていません。" in late
    assert f"・{number} 公園緑地課X（削除）（予定 12月1日(火) 9:00）" in late
    assert "先に削除しても差し支えありません" in late
    assert "緊急発信" not in late
    assert f"・{number} 公園緑地課X（削除）: 完了しました。" in over


def test_what_must_be_deleted_at_once_is_told_after_ten_seconds(watched: Watched) -> None:
    """Who ordered it at night hears of it too; by e-mail where Slack has not taken it a minute later."""
    number = approved(watched)
    watched.town.send()
    watched.watch_notices()
    order = CorrectionOrder(number=number, cause="personal_data", note="氏名が写っていました")
    watched.town.services.correcting.correct(watched.town.act(DUTY), order)
    watched.wait(4)
    watched.beat()
    assert watched.look(0) == []
    watched.wait(1)
    watched.beat()
    told = watched.look(5)

    assert {CLERK, CHIEF, PR_CHIEF, PR_CLERK, DUTY} == {person for person, _ in told}
    assert all("次の投稿の削除が、まだ終わっていません。" in text for _, text in told)
    with watched.town.heart.database.reading() as tx:
        table = tables.notices
        rows = tx.execute(sa.select(table).where(table.c.kind == NoticeKind.WATCH, table.c.person == DUTY)).all()
    assert [60.0] == [(row.mail_due_at - row.due_at).total_seconds() for row in rows]


def test_a_worker_that_falls_silent_is_told_once_while_others_go_on(watched: Watched) -> None:
    """Managers hear since when and that posts go out; not again while it stays silent."""
    watched.beat("w2")
    watched.wait(20)
    watched.beat("w2")
    told = watched.look()
    watched.wait(30)
    watched.beat("w2")

    assert {PR_CHIEF} == {person for person, _ in told}
    assert "12月1日(火) 9:00 から応答していません。ほかの1つが動いているので、投稿は続いています。" in told[0][1]
    assert watched.look() == []


def test_a_worker_that_broke_down_and_started_again_is_told_once_an_hour(watched: Watched) -> None:
    """A crash that mends itself is not hidden, and one that repeats itself does not fill anybody's mailbox."""
    watched.wait(20)
    watched.beat("w2")
    told = watched.look()
    assert "12月1日(火) 9:00 に予期せず止まり、12月1日(火) 9:00 に動き直しました" in told[0][1]
    watched.wait(20)
    watched.beat("w3")
    assert watched.look() == []
    watched.wait(3700)
    watched.beat("w4")
    watched.look()
    watched.beat("w4")
    assert len(watched.look()) == 1


def test_those_who_look_after_the_machine_are_enough_where_others_go_on(make_town: Callable[..., Town]) -> None:
    """With SNS_MAIL_ADMINS a city's managers hear of a worker only where nobody sends."""
    leases = StillClock(OPEN_TUESDAY)
    watched = Watched(make_town(OPEN_TUESDAY, lease_clock=leases, **RELAY), leases)
    watched.beat("w1")
    watched.beat("w2")
    watched.wait(20)
    watched.beat("w2")
    assert watched.look() == [], "nothing of it is for Slack"
    server = MailServer()
    relay = Relay(url=server.url(), sender=RELAY["SNS_MAIL_FROM"])
    postman = Postman(services=watched.town.services, relay=relay, now=watched.town.clock.now, real_now=leases.now)
    watched.wait(61)
    postman.run_once()
    watched.wait(600)
    postman.run_once()
    server.close()

    (mail,) = server.taken
    assert mail.readers == ("joho@city.kashiwa.example",)
    assert mail.message["Subject"] == "【SNS】投稿を送るサーバーが1台止まりました"
    assert mail.text.splitlines()[0] == "情報担当 各位"
    assert "Slack でお知らせできなかった" not in mail.text
    with watched.town.heart.database.reading() as tx:
        rows = tx.execute(sa.select(tables.notices).where(tables.notices.c.person == ADMINS)).all()
    assert [row.done_at is not None for row in rows] == [True]


# ── what a repair loop should have done ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "values", "heading"),
    [
        ("leased", {"lease_token": "t", "lease_seconds": -70}, "⚠️ 送信の途中で止まったままの投稿があります。"),
        ("unknown", {"due_seconds": -120}, "⚠️ 届いたかどうかを確かめられていない投稿があります。"),
        ("processing", {"due_seconds": -120}, "⚠️ 媒体側の動画の処理が、長い時間終わっていません。"),
    ],
)
def test_a_passing_state_beyond_its_time_is_told(
    watched: Watched, state: str, values: dict[str, int | str], heading: str
) -> None:
    """A lease that nobody rescued, a look that nobody took: people hear of it with the post's number."""
    number = approved(watched)
    now = watched.town.clock.now()
    changes: dict[str, object] = {"state": state, "planned_at": now + timedelta(hours=1)}
    changes["due_at"] = now + timedelta(seconds=int(values.get("due_seconds", 3600)))
    if state == "leased":
        changes |= {"lease_token": "t", "lease_until": now + timedelta(seconds=int(values["lease_seconds"]))}
    if state != "leased":
        watched.set(number, "kashiwa_koen", state="leased", lease_token="t", lease_until=now)
        changes |= {"lease_token": None, "lease_until": None}
    watched.set(number, "kashiwa_koen", **changes)
    watched.beat()
    told = [text for person, text in watched.look() if person == CLERK]

    assert told[0].startswith(heading)
    assert f"・{number} 公園緑地課X" in told[0]
    assert "情報担当は、サーバーで sns doctor を実行してください。" in told[0]


def test_a_mirror_whose_source_has_ended_is_told(watched: Watched) -> None:
    """A repost that still waits a minute after its source was sent has been forgotten."""
    number = approved(watched)
    now = watched.town.clock.now()
    watched.set(number, "kashiwa_koen", state="sent", external_id="1", sent_at=now, finished_at=now)
    watched.wait(61)
    watched.beat()
    told = [text for person, text in watched.look() if person == CLERK]

    assert told[0].startswith("⚠️ 元の投稿は終わったのに、リポストが待ったままです。")


def test_a_submission_that_should_have_expired_is_told(watched: Watched) -> None:
    """Nobody must approve what is past its time because a timer failed."""
    number = watched.town.submit(form=watched.town.form(latest_at=watched.town.clock.now() + timedelta(hours=3)))
    watched.wait(3 * 3600 + 61)
    watched.beat()
    told = dict(watched.look())

    assert told[CLERK].startswith(f"⚠️ 有効期限を過ぎたのに、承認待ちのままの投稿があります: {number}。")


def test_a_hold_that_nobody_settled_is_told(watched: Watched) -> None:
    """What was on its way has ended and the second answer did not come: it is given late, by the watchdog."""
    number = approved(watched)
    now = watched.town.clock.now()
    watched.set(number, "kashiwa_koen", state="leased", lease_token="t", lease_until=now)
    watched.set(number, "kashiwa_koen", state="unknown", lease_token=None, lease_until=None)
    watched.town.services.holding.hold(watched.town.act(DUTY), reason="大雨")
    watched.set(number, "kashiwa_koen", state="asked")
    watched.beat()
    told = dict(watched.look())

    assert told[DUTY].startswith("⏸ 12月1日(火) 9:00 に始めた一時停止は効いています。")


def test_notices_that_slack_does_not_take_are_told_with_slacks_own_word(watched: Watched) -> None:
    """After ten minutes the managers hear how many wait and why; and that they have arrived, once they have."""
    approved(watched)
    box = watched.town.services.notices
    for one in box.claim(100):
        box.failed(one, retry_after_seconds=1200, error="channel_not_found")
    watched.town.send()
    for one in box.claim(100):
        box.failed(one, retry_after_seconds=1200, error="channel_not_found")
    watched.wait(601)
    watched.beat()
    told = dict(watched.look())

    assert "Slack に届けられないお知らせが" in told[PR_CHIEF]
    assert "（Slack の返事: channel_not_found）" in told[PR_CHIEF]
    assert PR_CLERK not in told
    watched.wait(1200)
    watched.beat()
    watched.watch_notices()
    back = dict(watched.look())
    assert back[PR_CHIEF] == "✅ Slack に、待っていたお知らせが届きました。"


def test_acts_that_are_not_applied_are_told_once(watched: Watched) -> None:
    """What a person clicked and nobody applied is told with the machine's name, and when it is settled."""
    watching = watched.town.services.watching
    for _ in range(3):
        watching.report_inbox("sns1", count=2)
    (told,) = watched.told()
    watching.report_inbox("sns1", count=0)
    watching.report_inbox("sns1", count=0)
    (over,) = watched.told()

    assert told[1].startswith("⚠️ Slack で受け付けた操作が2件、まだ反映されていません（サーバー sns1）。")
    assert over == (PR_CHIEF, "✅ sns1: 待っていた Slack の操作が、すべて反映されました。")


def test_what_was_told_survives_a_restart(watched: Watched, make_town: Callable[..., Town]) -> None:
    """Another process on the same ledger tells nothing twice."""
    approved(watched)
    watched.wait(120)
    watched.beat()
    assert watched.look()
    again = Watched(make_town(watched.town.clock.now(), lease_clock=watched.leases), watched.leases)
    again.beat()

    assert again.look() == []


def test_two_processes_that_look_at_once_tell_once(watched: Watched, make_town: Callable[..., Town]) -> None:
    """The database decides whose telling counts."""
    approved(watched)
    watched.wait(120)
    other = make_town(watched.town.clock.now(), lease_clock=watched.leases)
    watched.beat()
    for one in (watched.town, other):
        one.services.watching.look()
    watched.wait(5)
    for one in (watched.town, other):
        one.services.watching.look()

    assert len([person for person, _ in watched.told() if person == CLERK]) == 1


def test_a_quiet_town_is_told_nothing(watched: Watched) -> None:
    """Everything is as it should be: nothing is said, and nothing is written."""
    approved(watched)
    watched.town.send()
    watched.wait(30)
    watched.beat()

    assert watched.look() == []


def test_health_names_what_was_told_and_is_not_over(watched: Watched) -> None:
    """`/healthz` turns to ill once people were told, and is well again when it is over."""

    def late() -> HealthLine:
        return next(one for one in watched.town.services.health.check() if one.name == "late")

    assert late().is_well
    approved(watched)
    watched.wait(120)
    watched.beat()
    watched.look()
    assert late() == HealthLine(name="late", is_well=False, detail="late: 1. sns doctor")
    watched.town.send()
    watched.beat()
    watched.look()
    assert late().is_well


def test_a_question_is_answered_at_the_shell(watched: Watched) -> None:
    """Without Slack a post that came too late is let go by whoever may; the delivery is found by number and account."""
    number = approved(watched)
    watched.wait(4 * 3600)
    watched.town.send()
    heart = watched.town.heart
    asked = find_asked(heart, "kashiwa", number, "kashiwa_koen")
    assert asked is not None
    outcome = carry_out(heart, watched.town.act(CHIEF), asked, Said.CANCEL, "")

    assert outcome.code == "answered_cancel"
    assert watched.town.states(number)["kashiwa_koen", "publish"] == "cancelled"
    assert find_asked(heart, "kashiwa", number, "kashiwa_koen") is None


def test_what_a_hold_stopped_is_decided_at_the_shell(watched: Watched) -> None:
    """The same command lets go what a hold has stopped, once the hold is lifted."""
    number = approved(watched)
    watched.town.services.holding.hold(watched.town.act(DUTY), reason="大雨")
    watched.town.send()
    watched.town.services.holding.resume(watched.town.act(DUTY))
    heart = watched.town.heart
    stopped = find_asked(heart, "kashiwa", number, "kashiwa_koen")
    assert stopped is not None
    outcome = carry_out(heart, watched.town.act(CHIEF), stopped, Said.SEND, "")
    watched.town.send()

    assert outcome.code == "triage_send"
    assert watched.town.states(number)["kashiwa_koen", "publish"] == "sent"
