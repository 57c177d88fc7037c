"""The job as people do it in Slack: by labels and buttons, through signed HTTP and Socket Mode."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from paper_heart import CHANNEL, QUESTION

from chatops.checklist import NO
from chatops.sandbox.form_state import REQUIRED
from chatops.sandbox.hand import Hand, wait_until, words_of
from platforms.port import Remark
from publisher.api import DeliveryState, NoticeKind, PostState, Said
from publisher.errors import Refusal

if TYPE_CHECKING:
    from paper_heart import PaperHeart

    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Message, OpenView

Serve = Any
TEXT = "シクラメン展を開きます。"
JPEG = b"\xff\xd8\xff\xe0 a picture"


def draft(clerk: Hand, text: str = TEXT, **fields: object) -> str:
    """Write and submit a post, with yes to all that the review asks; returns its number."""
    assert clerk.type(f"/sns draft {text}").is_acknowledged
    form = clerk.wait_for_form("投稿の下書き")
    filled = {"投稿するアカウント": ["koen", "line"], "分類": "event", **fields}
    outcome = clerk.submit(form, filled)
    assert outcome.errors == {}, outcome
    review = clerk.wait_for_form("内容の確認")
    assert clerk.submit(review, clerk.tick_everything(review)).is_acknowledged
    clerk.wait_for_form("完了")
    return str(review.payload["title"]["text"].split()[0])


def wait_for_card(hand: Hand, number: str, holding: str = "") -> Message:
    """Wait for a post's card."""
    return hand.wait_for_message(
        lambda m: m.blocks != [] and number in words_of(m.blocks) and holding in words_of(m.blocks) and not m.thread_ts,
        f"the card of {number}",
        CHANNEL,
    )


@pytest.mark.parametrize("is_socket_mode", [True, False])
def test_a_post_goes_from_draft_to_approval(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand, *, is_socket_mode: bool
) -> None:
    """A clerk drafts, reads the review, submits; the chief presses 決裁; card, thread and messages tell it."""
    serve(is_socket_mode=is_socket_mode)
    number = draft(clerk)
    card = wait_for_card(chief, number, "承認待ち")

    assert "2(4)キ" in words_of(card.blocks)
    assert chief.press(card, "決裁").is_acknowledged

    chief.wait_for_message(lambda m: "決裁しました" in m.text, "the answer")
    wait_for_card(chief, number, "✓ 課長決裁: 佐藤 誠")
    clerk.wait_for_message(lambda m: f"{number} が決裁されました（佐藤 誠）。" in m.text, "the author's message", "D1")
    heart.notify(NoticeKind.DELIVERY, number, delivery=heart.deliver(number, DeliveryState.SENT).id)
    thread = chief.wait_for_message(lambda m: m.thread_ts == card.ts, "the result", CHANNEL)

    assert words_of(thread.blocks).endswith("<https://x.example/kashiwa_koen/status/1|投稿を見る>")
    assert [what for _, what in heart.acts] == ["save", "submit", "decide:approve"]


def test_the_checklist_must_be_answered(serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand) -> None:
    """決裁 with questions opens a form with each point and its clause; an open one is named; all ticked, it decides."""
    other = replace(QUESTION, key="secret.1", text=Said(ja="秘密を含んでいませんか。", en="No secrets?"))
    heart.questions_asked = (QUESTION, other)
    serve()
    number = draft(clerk)
    chief.press(wait_for_card(chief, number), "決裁")
    form = chief.wait_for_form("の決裁")

    (label, keys) = next(iter(chief.tick_everything(form).items()))

    assert keys == ["checked.1", "secret.1"]
    assert list(chief.submit(form).errors.values()) == [REQUIRED]
    (left,) = chief.submit(form, {label: keys[:1]}).errors.values()
    assert left.startswith("まだ答えていない項目があります: 「秘密を含んでいませんか。」")
    (both,) = chief.submit(form, {label: [*keys, NO]}).errors.values()
    assert both.startswith("すべての項目に印があります。")
    assert heart.posts[number].state is PostState.SUBMITTED
    assert chief.submit(form, chief.tick_everything(form)).errors == {}
    wait_until(lambda: heart.posts[number].state is PostState.APPROVED or None, "the decision")


