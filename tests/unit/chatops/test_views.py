"""Views are pure, stay within Slack's limits, and say what the heart says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from paper_heart import CATEGORIES, NOW, OPENING, QUESTION, PaperHeart, PaperPost, pane

from chatops.block_kit import MAX_METADATA_CHARS, count_chars, modal, texts_of
from chatops.checklist import NO, answer_lines
from chatops.features.approve.card import build_card
from chatops.features.approve.views import build_checklist
from chatops.features.ask.views import Doubt, build_question, doubt_of
from chatops.features.draft.reading import read_form, to_data
from chatops.features.draft.views import build_form
from chatops.features.now.reading import Filled
from chatops.features.now.views import build_form as build_now
from chatops.features.queue.views import build_queue
from chatops.features.review.views import build_review
from chatops.features.show.views import build_pages
from chatops.messages import Voice
from chatops.panes import finding_blocks
from chatops.sandbox.hand import words_of
from chatops.sandbox.limits import check_message_blocks, check_view
from platforms.port import Remark
from publisher.api import (
    CardView,
    Citation,
    DeliveryState,
    DraftForm,
    Excerpt,
    FindingView,
    MediaView,
    Mistake,
    Outlook,
    PostState,
    Question,
    QueueLine,
    Said,
    SignOffView,
)

FEATURES = Path(__file__).resolve().parents[3] / "chatops" / "features"
SAY = Voice(now=NOW)
ENGLISH = Voice(locale="en-US", now=NOW)


def enums() -> list[type[StrEnum]]:
    """Return every feature's ids."""
    found = []
    for path in sorted(FEATURES.glob("*/ids.py")):
        module = import_module(f"chatops.features.{path.parent.name}.ids")
        found += [each for each in vars(module).values() if isinstance(each, type) and each is not StrEnum]
    return found


def card_of(text: str, state: PostState = PostState.SUBMITTED, accounts: int = 3) -> CardView:
    """Make a card."""
    heart = PaperHeart()
    heart.questions_asked = (QUESTION,)
    form = DraftForm(section="koen", text=text, accounts=("koen", "line", "video"), category="event")
    heart.posts["K-12"] = PaperPost(number="K-12", author="tanaka", form=form, state=state)
    heart.deliver("K-12", DeliveryState.SENT)
    card = heart.card("K-12")
    return replace(card, panes=tuple(replace(pane("line", text), name=f"アカウント{i}") for i in range(accounts)))


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    """Return the words on the buttons."""
    return [element["text"]["text"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


def test_ids_are_unique_across_features() -> None:
    """No two features listen to the same id, and each begins with its feature's name."""
    ids = [(each.__module__.split(".")[2], str(value)) for each in enums() for value in each]

    assert len(ids) > 25
    assert len({value for _, value in ids}) == len(ids)
    assert [] == [value for feature, value in ids if not value.startswith(f"{feature}.")]
    assert max(len(value) for _, value in ids) < 200


@pytest.mark.parametrize("say", [SAY, ENGLISH], ids=["ja", "en"])
@pytest.mark.parametrize("text", ["短い。", "&<>" * 900, "長い文。" * 3000, "一行\n" * 900], ids=len)
@pytest.mark.parametrize("accounts", [1, 4, 40])
def test_a_card_is_always_within_slacks_limits(say: Voice, text: str, accounts: int) -> None:
    """However long the text and however many the accounts, Slack takes the card."""
    for state in PostState:
        blocks = build_card(card_of(text, state, accounts), say)

        assert check_message_blocks(blocks) == blocks
        assert count_chars(blocks) < 13_200


def test_a_cut_text_says_where_the_rest_is() -> None:
    """「…（全文は /sns show K-12）」 stands where a text was cut; `/sns show` has all of it."""
    text = "".join(f"第{i}文。" for i in range(2000))
    blocks = build_card(card_of(text), SAY)
    pages = build_pages(card_of(text), SAY)
    said = "".join(text for page in pages for text in texts_of(page))

    assert any("…（全文は /sns show K-12）" in str(block) for block in blocks)
    assert "第1999文。" in said
    for page in pages:
        assert check_message_blocks(page) == page


def test_what_people_type_is_no_markup() -> None:
    """A text can't mention a channel or hide a link in a card; its signs are read as they will be posted."""
    text = "<!channel> <https://evil.example|安全> *強調* `x`"
    blocks = build_card(card_of(text), SAY)
    parts = [block["elements"][0] for block in blocks if block["type"] == "rich_text"]
    quoted = [part["elements"][0] for part in parts if part["type"] == "rich_text_quote"]

    assert quoted == [{"type": "text", "text": text}] * 3
    assert not any("<!channel>" in str(block) for block in blocks if block["type"] != "rich_text")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PostState.SUBMITTED, ["決裁", "差戻し", "廃案", "取下げ"]),
        (PostState.APPROVED, ["訂正・削除"]),
        (PostState.REJECTED, ["訂正・削除"]),
        (PostState.RETURNED, ["書き直す"]),
    ],
)
def test_a_decided_card_loses_its_buttons(state: PostState, words: list[str]) -> None:
    """Buttons are for what can still be decided; what is out can be put right, and what is not out cannot."""
    view = card_of("本文", state)
    unsent = tuple(replace(line, state=DeliveryState.CANCELLED) for line in view.deliveries)

    assert buttons(build_card(view, SAY)) == words
    assert "訂正・削除" not in buttons(build_card(replace(view, deliveries=unsent), SAY))


