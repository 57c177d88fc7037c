"""`/sns correct`: putting a post right wherever it went, and taking it back at once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, CLERK, DUTY, PR_CHIEF, PR_CLERK, build_town, changed_cities

from chatops.features.correct.views import answer_text, build_form, way_lines
from chatops.messages import Voice
from chatops.sandbox.hand import words_of
from chatops.sandbox.limits import check_view
from publisher.api import Answer, CorrectionOrder, Decision, NoticeKind, Outlook
from publisher.errors import Refusal
from publisher.post import PostState
from publisher.store import audit, corrections, evidence, posts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from town import Town

    from publisher.api import CorrectionForm, Outcome
    from publisher.store.evidence import Evidence

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

THREE = ("kashiwa_koen", "kashiwa_line", "kashiwa_facebook")
OLD = "手賀沼公園のイルミネーションは12月5日（土）からです。"


@pytest.fixture(name="town")
def _town(tmp_path: Path, store_url: str) -> Iterator[Town]:
    town = build_town(tmp_path / "var", SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


@pytest.fixture(name="town_under")
def _town_under(tmp_path: Path) -> Iterator[Callable[[str], Town]]:
    """Build the town with another city's pack for X; a second time, after a restart with that one."""
    towns: list[Town] = []

    def make(pack: str) -> Town:
        shutil.rmtree(tmp_path / "cities", ignore_errors=True)
        cities = changed_cities(tmp_path, "x: kashiwa", f"x: {pack}")
        file = cities / "kashiwa.yaml"
        signed = "    settings: {approval: required}\n    url: https://x.com/"
        file.write_text(file.read_text("utf-8").replace("    url: https://x.com/", signed), "utf-8")
        towns.append(build_town(tmp_path / "var", cities=cities))
        return towns[-1]

    yield make
    for town in towns:
        town.heart.database.close()


def approved(town: Town, accounts: tuple[str, ...] = THREE, text: str = OLD, **changes: Any) -> str:
    """Submit a post and let everybody approve it."""
    person = changes.pop("person", CLERK)
    number = town.submit(person, form=town.form(text, accounts=accounts, **changes))
    decide_all(town, number)
    return number


def decide_all(town: Town, number: str) -> None:
    """Let both chiefs decide what is theirs."""
    for person in (CHIEF, PR_CHIEF):
        if any(person in _keys(town, name) for name in town.card(number).waiting_for):
            town.decide(person, number)


def _keys(town: Town, name: str) -> list[str]:
    return [key for key in (CHIEF, PR_CHIEF) if town.heart.cities["kashiwa"].people[key].name in name]


def published(town: Town, **changes: Any) -> str:
    """Bring a post out everywhere."""
    number = approved(town, **changes)
    town.send()
    town.notices()
    return number


def correct(town: Town, number: str, person: str = CHIEF, *, cause: str = "personal_data", **changes: Any) -> Outcome:
    """Order a correction."""
    values = {"note": "氏名が写っていました"} | changes
    return town.services.correcting.correct(town.act(person), CorrectionOrder(number=number, cause=cause, **values))


def look(town: Town, number: str, person: str = CHIEF) -> CorrectionForm:
    """Look at what can be done."""
    return town.services.correcting.look("kashiwa", person, number)


def refusal(call: Callable[..., Any], *args: Any, **changes: Any) -> str:
    """Return why a call is refused."""
    with pytest.raises(Refusal) as caught:
        call(*args, **changes)
    return caught.value.code


def kept(town: Town, number: str) -> list[Evidence]:
    """Return the evidence of a post's publications."""
    with town.heart.database.reading() as tx:
        ids = [one.id for one in town.card(number).deliveries if one.kind == "publish"]
        return [found for one in ids if (found := evidence.of_delivery(tx, one)) is not None]


def told(town: Town) -> list[tuple[str | None, Mapping[str, str | int]]]:
    """Take every notice that answers somebody, as (person, params)."""
    taken = town.services.notices.claim(limit=200)
    for notice in taken:
        town.services.notices.done(notice)
    return [(one.person, one.params) for one in taken if one.kind is NoticeKind.ANSWER]