@pytest.mark.parametrize("effect", ["block", "warn"])
def test_an_approvers_no_is_told_with_what_follows_before_it_counts(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand, effect: str
) -> None:
    """「いいえ」 brings the form back with the clause; 差戻し stands ready; pressed again, it is decided."""
    heart.questions_asked, heart.no_leads_to = (QUESTION,), effect
    serve()
    number = draft(clerk)
    chief.press(wait_for_card(chief, number), "決裁")
    form = chief.wait_for_form("の決裁")
    (label,) = chief.tick_everything(form)
    assert chief.submit(form, {label: [NO]}).errors == {}

    def told() -> OpenView | None:
        now = chief.wait_for_form("の決裁")
        return now if "「いいえ」の回答" in words_of(now.payload["blocks"]) else None

    again = wait_until(told, "what follows")
    assert "2(4)キ" in words_of(again.payload["blocks"])
    assert heart.posts[number].state is PostState.SUBMITTED
    if effect == "warn":
        assert chief.submit(again).errors == {}
        wait_until(lambda: heart.posts[number].state is PostState.APPROVED or None, "the decision")
        assert heart.decided_answers == {QUESTION.key: False}
        return
    chief.press_in_form(again, "差戻し")
    reason = chief.wait_for_form("の差戻し")
    assert chief.submit(reason).errors == {}
    wait_until(lambda: heart.posts[number].state is PostState.RETURNED or None, "差戻し")
    assert QUESTION.text.ja in heart.posts[number].returned_note


def test_the_author_answers_in_the_review(serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand) -> None:
    """Nothing goes in while a point is open or nobody said who is pictured; what was said is on the card."""
    heart.author_asked = (QUESTION,)
    serve()
    file = clerk.attach("a.jpg", JPEG)
    clerk.type(f"/sns draft {TEXT}")
    filled = {"投稿するアカウント": ["koen"], "分類": "event", "画像": [file]}
    clerk.submit(clerk.wait_for_form("投稿の下書き"), filled)
    review = clerk.wait_for_form("内容の確認")

    assert list(clerk.submit(review).errors.values()) == [REQUIRED, REQUIRED]
    assert heart.posts["K-1"].state is PostState.DRAFT
    assert clerk.submit(review, clerk.tick_everything(review)).errors == {}
    clerk.wait_for_form("完了")
    said = words_of(wait_for_card(chief, "K-1").blocks)

    assert "*作成者の確認*\n✓ 誤りがないか確かめましたか。" in said
    assert heart.posts["K-1"].answers == {QUESTION.key: True}
    assert set(heart.posts["K-1"].people.values()) == {"none"}


def test_an_authors_no_is_told_with_what_follows_before_it_counts(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand
) -> None:
    """A no is never sent off unseen: the review comes back with it; pressed again it goes in, and is marked."""
    heart.author_asked, heart.no_leads_to = (QUESTION,), "warn"
    serve()
    clerk.type(f"/sns draft {TEXT}")
    clerk.submit(clerk.wait_for_form("投稿の下書き"), {"投稿するアカウント": ["koen"], "分類": "event"})
    review = clerk.wait_for_form("内容の確認")
    (label,) = clerk.tick_everything(review)
    assert clerk.submit(review, {label: [NO]}).errors == {}

    def told() -> OpenView | None:
        now = clerk.wait_for_form("内容の確認")
        return now if "「いいえ」の回答" in words_of(now.payload["blocks"]) else None

    again = wait_until(told, "what follows")
    assert heart.posts["K-1"].state is PostState.DRAFT
    assert clerk.submit(again).errors == {}
    clerk.wait_for_form("完了")

    assert heart.posts["K-1"].answers == {QUESTION.key: False}
    assert "❌ *いいえ（問題がある、または確かめられない）: 誤りがないか" in words_of(
        wait_for_card(chief, "K-1").blocks
    )