def test_a_step_before_the_last_says_shonin() -> None:
    """承認 before the last step, 決裁 at it."""
    view = replace(card_of("本文"), next_is_final=False)

    assert buttons(build_card(view, SAY))[0] == "承認"


@pytest.mark.parametrize("say", [SAY, ENGLISH], ids=["ja", "en"])
def test_the_form_is_a_valid_view_with_its_values(say: Voice) -> None:
    """The form opens filled in; a date stands in Japan's time."""
    model = PaperHeart().open_form("kashiwa", "tanaka", "本文")
    filled = replace(model, form=replace(model.form, publish_at=OPENING, titles={"youtube": "題"}))
    view = build_form(filled, say, metadata="{}", problem="だめ")
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}

    assert check_view(view) == view
    assert elements["draft.text"]["initial_value"] == "本文"
    assert elements["draft.day"]["initial_date"] == "2026-12-07"
    assert elements["draft.hour"]["initial_time"] == "08:30"
    assert elements["draft.title.youtube"]["initial_value"] == "題"
    assert [each["value"] for each in elements["draft.accounts"]["initial_options"]] == ["koen"]


@pytest.mark.parametrize("say", [SAY, ENGLISH], ids=["ja", "en"])
@pytest.mark.parametrize("text", ["本文", "禁止", "夜間", "夜間 禁止", "あ" * 9000])
def test_a_review_is_a_valid_view(say: Voice, text: str) -> None:
    """With and without an offer, submittable or not: no input without a submit button."""
    heart = PaperHeart()
    form = DraftForm(section="koen", text=text, accounts=("koen", "line"), category="event", publish_at=OPENING)
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=form)
    view = build_review(heart.review("kashiwa", "tanaka", "K-1"), say, metadata="{}")

    assert check_view(view) == view
    assert ("submit" in view) is ("禁止" not in text)


def test_the_next_opening_is_offered_and_chosen() -> None:
    """次の開庁時刻 is one of two choices, with its time in words."""
    heart = PaperHeart()
    form = DraftForm(section="koen", text="夜間", accounts=("line",), category="event")
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=form)
    view = build_review(heart.review("kashiwa", "tanaka", "K-1"), SAY, metadata="{}")
    offer = next(block for block in view["blocks"] if block["type"] == "input")

    assert [each["text"]["text"] for each in offer["element"]["options"]] == [
        "次の開庁時刻 12月7日(月) 8:30 に変更する",
        "この時刻のまま提出する（上位者の了承が必要です）",
    ]