# ── looking ─────────────────────────────────────────────────────────────────────────────────────


def test_the_form_says_where_it_went_and_what_each_pack_rules(town: Town) -> None:
    """Kashiwa's X: a correction is the rule and a deletion needs consent (4(1)); LINE cannot take anything back."""
    form = look(town, published(town))
    found = {one.account: one for one in form.targets}

    assert set(THREE) == set(found)
    assert [True, False, True] == [found[key].can_recall for key in THREE]
    assert ["new_post"] * 3 == [found[key].way for key in THREE]
    assert ["consent", "silent", "silent"] == [found[key].ruling for key in THREE]
    citation = found["kashiwa_koen"].citation
    assert citation is not None
    assert "kashiwa-4-1-delegation" == citation.clause
    assert {"personal_data", "secret", "wrong_account"} == form.urgent


def test_who_may_look_and_who_may_delete(town: Town) -> None:
    """Who writes may open a correction; who runs the accounts, decides, or answers for emergencies may delete."""
    number = published(town)

    assert [False, True, True, True, True] == [
        look(town, number, person).may_delete for person in (CLERK, CHIEF, PR_CLERK, PR_CHIEF, DUTY)
    ]
    assert "not_yours_to_delete" == refusal(correct, town, number, CLERK)
    assert "note_missing" == refusal(correct, town, number, note=" ")
    assert "cause_unknown" == refusal(correct, town, number, cause="boredom")


def test_who_has_nothing_to_do_with_it(town: Town) -> None:
    """A section's own X post is not another section's to put right."""
    number = published(town, accounts=("kashiwa_koen",))
    assert "not_yours_to_correct" == refusal(look, town, number, PR_CLERK)


def test_what_never_went_out_is_not_corrected(town: Town) -> None:
    """A draft, a returned post and one in its round are edited, sent back or withdrawn: each is told so."""
    number = town.save().number
    assert "correct_draft" == refusal(look, town, number)
    assert "correct_draft" == refusal(correct, town, number, cause="typo")
    submitted = town.submit()
    assert "correct_submitted" == refusal(look, town, submitted)
    town.decide(CHIEF, submitted, Decision.RETURN, note="日付を確かめてください")
    assert "correct_returned" == refusal(look, town, submitted)
    rejected = town.submit()
    town.decide(CHIEF, rejected, Decision.REJECT, note="重複です")
    assert "never_out" == refusal(look, town, rejected)


def test_what_is_approved_and_not_out_is_stopped_at_once_or_edited(town: Town) -> None:
    """Who may delete gets the urgent reasons alone; who may not is told of edit and cancel; a typo is no deletion."""
    number = approved(town, accounts=("kashiwa_koen",))
    form = look(town, number)

    assert form.is_ahead
    assert ("personal_data", "secret", "wrong_account") == form.causes
    assert [(True, town.clock.moment)] == [(one.is_ahead, one.due_at) for one in form.targets]
    view = build_form(form, Voice(now=town.clock.moment), metadata="{}")
    assert view == check_view(view)
    said = words_of(view["blocks"])
    assert f"内容を直すときは /sns draft {number}" in said
    assert ("すぐに止める" in said, "誤字・脱字" in said) == (True, False)
    assert "correct_approved" == refusal(look, town, number, CLERK)
    assert "correct_approved" == refusal(correct, town, number, cause="typo")
    assert "stopped_in_time" == correct(town, number).code


def test_a_partly_published_post_is_told_account_by_account(town: Town) -> None:
    """X is held: it says that nothing is out there and what to do; Facebook says how its error is put right."""
    number = approved(town, accounts=("kashiwa_koen", "kashiwa_facebook"))
    town.services.holding.hold(town.act(PR_CHIEF), target="kashiwa_koen", reason="確認中")
    town.send()
    form = look(town, number)
    lines = {one.account: way_lines(one, number, Voice(now=town.clock.moment)) for one in form.targets}

    assert not form.is_ahead
    assert [f"まだ投稿されていません。投稿をやめるときは /sns cancel {number} で止められます。"] == lines[
        "kashiwa_koen"
    ]
    assert lines["kashiwa_facebook"][0].startswith("訂正のしかた: 元の投稿を示した訂正の投稿を")