def test_submitting_from_a_message_leads_to_the_questions(
    serve: Serve, heart: PaperHeart, world: SlackWorld, clerk: Hand
) -> None:
    """「提出」 in a direct message opens the review where there is something to answer."""
    heart.author_asked = (QUESTION,)
    serve()
    heart.fails = [OSError("the disk is slow")]
    clerk.type(f"/sns draft {TEXT}")
    clerk.submit(clerk.wait_for_form("投稿の下書き"), {"投稿するアカウント": ["koen"], "分類": "event"})
    world.views.clear("U1")
    clerk.press(clerk.wait_for_message(lambda m: "下書き K-1 を保存しています" in m.text, "the message", "D1"), "提出")
    review = clerk.wait_for_form("内容の確認")

    assert clerk.submit(review, clerk.tick_everything(review)).errors == {}
    wait_until(lambda: heart.posts["K-1"].state is PostState.SUBMITTED or None, "the submission")


def test_two_clicks_decide_once(serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand) -> None:
    """The second click is told who decided."""
    serve()
    number = draft(clerk)
    card = wait_for_card(chief, number)
    chief.press(card, "決裁")
    chief.press(card, "決裁")

    chief.wait_for_message(lambda m: "すでに処理しています（決裁）" in m.text, "the second answer")
    assert [what for _, what in heart.acts].count("decide:approve") == 1


def test_the_author_is_refused_in_words(serve: Serve, clerk: Hand) -> None:
    """Who wrote a post can't approve it."""
    serve()
    number = draft(clerk)
    clerk.press(wait_for_card(clerk, number), "決裁")

    clerk.wait_for_message(lambda m: "ご自身では承認できません" in m.text, "the refusal", CHANNEL)


def test_a_post_sent_back_can_be_mended(serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand) -> None:
    """差戻し wants a reason; its author gets it with a button that opens the form with its values."""
    serve()
    number = draft(clerk)
    card = wait_for_card(chief, number)
    chief.press(card, "差戻し")
    form = chief.wait_for_form("の差戻し")

    assert list(chief.submit(form).errors.values()) == [REQUIRED]
    assert list(chief.submit(form, {"理由": "　"}).errors.values()) == ["理由を入力してください。"]
    assert chief.submit(form, {"理由": "場所を書いてください"}).errors == {}
    message = clerk.wait_for_message(lambda m: "差し戻されました（佐藤 誠）" in m.text, "the author's message", "D1")
    assert "場所を書いてください" in words_of(message.blocks)
    clerk.press(message, "書き直す")
    again = clerk.wait_for_form(f"下書き {number}")
    assert clerk.submit(again, {"本文": "あけぼの山でシクラメン展"}).errors == {}
    review = clerk.wait_for_form("内容の確認")
    clerk.submit(review, clerk.tick_everything(review))
    clerk.wait_for_form("完了")
    assert heart.posts[number].form.text == "あけぼの山でシクラメン展"
    assert heart.posts[number].form.category == "event"
    wait_for_card(chief, number, "第2版")
    chief.wait_for_message(lambda m: "第2版が提出されました" in m.text, "the announcement", CHANNEL)


def test_mistakes_stand_beside_their_fields(serve: Serve, heart: PaperHeart, clerk: Hand) -> None:
    """An empty text, no account, a past date and half a time are answered in the form; nothing is stored."""
    serve()
    clerk.type("/sns draft")
    form = clerk.wait_for_form("投稿の下書き")
    past = {"投稿日": "2020-01-01", "投稿時刻": "09:00", "有効期限の日": "2026-12-02"}

    nothing = clerk.submit(form, {"投稿するアカウント": []}).errors
    assert nothing == dict.fromkeys(["draft.text", "draft.accounts", "draft.category"], REQUIRED)
    errors = clerk.submit(form, {"本文": "　", "投稿するアカウント": ["koen"], "分類": "event", **past}).errors
    assert set(errors) == {"draft.text", "draft.day", "draft.latest_hour"}
    assert heart.posts == {}