def test_checklist_and_confirmation_are_valid_views() -> None:
    """The checklist has a box for each point; the confirmation of `/sns now` the kinds."""
    long = Question(key="k" * 60, text=Said(ja="長い問い" * 100, en="long"), citation=QUESTION.citation)
    checklist = build_checklist("K-1", (QUESTION, long), SAY, metadata="{}")
    form = PaperHeart._Overriding(PaperHeart()).open_form("kashiwa", "ito", "あ" * 200)
    confirmation = build_now(form, Filled(), SAY, metadata="{}")

    assert check_view(checklist) == checklist
    assert check_view(confirmation) == confirmation
    boxes = [block["element"]["options"] for block in checklist["blocks"] if block["element"]["type"] == "checkboxes"]
    assert [[box["value"] for box in group] for group in boxes] == [[QUESTION.key, NO], ["k" * 60, NO]]


def test_the_points_of_a_document_stand_together_with_their_clauses() -> None:
    """Eleven points of one document: nine and the box that says no, as many as Slack takes, then the other two."""
    cited = Citation(clause="c", document=Said(ja="指針", en="Guide"), section="3(4)", quote="守秘義務を遵守する")
    asked = [Question(key=f"q{i}", text=Said(ja=f"問い{i}", en=f"q{i}"), citation=cited) for i in range(11)]
    view = build_checklist("K-1", asked, SAY, metadata="{}", is_final=False)
    groups = [block for block in view["blocks"] if block["element"]["type"] == "checkboxes"]

    assert check_view(view) == view
    assert [len(group["element"]["options"]) for group in groups] == [10, 3]
    assert {group["element"]["options"][-1]["value"] for group in groups} == {NO}
    assert groups[0]["label"]["text"] == "確かめて、問題のない項目に印を付けてください（指針）"
    assert groups[0]["element"]["options"][0]["description"]["text"] == "3(4)「守秘義務を遵守する」"
    assert (view["title"]["text"], view["submit"]["text"]) == ("K-1 の承認", "承認")


def test_nothing_that_is_required_says_that_it_is_optional() -> None:
    """What the heart refuses when it is empty is required for Slack too; only the rest is marked 「任意」."""
    draft = build_form(PaperHeart().open_form("kashiwa", "tanaka", "本文"), SAY, metadata="{}")
    form = PaperHeart._Overriding(PaperHeart()).open_form("kashiwa", "ito", "あ")
    confirmation = build_now(form, Filled(), SAY, metadata="{}")
    views = [draft, confirmation, build_checklist("K-1", (QUESTION,), SAY, metadata="")]
    fields = [block for view in views for block in view["blocks"] if block["type"] == "input"]

    required = [block["block_id"] for block in fields if not block["optional"]]
    assert ["now.level" if each.startswith("now.level.") else each for each in required] == [
        "draft.text",
        "draft.accounts",
        "draft.category",
        "now.text",
        "now.kind",
        "now.reason",
        "now.level",
        "approve.question.0",
    ]
    assert [block["label"]["text"] for block in fields if "任意" in block["label"]["text"]] == []


def test_an_emergency_card_says_when_it_was_sent_and_who_signed() -> None:
    """It speaks of no 決裁 to come, but of its sending, its 後閲 and the clause that allowed it."""
    allowed = FindingView(
        effect="allow",
        message=Said(ja="災害等における情報なので投稿できます。", en="Disasters may be posted."),
        citations=(
            Citation(
                clause="c", document=Said(ja="指針", en="Guide"), section="2(4)キ ただし書", quote="ただし、災害等"
            ),
        ),
    )
    open_sign_off = SignOffView(opened_at=NOW, signed_by=None, signed_at=None)
    shown = card_of("避難", PostState.CLOSED)
    view = replace(
        shown,
        is_emergency=True,
        sign_off_open=True,
        sign_off=open_sign_off,
        panes=tuple(replace(each, findings=(allowed,), steps=()) for each in shown.panes),
    )
    signed = replace(
        view, sign_off_open=False, sign_off=replace(open_sign_off, signed_by="課長 高橋 健一", signed_at=NOW)
    )
    said, after = words_of(build_card(view, SAY)), words_of(build_card(signed, SAY))

    assert f"発信日時: {SAY.moment(NOW)}" in said
    assert "投稿日時" not in said
    assert "後閲: まだです" in said
    assert "緊急発信のため、決裁を待たずに発信しました" in said
    assert "指針 2(4)キ ただし書「ただし、災害等」" in said
    assert f"後閲: 課長 高橋 健一（{SAY.moment(NOW)}）" in after
    assert buttons(build_card(signed, SAY)) == ["訂正・削除"]