# ── an ordinary correction ──────────────────────────────────────────────────────────────────────


def test_a_new_post_names_the_old_one_and_goes_the_ordinary_round(town: Town) -> None:
    """A draft with the old words opens; approved, it is out beside the old one, and each card names the other."""
    number = published(town)
    opened = correct(town, number, CLERK, cause="wrong_content")
    draft = str(opened.params["draft"])
    before = town.card(draft)

    assert "correction_opened" == opened.code
    assert before.form.text.startswith(
        "【訂正】12月1日9時0分に配信した内容に誤りがありました。正しくは次のとおりです。"
    )
    assert before.form.text.endswith(OLD)
    assert set(THREE) == set(before.form.accounts)
    form = town.form("【訂正】イルミネーションは12月6日（日）からです。", accounts=THREE)
    town.hand_in(town.services.drafting.save(town.act(CLERK), form, number=draft, version=1))
    decide_all(town, draft)
    town.wait(seconds=1)
    town.send()

    assert {"sent"} == set(town.states(draft).values())
    assert [(draft, True), (number, False)] == [
        (one.number, one.is_newer) for each in (number, draft) for one in town.card(each).corrections
    ]
    assert (Outlook.CORRECTED, Outlook.PUBLISHED) == (town.card(number).outlook, town.card(draft).outlook)
    assert {"publish", "repost"} == {kind for _, kind in town.states(number)}


def test_one_correction_at_a_time(town: Town) -> None:
    """While a draft is in its round nobody opens a second one; the same act again is the same draft."""
    number = published(town)
    act, order = town.act(CLERK), CorrectionOrder(number=number, cause="typo")
    first, again = (town.services.correcting.correct(act, order) for _ in range(2))

    assert (first.params["draft"], True) == (again.params["draft"], again.is_repeat)
    assert "corrected_already" == refusal(correct, town, number, PR_CLERK, cause="typo")


def test_whoever_wrote_it_hears_of_a_draft_that_another_opened(town: Town) -> None:
    """The draft waits for its section."""
    opened = correct(town, published(town), PR_CHIEF, cause="typo")
    [(person, params)] = told(town)
    assert (CLERK, "correction_waits", opened.params["draft"]) == (person, params["code"], params["draft"])


def test_what_has_not_gone_out_is_superseded_by_its_correction(town: Town) -> None:
    """LINE and Facebook have it, X is held: there the new words go without naming the old, which never go."""
    number = approved(town)
    town.services.holding.hold(town.act(PR_CHIEF), target="kashiwa_koen", reason="確認中")
    town.send()
    opened = correct(town, number, CLERK, cause="wrong_content")
    draft = str(opened.params["draft"])
    form = town.card(draft).form
    town.hand_in(town.services.drafting.save(town.act(CLERK), form, number=draft, version=1))
    decide_all(town, draft)

    assert "公園緑地課X" == opened.params["ahead"]
    assert (OLD, True) == (form.variants["x"], form.text.startswith("【訂正】"))
    assert "superseded" == town.states(number)["kashiwa_koen", "publish"]


# ── deleted and posted anew ─────────────────────────────────────────────────────────────────────