def test_a_picture_with_its_description_is_on_the_card(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand
) -> None:
    """The file is fetched from Slack with the bot's token; the card shows it with its description."""
    serve()
    file = clerk.attach("a.jpg", JPEG)
    number = draft(clerk, 画像=[file], 画像の説明="赤い花")
    card = wait_for_card(chief, number)

    assert heart.posts[number].form.media[0].source == f"slack:{file}"
    assert heart.posts[number].form.media[0].alt == "赤い花"
    assert "赤い花" in words_of(card.blocks)


def test_a_text_file_named_jpg_gets_a_clear_sentence(serve: Serve, heart: PaperHeart, clerk: Hand) -> None:
    """The form comes back with what was typed, and says which file is no image."""
    serve()
    file = clerk.attach("a.jpg", b"just words")
    clerk.type(f"/sns draft {TEXT}")
    clerk.submit(clerk.wait_for_form("投稿の下書き"), {"投稿するアカウント": ["koen"], "分類": "event", "画像": [file]})

    def came_back() -> str | None:
        form = clerk.wait_for_form("")
        return words_of(form.payload["blocks"]) if "画像ではありません" in words_of(form.payload["blocks"]) else None

    assert "「a.jpg」は画像ではありません" in wait_until(came_back, "the form")
    assert heart.posts == {}


def test_a_large_picture_is_refused_beside_its_field(serve: Serve, heart: PaperHeart, clerk: Hand) -> None:
    """A 40 MB image is refused by the size that Slack states, before anything is fetched."""
    serve()
    file = clerk.attach("big.jpg", b"\xff\xd8" + bytes(40 * 2**20))
    clerk.type(f"/sns draft {TEXT}")
    form = clerk.wait_for_form("投稿の下書き")
    errors = clerk.submit(form, {"投稿するアカウント": ["koen"], "分類": "event", "画像": [file]}).errors

    assert "大きすぎます（41 MB、上限 20 MB）" in errors["draft.files"]
    assert heart.posts == {}


def test_a_closed_review_is_kept_as_a_draft(serve: Serve, heart: PaperHeart, world: SlackWorld, clerk: Hand) -> None:
    """Where the modal is gone, the author gets the number and the buttons by direct message."""
    faces = serve()
    heart.fails = [OSError("the disk is slow")]
    clerk.type(f"/sns draft {TEXT}")
    clerk.submit(clerk.wait_for_form("投稿の下書き"), {"投稿するアカウント": ["koen"], "分類": "event"})
    world.views.clear("U1")
    message = clerk.wait_for_message(lambda m: "下書き K-1 を保存しています" in m.text, "the message", "D1")
    clerk.press(message, "提出")
    wait_until(lambda: heart.posts["K-1"].state is PostState.SUBMITTED or None, "the submission")

    assert [what for _, what in heart.acts] == ["save", "submit"]
    assert faces.office.inbox is not None


def test_now_goes_out_after_one_confirmation(serve: Serve, heart: PaperHeart, duty: Hand, chief: Hand) -> None:
    """The duty officer confirms once, with a reason; the card asks for 後閲."""
    serve()
    duty.type("/sns now 避難指示を発令しました。")
    form = duty.wait_for_form("緊急発信の確認")

    assert list(duty.submit(form).errors.values()) == [REQUIRED]
    assert duty.submit(form, {"緊急発信の理由": "水位"}).errors == {}

    def told() -> bool | None:
        return "緊急発信しました" in words_of(duty.wait_for_form("緊急発信の確認").payload["blocks"]) or None

    wait_until(told, "the answer")
    card = wait_for_card(chief, "K-1", "避難情報")
    chief.press(card, "後閲")
    wait_until(lambda: not heart.posts["K-1"].sign_off_open or None, "the sign-off")