@pytest.mark.parametrize(
    ("line", "doubt", "asked", "words"),
    [
        (
            {"problem": Remark(code="perhaps_sent"), "who": "author"},
            Doubt.IS_IT_THERE,
            "投稿されたかどうかを確かめられませんでした",
            ["投稿されていた", "投稿されていない（もう一度送る）", "送らない"],
        ),
        (
            {"problem": Remark(code="token_refused", params={"platform": "x"}), "who": "it"},
            Doubt.IS_IT_THERE,
            "対応をお願いする方: 情報担当",
            ["投稿されていた", "投稿されていない（もう一度送る）", "送らない"],
        ),
        (
            {
                "problem": Remark(code="late", params={"latest_at": "2026-12-01T03:00:00+00:00"}),
                "objection": "late",
                "who": "author",
                "is_doubtful": False,
            },
            Doubt.SEND_ANYWAY,
            "有効期限（12月1日(火) 12:00）を過ぎたため、保留しています。それでも送りますか。",
            ["それでも送る", "送らない"],
        ),
        (
            {
                "problem": Remark(code="policy_escalates", params={"role": "manager", "message_ja": "広告です。"}),
                "objection": "policy",
                "who": "author",
                "is_doubtful": False,
            },
            Doubt.SEND_ANYWAY,
            "対応をお願いする方: 運用管理者",
            ["それでも送る", "送らない"],
        ),
        (
            {
                "problem": Remark(
                    code="hours_missed",
                    params={
                        "role": "manager",
                        "document_ja": "柏市公式ツイッター運用ガイドライン",
                        "section": "2(4)キ",
                        "planned_at": "2026-12-01T08:00:00+00:00",
                        "opens_at": "2026-12-01T23:30:00+00:00",
                    },
                ),
                "objection": "hours",
                "who": "author",
                "is_doubtful": False,
            },
            Doubt.NOW_OR_LATER,
            "開庁時間を過ぎました（柏市公式ツイッター運用ガイドライン 2(4)キ）。",
            ["開庁を待つ", "今すぐ送る", "送らない"],
        ),
        (
            {"problem": Remark(code="token_refused", params={"platform": "x"}), "who": "it", "is_doubtful": False},
            Doubt.MENDED,
            "直ったら「もう一度送る」を押してください",
            ["もう一度送る", "送らない"],
        ),
        (
            {"problem": Remark(code="policy_blocks"), "who": "author", "is_doubtful": False},
            Doubt.REWRITTEN,
            "直して、もう一度提出してください",
            ["書き直す", "もう一度送る", "送らない"],
        ),
        (
            {"problem": Remark(code="something_new")},
            Doubt.IS_IT_THERE,
            "something_new",
            ["投稿されていた", "投稿されていない（もう一度送る）", "送らない"],
        ),
    ],
    ids=["unknown", "unknown, and the token is gone", "late", "policy", "hours", "token", "blocked", "new"],
)
def test_a_question_asks_what_is_in_doubt(line: dict[str, Any], doubt: Doubt, asked: str, words: list[str]) -> None:
    """Wherever a post may be there already a person is asked to look; else what to do is said, and who must."""
    heart = PaperHeart()
    heart.posts["K-1"] = PaperPost(
        number="K-1", author="tanaka", form=DraftForm(section="koen", text="あ", accounts=(), category=None)
    )
    made = heart.deliver("K-1", DeliveryState.ASKED, **line)
    _, blocks = build_question("K-1", made, SAY)

    assert doubt_of(made) is doubt
    assert asked in words_of(blocks)
    assert buttons(blocks) == words
    assert check_message_blocks(blocks) == blocks


def state(**elements: dict[str, Any]) -> dict[str, Any]:
    """Make Slack's state of a form."""
    return {"values": {f"draft.{name}": {f"draft.{name}": element} for name, element in elements.items()}}


