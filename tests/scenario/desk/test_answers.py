"""What only a person can know: the author's answers, who is in the pictures, and a no said honestly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from town import CHIEF, CLERK, PR_CHIEF, PR_CLERK, changed_cities

from chatops.sandbox.footage import make_picture
from publisher.api import MediaChoice, PeopleShown
from publisher.errors import Refusal
from publisher.post import PostState
from publisher.store import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from town import Town

    from publisher.api import DraftForm, Question, Review


def all_but(questions: Sequence[Question], *noes: str) -> dict[str, bool]:
    """Answer yes, but no to the questions of these ids."""
    return {one.key: one.key.partition(".")[0] not in noes for one in questions}


def ids(questions: Sequence[Question]) -> list[str]:
    """Return the packs' own ids of questions."""
    return [one.key.partition(".")[0] for one in questions]


def picture(town: Town, folder: Path, shade: int = 0) -> MediaChoice:
    """Put a picture into the media store."""
    file = folder / f"{shade}.jpg"
    file.write_bytes(make_picture() + bytes([shade]))
    return MediaChoice(sha256=town.services.drafting.add_media("kashiwa", file, file.name).sha256, alt="花壇")


def open_decision(town: Town, number: str, noes: str) -> Mapping[str, Any]:
    """Return the chief's answers with no to one question."""
    asked = town.services.approving.questions("kashiwa", CHIEF, number=number, version=1)
    return {"answers": all_but(asked, noes)}


# ── the author ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clauses("kashiwa-3-3-business-only", "kashiwa-3-4-secrecy")
def test_the_author_is_asked_and_the_approver_is_not_asked_again(town: Town) -> None:
    """3(3) and 3(4) are the author's to answer, with who and when on record; the chief has points of his own."""
    review = town.save()
    assert ids(review.questions) == ["business", "no_secret"]

    town.hand_in(review)
    card = town.card(review.number)

    assert [("business", True), ("no_secret", True)] == [
        (one.key.partition(".")[0], one.answer) for one in card.author_answers
    ]
    assert not set(ids(card.questions)) & {"business", "no_secret"}
    assert "accurate" in ids(card.questions)
    with town.heart.database.reading() as tx:
        answered = [event for event in audit.of_post(tx, card.post_id) if event.kind == "answered"]
    assert [(CLERK, town.clock.now())] == [(event.who, event.at) for event in answered]


def test_nothing_is_submitted_with_a_question_open(town: Town) -> None:
    """Silence is neither yes nor no: the number of open questions is said, and nothing changes."""
    review = town.save()
    some = {review.questions[0].key: True}

    with pytest.raises(Refusal, match="questions_open") as refused:
        town.hand_in(review, answers=some)

    assert refused.value.params == {"count": len(review.questions) - 1}
    assert town.card(review.number).state is PostState.DRAFT


@pytest.mark.clauses("kashiwa-3-4-secrecy")
def test_an_authors_no_that_blocks_is_read_with_its_clause_and_not_submitted(town: Town) -> None:
    """地方公務員法 through 3(4): what holds a secret does not go in; the review says so before anything is stored."""
    review = town.save()
    answers = all_but(review.questions, "no_secret")

    seen = town.services.drafting.review("kashiwa", CLERK, review.number, answers=answers)
    blocking = [one for pane in seen.panes for one in pane.findings if one.effect == "block"]

    assert seen.effect == "block"
    assert {"3(4)"} == {cited.section for one in blocking for cited in one.citations}
    assert [True, False] == [one.answer for one in seen.questions]
    with pytest.raises(Refusal, match="policy_blocks"):
        town.hand_in(review, answers=answers)
    assert town.card(review.number).author_answers == ()


def test_an_edited_draft_asks_again_and_offers_the_former_answers(town: Town) -> None:
    """A new version is answered anew; the same question begins with what was said of it before."""
    number = town.submit()
    review = town.services.drafting.save(town.act(CLERK), town.form("別の文です。"), number=number, version=1)

    assert [True, True] == [one.answer for one in review.questions]
    assert town.card(number).author_answers == ()
    with pytest.raises(Refusal, match="questions_open"):
        town.hand_in(review, answers={})