def test_now_offers_a_shorter_text(serve: Serve, heart: PaperHeart, duty: Hand) -> None:
    """A platform that refuses the text is named, with a field for a shorter one; the others go."""
    serve()
    duty.type("/sns now " + "あ" * 141)
    form = duty.wait_for_form("緊急発信の確認")
    words = words_of(form.payload["blocks"])

    assert "発信するアカウント: 柏市LINE" in words
    assert "このままでは発信できないアカウント: 柏市公園緑地課X" in words
    too_long = {"緊急発信の理由": "水位", "X 用の短い本文": "い" * 141}
    assert list(duty.submit(form, too_long).errors) == ["now.short.x"]
    assert duty.submit(form, {"緊急発信の理由": "水位", "X 用の短い本文": "避難を"}).errors == {}
    wait_until(lambda: "K-1" in heart.posts or None, "the post")


def test_now_is_refused_to_others_with_who_can(serve: Serve, clerk: Hand) -> None:
    """Who may not send at once learns who may."""
    serve()
    clerk.type("/sns now 大変です")

    clerk.wait_for_message(lambda m: "発信できるのは 伊藤 大輔" in m.text, "the refusal")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/sns queue", "K-1"),
        ("/sns 一覧", "K-1"),
        ("/sns show K-1", "承認待ち"),
        ("/sns show K-9", "その番号の投稿は見つかりません"),
        ("/sns help", "/sns draft 本文"),
        ("/sns", "/sns draft 本文"),
        ("/sns qeue", "「/sns queue」ではありませんか。"),
        ("/sns cancel", "番号を続けて入力してください"),
    ],
)
def test_commands_answer(serve: Serve, clerk: Hand, typed: str, said: str) -> None:
    """Each sub-command answers the person who typed it, in words."""
    serve()
    draft(clerk)
    clerk.type(typed)

    clerk.wait_for_message(lambda m: said in f"{m.text}\n{words_of(m.blocks)}", said)


def test_cancel_says_what_stopped_and_what_was_out(serve: Serve, heart: PaperHeart, clerk: Hand) -> None:
    """Cancelling names what stopped, and what citizens see already with its link."""
    serve()
    number = draft(clerk)
    heart.deliver(number, DeliveryState.SENT)
    clerk.type(f"/sns 中止 {number.lower()} 日程変更のため")
    answer = clerk.wait_for_message(lambda m: "中止しました" in m.text, "the answer")

    assert "中止した投稿先: 柏市LINE" in answer.text
    assert "https://x.example/kashiwa_koen/status/1" in words_of(answer.blocks)
    assert heart.acts[-1][1] == "cancel:日程変更のため"


def test_a_stranger_is_told_so(serve: Serve, world: SlackWorld) -> None:
    """Who is nobody's staff gets a sentence, not silence."""
    serve()
    stranger = Hand(world, "U9", CHANNEL)
    stranger.type("/sns queue")

    stranger.wait_for_message(lambda m: "職員として登録されていません" in m.text, "the refusal")


def test_the_ledgers_question_is_answered_with_a_button(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand
) -> None:
    """A delivery nobody can account for is asked about, with the account's link; an answer takes the buttons off."""
    serve()
    number = draft(clerk)
    wait_for_card(chief, number)
    line = heart.deliver(number, DeliveryState.ASKED, question="the first")
    heart.notify(NoticeKind.ASK, number, delivery=line.id)
    question = chief.wait_for_message(lambda m: "確かめられませんでした" in m.text, "the question", CHANNEL)

    assert "https://x.example/kashiwa_koen" in words_of(question.blocks)
    chief.press(question, "投稿されていない（もう一度送る）")

    def answered() -> bool | None:
        now = [m for m in chief.messages(CHANNEL) if m.ts == question.ts]
        return (now != [] and "佐藤 誠 が回答しました" in words_of(now[0].blocks)) or None

    wait_until(answered, "the question to be ticked off")
    assert heart.acts[-1][1] == "answer:send"
    assert ["the first"] == heart.answered