def test_komae_deletes_and_posts_anew(town_under: Callable[[str], Town]) -> None:
    """Komae's model policy (第5条第2項): deleted and posted anew, saying that it corrects; the mirror is undone."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    assert [("delete_and_repost", "ordered")] == [(one.way, one.ruling) for one in look(town, number).targets]
    draft = str(correct(town, number, CLERK, cause="wrong_content").params["draft"])
    card = town.card(draft)
    town.hand_in(town.services.drafting.save(town.act(CLERK), card.form, number=draft, version=1))
    assert {"publish", "repost"} == {kind for _, kind in town.states(number)}, "nothing is deleted before the approval"
    decide_all(town, draft)
    town.send()

    assert "【訂正】12月1日9時0分の投稿は、誤りがあったため削除しました。" in card.form.text
    assert ("sent", "sent") == tuple(
        town.states(number)[key] for key in (("kashiwa_koen", "delete"), ("kashiwa_shi", "undo_repost"))
    )
    assert {"sent"} == set(town.states(draft).values())
    assert Outlook.DELETED is town.card(number).outlook


def test_a_way_that_the_pack_rules_no_more_is_refused_at_the_approval(town_under: Callable[[str], Town]) -> None:
    """The draft says that the old post is deleted; before its approval the city takes a pack that wants consent."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    draft = str(correct(town, number, CLERK, cause="wrong_content").params["draft"])
    town.hand_in(town.services.drafting.save(town.act(CLERK), town.card(draft).form, number=draft, version=1))
    changed = town_under("kashiwa")
    changed.clock.moment = town.clock.moment

    assert "correction_way_changed" == refusal(changed.decide, CHIEF, draft, act=town.act(CHIEF))

    assert {"publish", "repost"} == {kind for _, kind in changed.states(number)}
    assert {} == changed.states(draft)
    assert "withdrawn" == changed.services.drafting.withdraw(town.act(CLERK), number=draft).code
    order = CorrectionOrder(number=number, cause="wrong_content", note="日付が違いました")
    assert "correction_opened" == changed.services.correcting.correct(town.act(CLERK), order).code


def test_komae_may_delete_before_the_correction_is_written(town_under: Callable[[str], Town]) -> None:
    """削除は訂正の文を待たない: the order deletes now and opens the draft; its approval deletes nothing twice."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    done = correct(town, number, cause="wrong_content", is_at_once=True)
    town.send()

    assert "deletion_ordered_draft" == done.code
    assert "sent" == town.states(number)["kashiwa_koen", "delete"]
    draft = str(done.params["draft"])
    town.hand_in(town.services.drafting.save(town.act(CLERK), town.card(draft).form, number=draft, version=1))
    decide_all(town, draft)
    town.send()
    assert 1 == sum(kind == "delete" for _, kind in town.states(number))


def test_what_a_pack_leaves_to_its_head_is_deleted_by_the_head_alone(town: Town) -> None:
    """Kashiwa 4(1): an error is deleted with the consent of the head of the section that owns the account."""
    number = published(town, accounts=("kashiwa_koen",))
    assert "deletion_needs_consent" == refusal(correct, town, number, DUTY, cause="typo", is_at_once=True)
    assert "deletion_ordered_draft" == correct(town, number, CHIEF, cause="typo", is_at_once=True).code


# ── at once ─────────────────────────────────────────────────────────────────────────────────────


def test_personal_data_goes_at_once_with_evidence_and_line_is_told_the_truth(town: Town) -> None:
    """X and Facebook are deleted, the mirror is undone, LINE's apology opens; the managers hear of it afterwards."""
    number = published(town)
    done = correct(town, number)
    reports = told(town)
    town.send()
    draft = town.card(str(done.params["draft"]))

    assert ("deletion_ordered_draft", "公園緑地課X、柏市公式Facebook", "柏市公式LINE") == (
        done.code,
        done.params["deleting"],
        done.params["cannot_recall"],
    )
    states = town.states(number)
    assert {"sent"} == {
        states[key]
        for key in (("kashiwa_koen", "delete"), ("kashiwa_facebook", "delete"), ("kashiwa_shi", "undo_repost"))
    }
    assert ("kashiwa_line", "delete") not in states
    assert ("kashiwa_line",) == draft.form.accounts
    assert draft.form.text.startswith("【お詫び】")
    assert "イルミネーション" not in draft.form.text
    assert Outlook.PARTLY_DELETED is town.card(number).outlook
    assert (PR_CHIEF, "deletion_told") in [(person, params["code"]) for person, params in reports]
    assert ["measured" if one.unread is None else one.unread for one in kept(town, number)] == ["measured", "measured"]
    assert {OLD} <= {one.text for one in kept(town, number)}
    assert all(one.external_id and one.sent_at for one in kept(town, number))