def test_two_packs_with_one_id_and_other_words_are_two_questions(town: Town) -> None:
    """`no_secret` is the author's in Kashiwa's guideline and the approver's in the common one: neither answers both."""
    review = town.save(form=town.form(accounts=("kashiwa_koen", "kashiwa_line")))
    no = all_but(review.questions, "no_secret")
    seen = town.services.drafting.review("kashiwa", CLERK, review.number, answers=no)
    assert ["kashiwa_koen"] == [pane.account for pane in seen.panes if pane.decision == "block"]

    town.hand_in(review)
    asked = [one for one in town.card(review.number).questions if one.key.startswith("no_secret.")]

    assert ["秘密や、まだ公表していない内容を含んでいませんか。"] == [one.text.ja for one in asked]


def test_where_nobody_signs_the_author_answers_for_the_approver(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """An empty route asks the author what an approver would have been asked; the answers then let it through."""
    cities = changed_cities(
        tmp_path, "    on_emergency: repost\n", "    on_emergency: repost\n    settings: {approval: not_required}\n"
    )
    town = make_town(cities=cities)
    review = town.save()

    assert {"business", "accurate", "no_slander"} <= set(ids(review.questions))
    assert town.hand_in(review).code == "approved_by_rule"


# ── people in pictures ──────────────────────────────────────────────────────────────────────────────


def saved_with_picture(town: Town, folder: Path) -> tuple[Review, DraftForm]:
    """Save a draft with a picture."""
    form = town.form(media=(picture(town, folder),))
    return town.save(form=form), form


def test_of_each_picture_it_is_said_who_is_in_it(town: Town, tmp_path: Path) -> None:
    """Without a word on a picture nothing goes in; "nobody" and "all agreed" do, and the card says which."""
    review, form = saved_with_picture(town, tmp_path)
    sha256 = form.media[0].sha256

    for unsaid in ({}, {sha256: PeopleShown.UNKNOWN}, {sha256: "perhaps"}):
        with pytest.raises(Refusal, match="people_unsaid"):
            town.hand_in(review, people=unsaid)
    town.hand_in(review, people={sha256: PeopleShown.AGREED})

    assert [PeopleShown.AGREED] == [one.people for one in town.card(review.number).media]


@pytest.mark.clauses("kashiwa-3-7-personal")
def test_a_picture_of_somebody_who_did_not_agree_is_blocked(town: Town, tmp_path: Path) -> None:
    """3(7) with 5: the review says it with the clause, and it is refused; with the consent it goes."""
    review, form = saved_with_picture(town, tmp_path)
    people = {form.media[0].sha256: PeopleShown.NOT_AGREED}

    seen = town.services.drafting.review("kashiwa", CLERK, review.number, people=people)
    sections = {
        cited.section
        for pane in seen.panes
        for one in pane.findings
        if one.effect == "block"
        for cited in one.citations
    }

    assert (seen.effect, sections) == ("block", {"3(7)・5"})
    with pytest.raises(Refusal, match="policy_blocks"):
        town.hand_in(review, people=people)
    assert town.hand_in(review, people={form.media[0].sha256: PeopleShown.AGREED}).code == "submitted"


def test_the_same_picture_keeps_its_first_value_and_another_has_none(town: Town, tmp_path: Path) -> None:
    """After an edit the same file begins with what was said of it; a new file begins with nothing."""
    review, form = saved_with_picture(town, tmp_path)
    town.hand_in(review, people={form.media[0].sha256: PeopleShown.AGREED})
    both = town.form(media=(form.media[0], picture(town, tmp_path, 1)))
    again = town.services.drafting.save(town.act(CLERK), both, number=review.number, version=1)

    assert [PeopleShown.AGREED, PeopleShown.UNKNOWN] == [one.people for one in again.media]


# ── the approver ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clauses("kashiwa-3-5-accurate")
def test_an_approvers_no_that_blocks_is_said_before_and_refused(town: Town) -> None:
    """3(5): what is not right is sent back, never approved; weighing it says so and stores nothing."""
    number = town.submit()
    more = open_decision(town, number, "accurate")

    weighing = town.services.approving.weigh("kashiwa", CHIEF, number=number, version=1, **more)

    assert (weighing.effect, weighing.needs_reason) == ("block", False)
    assert ["3(5)"] == [cited.section for one in weighing.findings for cited in one.citations]
    with pytest.raises(Refusal, match="policy_blocks"):
        town.decide(CHIEF, number, **more)
    assert town.card(number).state is PostState.SUBMITTED


@pytest.mark.clauses("kashiwa-3-4-undecided")
def test_an_approvers_no_that_escalates_needs_the_right_persons_reason(town: Town) -> None:
    """3(4): what is not decided yet needs the head's word; the section's chief is the head beside its own account."""
    number = town.submit()
    more = open_decision(town, number, "decided")

    weighing = town.services.approving.weigh("kashiwa", CHIEF, number=number, version=1, **more)

    assert (weighing.effect, weighing.needs_reason) == ("escalate", True)
    with pytest.raises(Refusal, match="note_missing"):
        town.decide(CHIEF, number, **more)
    assert town.decide(CHIEF, number, note="市長の了承を得て先に知らせる", **more).code == "approved"


@pytest.mark.clauses("kashiwa-3-4-undecided")
def test_a_consent_that_no_step_was_to_give_becomes_a_step(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """Where who approves cannot consent, the round goes on to who can, and that person's reason lets the post go."""
    roles = (
        "roles: [approver{}]\n  duty_officer:\n    title: {{ja: 当直, en: Duty Officer}}\n    section: bosai\n"
        "    roles: [author, emergency]\n  bosai_chief:\n    title: {{ja: 課長, en: Section Chief}}\n"
        "    section: bosai\n    roles: [approver, emergency{}]"
    )
    cities = changed_cities(tmp_path, roles.format(", manager", ""), roles.format("", ", manager"))
    town = make_town(cities=cities)
    number = town.submit(PR_CLERK, town.form(section="koho", accounts=("kashiwa_shi",)))
    asked = town.services.approving.questions("kashiwa", PR_CHIEF, number=number, version=1)
    answers = all_but(asked, "decided")

    weighing = town.services.approving.weigh("kashiwa", PR_CHIEF, number=number, version=1, answers=answers)
    first = town.decide(PR_CHIEF, number, answers=answers)

    assert ("防災安全課長 渡辺 恵",) == weighing.consent_from
    assert ("step_approved", {"waiting_for": "防災安全課長 渡辺 恵"}) == (first.code, first.params)
    assert [False, True] == [step.is_final for step in town.card(number).panes[0].steps]
    with pytest.raises(Refusal, match="note_missing"):
        town.decide("bosai_watanabe", number, answers=answers)
    assert town.decide(PR_CHIEF, number, answers=answers, note="私が決めます").code == "decided_already"
    assert town.decide("bosai_watanabe", number, answers=answers, note="市長の了承を得ている").code == "approved"


def test_a_no_that_warns_is_recorded_and_shown(town: Town) -> None:
    """A hashtag that does not fit (2(4)ケ(イ)) is the approver's to judge; the no stays with the decision."""
    number = town.submit(form=town.form("手賀沼公園の紅葉が見頃です。 #手賀沼"))
    more = open_decision(town, number, "fitting_hashtags")

    weighing = town.services.approving.weigh("kashiwa", CHIEF, number=number, version=1, **more)

    assert (weighing.effect, weighing.needs_reason, weighing.consent_from) == ("warn", False, ())
    assert town.decide(CHIEF, number, **more).code == "approved"
    with town.heart.database.reading() as tx:
        kept = tx.connection.exec_driver_sql("SELECT answers FROM approvals").scalar_one()
    assert "fitting_hashtags" in str(kept)
    assert "false" in str(kept).lower()


# ── places in the text ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.clauses("kashiwa-3-7-personal")
def test_a_finding_shows_the_place_in_the_text(town: Town) -> None:
    """A number that is not public stands with a few characters on each side, on one line."""
    text = "手賀沼公園の紅葉が見頃です。\nお問い合わせの電話は04-7100-0000です。雨天のときは中止します。"
    review = town.save(form=town.form(text))
    places = [place for pane in review.panes for one in pane.findings for place in one.places]

    assert [("…お問い合わせの電話は", "04-7100-0000", "です。雨天のときは中…")] == [
        (one.before, one.place, one.after) for one in places
    ]