def test_a_filled_form_is_read_in_japans_time() -> None:
    """Text, accounts, variants and both times come out of Slack's state."""
    values = state(
        text={"value": " 本文 "},
        accounts={"selected_options": [{"value": "koen"}]},
        category={"selected_option": {"value": "event"}},
        day={"selected_date": "2026-12-01"},
        hour={"selected_time": "09:00"},
    )
    values["values"]["draft.variant.x"] = {"draft.variant.x": {"value": "短い"}}
    values["values"]["draft.variant.line"] = {"draft.variant.line": {"value": None}}
    filled = read_form(values, section="koen")

    assert filled.form == DraftForm(
        section="koen",
        text="本文",
        accounts=("koen",),
        category="event",
        variants={"x": "短い"},
        publish_at=datetime(2026, 12, 1, 0, 0, tzinfo=UTC),
    )
    assert filled.mistakes == ()


def test_half_a_time_too_many_and_too_large_files_are_mistakes_of_the_form() -> None:
    """What only the face can know is found before anything is fetched."""
    big = {"id": "F1", "name": "大.jpg", "mimetype": "image/jpeg", "size": 40 * 2**20}
    small = {"id": "F2", "name": "小.jpg", "mimetype": "image/jpeg", "size": 1}
    filled = read_form(state(hour={"selected_time": "09:00"}, files={"files": [big, *[small] * 4]}), section="koen")

    assert [(each.place, each.code) for each in filled.mistakes] == [
        ("publish_at", "time_not_clear"),
        ("media", "too_many_files"),
        ("media", "media_too_large"),
    ]
    assert filled.mistakes[2] == Mistake(
        place="media", code="media_too_large", params={"name": "大.jpg", "mib": 40, "limit": 20}
    )


def test_metadata_that_would_be_cut_is_an_error() -> None:
    """Half of a form's memory is worse than none."""
    with pytest.raises(ValueError, match="too long"):
        modal("x", "t", [], metadata="a" * (MAX_METADATA_CHARS + 1))


def test_categories_of_the_paper_heart_have_both_languages() -> None:
    """A pack's own words come in both."""
    assert CATEGORIES[0].name.in_("en-US") == "Event"


def test_each_account_keeps_the_clause_of_its_own_pack() -> None:
    """Two packs that say the same in the same words are one finding, but no account is shown under another's clause."""
    said = Said(ja="時間外です。", en="Outside hours.")
    guide, common = (
        Citation(clause=clause, document=Said(ja=name, en=name), section="1", quote="")
        for clause, name in (("a-1", "柏市の指針"), ("n-1", "共通のルール"))
    )
    one, other = card_of("本文").panes[:2]
    panes = [
        replace(one, name="公式X", findings=(FindingView(effect="warn", message=said, citations=(guide,)),)),
        replace(other, name="公式LINE", findings=(FindingView(effect="warn", message=said, citations=(common,)),)),
    ]

    lines = words_of(finding_blocks(panes, SAY)).splitlines()

    assert 1 == sum("時間外です。" in line for line in lines)
    assert lines[-4:] == ["柏市の指針 1", "対象: 公式X", "共通のルール 1", "対象: 公式LINE"]


def test_a_finding_shows_its_places_and_no_sign_of_the_text_is_markup() -> None:
    """The place stands in bold between its words, at most three, each once; the text's own signs stay signs."""
    spots = [Excerpt(before="…*電話*は", place=f"04-7100-000{i}", after="<!channel>です…") for i in (0, 0, 1, 2, 3)]
    seen = FindingView(
        effect="warn", message=Said(ja="番号があります。", en="A number."), citations=(), places=tuple(spots)
    )
    shown = replace(pane("line", "本文"), findings=(seen,))
    (block,) = [each for each in finding_blocks([shown], SAY) if each["type"] == "rich_text"]
    parts = block["elements"][0]["elements"]

    assert [f"04-7100-000{i}" for i in (0, 1, 2)] == [
        part["text"] for part in parts if part.get("style") and part["text"].startswith("04")
    ]
    assert "".join(part["text"] for part in parts).endswith(
        "番号があります。\n　該当箇所: …*電話*は04-7100-0000<!channel>です…"
        "\n　該当箇所: …*電話*は04-7100-0001<!channel>です…\n　該当箇所: …*電話*は04-7100-0002<!channel>です…"
    )