def test_the_packs_duties_are_named(town: Town) -> None:
    """Kashiwa 参考3: report, look whether it spread, have it taken down, apologise."""
    done = correct(town, published(town, accounts=("kashiwa_koen",)))
    for duty in ("引用や写しで拡散していないか確認する", "お詫びの投稿を作り、決裁を受けて投稿する"):
        assert duty in str(done.params["tasks_ja"])


def test_a_deletion_ordered_before_it_went_out_stops_it(town: Town) -> None:
    """Nothing is there to delete, and nothing ever goes out."""
    number = approved(town)
    done = correct(town, number)
    town.send()

    assert "stopped_in_time" == done.code
    assert {"cancelled"} == set(town.states(number).values())
    assert [] == kept(town, number)


def test_a_hold_stops_no_deletion(town: Town) -> None:
    """Disaster mode is for what goes out."""
    number = published(town, accounts=("kashiwa_koen",))
    town.services.holding.hold(town.act(DUTY), reason="大雨警報")
    correct(town, number, DUTY, cause="secret")
    town.send()
    assert "sent" == town.states(number)["kashiwa_koen", "delete"]


@pytest.mark.parametrize("person", [DUTY, PR_CLERK, PR_CHIEF])
def test_the_official_account_is_helped_by_whoever_may(town: Town, person: str) -> None:
    """Rules on who posts there are no rules on who takes a leak back: the duty officer does, at night."""
    number = published(town, accounts=("kashiwa_shi",), person=PR_CLERK, section="koho")
    assert "deletion_ordered" == correct(town, number, person).code


def test_each_account_is_deleted_by_whoever_may_there(town: Town) -> None:
    """The PR clerk runs Facebook, not the park section's X: there it stays, and its own people are told and named."""
    number = published(town, accounts=("kashiwa_koen", "kashiwa_facebook"))
    done = correct(town, number, PR_CLERK)
    town.send()

    states = town.states(number)
    assert "sent" == states["kashiwa_facebook", "delete"]
    assert ("kashiwa_koen", "delete") not in states
    x = town.heart.cities["kashiwa"].accounts["kashiwa_koen"].name
    assert x == done.params["left"]
    assert town.heart.cities["kashiwa"].people[CHIEF].name in str(done.params["left_to"])
    assert x in answer_text(done, Voice(now=town.clock.moment))
    wanted = {person: params for person, params in told(town) if params["code"] == "deletion_wanted"}
    assert x == wanted[CHIEF]["accounts"]
    assert PR_CLERK not in wanted

    assert "deletion_ordered" == correct(town, number, CHIEF).code
    town.send()
    assert "sent" == town.states(number)["kashiwa_koen", "delete"]


def test_who_may_delete_nowhere_it_still_is_deletes_nothing(town: Town) -> None:
    """The PR clerk may delete on Facebook, where it is deleted already: the X post is not the clerk's."""
    number = published(town, accounts=("kashiwa_koen", "kashiwa_facebook"))
    correct(town, number, PR_CLERK)
    town.send()
    assert "not_yours_to_delete" == refusal(correct, town, number, PR_CLERK)