def test_a_post_that_turns_out_to_be_there_after_all_is_told_to_the_channel(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand
) -> None:
    """It was given up and is there: where, what the ledger says, and what to do, for everybody in the channel."""
    serve()
    number = draft(clerk)
    wait_for_card(chief, number)
    line = heart.deliver(number, DeliveryState.CANCELLED)
    place = "https://x.example/kashiwa_koen/status/7"
    heart.notify(NoticeKind.DELIVERY, number, delivery=line.id, params={"found": place})
    told = chief.wait_for_message(lambda m: "後から分かりました" in m.text, "the alarm", CHANNEL)

    assert number in told.text
    assert place in told.text
    assert "台帳の状態は「中止」です" in told.text
    assert "二重の投稿" in told.text


def test_a_post_that_turns_out_to_be_anothers_is_told_to_the_channel(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand
) -> None:
    """What was found for it is another's: which, where, and what to do, for everybody in the channel."""
    serve()
    number = draft(clerk)
    wait_for_card(chief, number)
    line = heart.deliver(number, DeliveryState.SENT)
    place = "https://x.example/kashiwa_koen/status/8"
    heart.notify(NoticeKind.DELIVERY, number, delivery=line.id, params={"found": place, "owner": "K-99"})
    told = chief.wait_for_message(lambda m: "後から分かりました" in m.text, "the alarm", CHANNEL)

    assert number in told.text
    assert place in told.text
    assert "K-99 のものだった" in told.text
    assert "提出してください" in told.text


def test_to_send_outside_the_hours_a_reason_is_asked_for(
    serve: Serve, heart: PaperHeart, clerk: Hand, chief: Hand
) -> None:
    """今すぐ送る opens a form; what is written there goes with the answer, and the buttons go."""
    serve()
    number = draft(clerk)
    wait_for_card(chief, number)
    missed = Remark(code="hours_missed", params={"opens_at": "2026-12-01T23:30:00+00:00", "role": "manager"})
    line = heart.deliver(
        number, DeliveryState.ASKED, problem=missed, objection="hours", is_doubtful=False, question="the first"
    )
    heart.notify(NoticeKind.ASK, number, delivery=line.id)
    question = chief.wait_for_message(lambda m: "開庁を待つか" in m.text, "the question", CHANNEL)
    chief.press(question, "今すぐ送る")
    view = chief.wait_for_form("時間外に今すぐ送る")
    chief.submit(view, {"今すぐ送る理由": "交通規制のお知らせ"})

    def answered() -> bool | None:
        now = [m for m in chief.messages(CHANNEL) if m.ts == question.ts]
        return (now != [] and "佐藤 誠 が回答しました" in words_of(now[0].blocks)) or None

    wait_until(answered, "the question to be ticked off")
    assert heart.acts[-1][1] == "answer:send:交通規制のお知らせ"
    assert ["the first"] == heart.answered


def test_a_refusal_after_the_form_is_shown_in_its_place(serve: Serve, heart: PaperHeart, duty: Hand) -> None:
    """What the heart refuses after the acknowledgement replaces 「発信しています…」: nobody is left waiting."""
    serve()
    heart.fails = [Refusal("policy_blocks")]
    duty.type("/sns now 避難指示を発令しました。")
    duty.submit(duty.wait_for_form("緊急発信の確認"), {"緊急発信の理由": "水位"})
    page = duty.wait_for_form("お知らせ")

    assert "運用方針により投稿できません" in words_of(page.payload["blocks"])
    assert heart.posts == {}


def test_an_english_reader_gets_english(serve: Serve, world: SlackWorld, duty: Hand) -> None:
    """The person's Slack locale decides."""
    world.add_person("U3", "ito", "伊藤 大輔", "当直", locale="en-US")
    serve()
    duty.type("/sns help")

    duty.wait_for_message(lambda m: "How to use /sns" in m.text, "the help")
    duty.type("/sns now Flood")
    assert duty.wait_for_form("Emergency post").payload["submit"]["text"] == "Send now"