def test_a_clause_that_a_card_cuts_is_whole_in_show() -> None:
    """A card has the beginning of a long clause; `/sns show` all of it."""
    quote = "".join(f"第{i}号に掲げる事項。" for i in range(60))
    cited = replace(QUESTION.citation, quote=quote)
    finding = FindingView(effect="warn", message=Said(ja="注意", en="Mind"), citations=(cited,))
    shown = card_of("本文", accounts=1)
    view = replace(shown, panes=(replace(shown.panes[0], findings=(finding,)),))
    said = "".join(text for page in build_pages(view, SAY) for text in texts_of(page))

    assert quote not in "".join(texts_of(build_card(view, SAY)))
    assert quote in said


def test_the_queue_shows_an_excerpt_as_it_was_typed() -> None:
    """Asterisks and brackets of a text are no markup in the list."""
    line = QueueLine(
        number="K-1",
        state=PostState.SUBMITTED,
        outlook=Outlook.NOTHING_YET,
        publish_at=None,
        section_name="公園緑地課",
        excerpt="*先着* <!channel> ~100名~",
        accounts=("柏市LINE",),
        waiting_for=(),
    )
    block = build_queue([line], SAY)[1]
    parts = block["elements"][0]["elements"]

    assert check_message_blocks([block]) == [block]
    assert [("K-1", True)] == [(part["text"], part["style"]["bold"]) for part in parts if "style" in part]
    assert "\n*先着* <!channel> ~100名~\n" in parts[1]["text"]


@pytest.mark.parametrize("say", [SAY, ENGLISH], ids=["ja", "en"])
def test_a_review_with_questions_and_pictures_is_a_valid_view(say: Voice) -> None:
    """Nothing is ticked but former answers; a clause too long for its box stands whole below the group."""
    cited = replace(QUESTION.citation, quote="条項の言葉。" * 20)
    asked = (replace(QUESTION, answer=True), Question(key="long.1", text=Said(ja="問い", en="q"), citation=cited))
    media = tuple(
        MediaView(sha256=f"{i:064x}", kind=kind, name=f"{i}", alt="", path=Path(), mime="", source="", people=people)
        for i, (kind, people) in enumerate([("image", "unknown"), ("video", "agreed")])
    )
    heart = PaperHeart()
    form = DraftForm(section="koen", text="本文", accounts=("line",), category="event")
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=form)
    review = replace(heart.review("kashiwa", "tanaka", "K-1"), questions=asked, media=media)
    view = build_review(review, say, metadata="{}")
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}

    assert check_view(view) == view
    assert [QUESTION.key] == [each["value"] for each in fields["review.question.0"]["initial_options"]]
    assert [None, "agreed"] == [
        (fields[f"review.people.{each.sha256}"].get("initial_option") or {}).get("value") for each in media
    ]
    assert cited.quote in "".join(texts_of(view["blocks"]))


def test_an_authors_no_stands_first_and_is_marked() -> None:
    """The approver sees each answer; a no cannot be missed, and is never left out for want of room."""
    asked = [replace(QUESTION, key=f"q.{i}", text=Said(ja=f"問い{i}", en="q"), answer=i != 14) for i in range(15)]
    lines = answer_lines(asked, (), SAY, most=12)

    assert lines[0] == "❌ *いいえ（問題がある、または確かめられない）: 問い14*"
    assert lines[1] == "✓ 問い0"
    assert (len(lines), lines[-1]) == (13, "ほか3項目も確かめました。")


def test_the_box_of_what_is_related_to_a_disaster_is_read_and_drawn_only_where_it_may_be_ticked() -> None:
    """Ticked it is in the form and in the act's data; whoever may not mark sees no box, a marked post says it."""
    filled = read_form(state(related={"selected_options": [{"value": "related"}]}), section="koen")
    model = PaperHeart().open_form("kashiwa", "tanaka")
    drawn = [build_form(replace(model, may_mark=may), SAY, metadata="{}") for may in (True, False)]
    marked = build_form(replace(model, form=replace(model.form, is_disaster_related=True)), SAY, metadata="{}")

    assert filled.form.is_disaster_related
    assert to_data(filled)["is_disaster_related"]
    assert [True, False] == [any(one.get("block_id") == "draft.related" for one in view["blocks"]) for view in drawn]
    assert "【災害関連】の投稿として指定されています。" in words_of(marked["blocks"])
    assert all(check_view(view) == view for view in (*drawn, marked))