@pytest.fixture(name="apart")
def _apart(tmp_path: Path, store_url: str) -> Iterator[Town]:
    """Build the town where the section's chief alone approves Facebook, and the PR chief the section's X too."""
    chief = "    always: true\n    steps:\n      - {section: author, role: approver}\n"
    facebook, x = (f"  - accounts: [{account}]\n{chief}" for account in ("kashiwa_facebook", "kashiwa_koen"))
    routes = f"routes:\n{facebook}{x}      - {{position: koho_chief}}\n"
    cities = changed_cities(tmp_path, "routes:\n", routes)
    town = build_town(tmp_path / "var", cities=cities, SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


def test_a_version_that_only_others_may_stop_goes_on(apart: Town) -> None:
    """The newest version goes to the park section's X alone: the PR clerk deletes the old one on Facebook, no more."""
    number = apart.submit(CLERK, form=apart.form(OLD, accounts=("kashiwa_koen", "kashiwa_facebook")))
    apart.decide(CHIEF, number)
    apart.send()
    apart.decide(PR_CHIEF, number, Decision.RETURN, note="園の名前を直してください")
    edited = apart.services.drafting.save(apart.act(CLERK), apart.form(OLD), number=number, version=1)
    apart.hand_in(edited)
    told(apart)
    with pytest.raises(Refusal, match="not_yours_to_cancel"):
        apart.services.deciding.cancel(apart.act(PR_CLERK), number=number)

    done = correct(apart, number, PR_CLERK)
    apart.send()

    assert "deletion_ordered" == done.code
    assert "sent" == apart.states(number)["kashiwa_facebook", "delete"]
    assert PostState.SUBMITTED == apart.card(number).state
    assert apart.heart.cities["kashiwa"].people[CHIEF].name in str(done.params["stop_from"])
    assert str(done.params["stop_from"]) in answer_text(done, Voice(now=apart.clock.moment))
    assert CLERK in {person for person, params in told(apart) if params["code"] == "deletion_not_stopped"}
    decide_all(apart, number)
    apart.send()
    assert "sent" == apart.states(number)["kashiwa_koen", "publish"]


def test_whoever_may_stop_the_newest_version_stops_it_with_the_deletion(apart: Town) -> None:
    """The same by the park section's chief: nothing more of the post goes out, and the answer names nobody else."""
    number = apart.submit(CLERK, form=apart.form(OLD, accounts=("kashiwa_koen", "kashiwa_facebook")))
    apart.decide(CHIEF, number)
    apart.send()

    done = correct(apart, number, CHIEF)

    assert "deletion_ordered" == done.code
    assert "" == done.params["stop_from"]
    assert PostState.CANCELLED == apart.card(number).state


def test_stopping_the_rest_stops_no_deletion(town_under: Callable[[str], Town]) -> None:
    """X is about to be deleted with its correction when the whole post must go at once: both deletions are done."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen", "kashiwa_facebook"))
    draft = str(correct(town, number, CLERK, cause="wrong_content").params["draft"])
    town.hand_in(town.services.drafting.save(town.act(CLERK), town.card(draft).form, number=draft, version=1))
    decide_all(town, draft)
    done = correct(town, number, cause="secret")
    town.send()

    assert "柏市公式Facebook" == done.params["deleting"]
    states = town.states(number)
    assert ("sent", "sent") == (states["kashiwa_koen", "delete"], states["kashiwa_facebook", "delete"])


def scheduled(town: Town, number: str, *, hours: float) -> str:
    """Correct an error on X, with the correction approved for later; return its number."""
    draft = str(correct(town, number, CLERK, cause="wrong_content").params["draft"])
    form = replace(town.card(draft).form, publish_at=town.clock.moment + timedelta(hours=hours))
    town.hand_in(town.services.drafting.save(town.act(CLERK), form, number=draft, version=1))
    decide_all(town, draft)
    return draft


def test_what_must_go_at_once_does_not_wait_for_a_correction(town_under: Callable[[str], Town]) -> None:
    """Its deletion is ordered for the correction's time, two hours ahead, when personal data is seen: it goes now."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    scheduled(town, number, hours=2)
    town.send()
    assert "due" == town.states(number)["kashiwa_koen", "delete"]
    done = correct(town, number)
    town.send()

    assert "deletion_ordered" == done.code
    assert ("sent", "sent") == tuple(
        town.states(number)[key] for key in (("kashiwa_koen", "delete"), ("kashiwa_shi", "undo_repost"))
    )


def test_a_withdrawn_correction_deletes_nothing_by_itself(town_under: Callable[[str], Town]) -> None:
    """Without the correction the old post must not vanish: at its time the head who answers for it is asked."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    draft = scheduled(town, number, hours=2)
    assert "cancelled" == town.services.deciding.cancel(town.act(CLERK), number=draft).code
    town.wait(hours=3)
    town.send()
    (asked,) = (one for one in town.card(number).deliveries if one.kind == "delete")

    assert "asked" == asked.state
    assert asked.problem is not None
    assert ("correction_withdrawn", draft) == (asked.problem.code, asked.problem.params["number"])
    answer = town.services.deciding.answer
    assert "not_yours_to_answer" == refusal(answer, town.act(CLERK), delivery=asked.id, answer=Answer.SEND)
    answer(town.act(CHIEF), delivery=asked.id, answer=Answer.SEND)
    town.send()
    assert "sent" == town.states(number)["kashiwa_koen", "delete"]


def test_what_must_go_at_once_waits_for_no_answer(town_under: Callable[[str], Town]) -> None:
    """The correction is withdrawn and a person asked, when the duty officer sees personal data: the order answers."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    town.services.deciding.cancel(town.act(CLERK), number=scheduled(town, number, hours=2))
    town.wait(hours=3)
    town.send()
    assert "asked" == town.states(number)["kashiwa_koen", "delete"]
    correct(town, number, DUTY)
    town.send()

    assert "sent" == town.states(number)["kashiwa_koen", "delete"]


def test_a_typo_is_deleted_at_once_although_its_correction_is_scheduled(town_under: Callable[[str], Town]) -> None:
    """The deletion stands for 11:00, and the head wants it now: it is brought forward, and no second draft opens."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    draft = scheduled(town, number, hours=2)
    planned = town.clock.moment + timedelta(hours=2)
    assert [planned] == [one.deletes_at for one in look(town, number).targets]
    done = correct(town, number, cause="typo", is_at_once=True)
    town.send()

    assert ("deletion_ordered", draft) == (done.code, done.params["goes_on"])
    assert "sent" == town.states(number)["kashiwa_koen", "delete"]
    assert {draft} == {one.number for one in town.card(number).corrections}
    assert ("due", planned) == next((one.state, one.due_at) for one in town.card(draft).deliveries)
    town.wait(hours=2, seconds=1)
    town.send()
    assert "sent" == town.states(draft)["kashiwa_koen", "publish"]
    assert 1 == sum(kind == "delete" for _, kind in town.states(number))


def test_what_a_person_let_stand_is_deleted_by_a_later_decision(town_under: Callable[[str], Town]) -> None:
    """削除しない is no last word: who may delete orders it anew, it is recorded, and there is still one deletion."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    town.services.deciding.cancel(town.act(CLERK), number=scheduled(town, number, hours=2))
    town.wait(hours=3)
    town.send()
    (asked,) = (one for one in town.card(number).deliveries if one.kind == "delete")
    town.services.deciding.answer(town.act(CHIEF), delivery=asked.id, answer=Answer.DO_NOT_SEND)
    assert "cancelled" == town.states(number)["kashiwa_koen", "delete"]
    assert "not_yours_to_delete" == refusal(correct, town, number, CLERK, cause="typo", is_at_once=True)
    done = correct(town, number, cause="typo", is_at_once=True)
    town.send()

    assert "公園緑地課X" == done.params["deleting"]
    states = town.states(number)
    assert ("sent", "sent") == (states["kashiwa_koen", "delete"], states["kashiwa_shi", "undo_repost"])
    assert 1 == sum(one.kind == "delete" for one in town.card(number).deliveries)
    with town.heart.database.reading() as tx:
        events = audit.of_post(tx, posts.get(tx, "kashiwa", number).id)
    anew = [one.who for one in events if one.kind == "delivery_ordered_anew" and one.delivery_id == asked.id]
    assert [CHIEF] == anew


def test_a_correction_that_is_put_off_puts_its_deletion_off(town_under: Callable[[str], Town]) -> None:
    """It is rewritten and approved for a later hour: the old post stays until then."""
    town = town_under("komae")
    number = published(town, accounts=("kashiwa_koen",))
    draft = scheduled(town, number, hours=2)
    form = replace(town.card(draft).form, publish_at=town.clock.moment + timedelta(hours=4))
    town.hand_in(town.services.drafting.save(town.act(CLERK), form, number=draft, version=2))
    decide_all(town, draft)
    town.wait(hours=3)
    town.send()
    assert "due" == town.states(number)["kashiwa_koen", "delete"]
    town.wait(hours=1, seconds=1)
    town.send()

    assert "sent" == town.states(number)["kashiwa_koen", "delete"]
    assert "sent" in town.states(draft).values()


def test_what_needs_a_consent_is_signed_afterwards(town: Town) -> None:
    """A post on the wrong account is deleted by the duty officer alone; Kashiwa's pack wants a word: 後閲 opens."""
    number = published(town, accounts=("kashiwa_koen",))
    correct(town, number, DUTY, cause="wrong_account")
    assert ["deletion_told_sign"] == [params["code"] for person, params in told(town) if person == PR_CHIEF]
    assert town.card(number).sign_off_open
    town.services.overriding.sign_off(town.act(PR_CHIEF), number=number)
    assert not town.card(number).sign_off_open


def test_chikuma_forbids_it_and_the_correction_opens_at_once(town_under: Callable[[str], Town]) -> None:
    """第1-3(3): what was posted is not deleted for an error; the correction opens instead, and the answer says so."""
    town = town_under("chikuma")
    number = published(town, accounts=("kashiwa_koen",))
    done = correct(town, number, cause="wrong_account")

    assert ("correction_forced", "公園緑地課X") == (done.code, done.params["forbidden"])
    assert {"publish", "repost"} == {kind for _, kind in town.states(number)}
    assert done.params["draft"] in {one.number for one in town.card(number).corrections}


def test_ordered_twice_it_is_deleted_once(town: Town) -> None:
    """Once it is being taken back, nothing is left to correct; a resent click is the same act."""
    number = published(town, accounts=("kashiwa_koen",))
    act = town.act(CHIEF)
    order = CorrectionOrder(number=number, cause="secret", note="機密")
    first, again = (town.services.correcting.correct(act, order) for _ in range(2))
    town.send()

    assert (first.code, True) == (again.code, again.is_repeat)
    assert "nothing_to_correct" == refusal(correct, town, number)
    assert 1 == sum(kind == "delete" for _, kind in town.states(number))


def test_ordered_twice_it_opens_one_apology(town: Town) -> None:
    """LINE takes nothing back: the second order finds the first one's draft, names it, and opens no other."""
    number = published(town)
    first = correct(town, number, CHIEF)
    again = correct(town, number, DUTY)

    assert "deletion_ordered_draft" == first.code
    draft = str(first.params["draft"])
    assert "correction_stands" == again.code
    assert draft == again.params["stands"]
    assert draft in answer_text(again, Voice(now=town.clock.moment))
    with town.heart.database.reading() as tx:
        made = corrections.of_post(tx, posts.get(tx, "kashiwa", number).id)
    assert {draft} == set(look(town, number).corrected_by)
    assert 1 == len([one for one in made if one.account == "kashiwa_line"])


def test_an_apology_that_was_given_up_is_opened_anew(town: Town) -> None:
    """Whoever cancels the draft gives it up: the next order opens another."""
    number = published(town, accounts=("kashiwa_line",))
    first = str(correct(town, number, CHIEF).params["draft"])
    town.services.deciding.cancel(town.act(CHIEF), number=first)

    again = correct(town, number, CHIEF)

    assert "correction_forced" == again.code
    assert first != again.params["draft"]


def test_the_draft_of_a_typo_is_no_apology_for_a_leak(town: Town) -> None:
    """The ordinary draft repeats the old words: personal data gets a draft of its own, which does not."""
    number = published(town, accounts=("kashiwa_line",))
    typo = str(correct(town, number, CHIEF, cause="typo").params["draft"])

    leak = correct(town, number, CHIEF)

    assert "correction_forced" == leak.code
    assert typo != leak.params["draft"]


def test_the_record_keeps_who_and_why(town: Town) -> None:
    """The decision is a row and an event of the trail, with the person's own words beside it."""
    number = published(town, accounts=("kashiwa_koen",))
    correct(town, number)
    with town.heart.database.reading() as tx:
        [made] = corrections.of_post(tx, posts.get(tx, "kashiwa", number).id)

    assert ("delete", "personal_data", CHIEF, True) == (made.way, made.reason, made.made_by, made.is_at_once)
    assert ("deleted_at_once", "氏名が写っていました") in [(one.code, one.note) for one in town.card(number).history]
