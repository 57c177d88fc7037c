"""What holds of every shipped pack, whatever is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import Decision, judge
from policy.calendar import JST
from policy.facts import Facts, LinkState, Period, PeriodEffect, TextRoom
from policy.model import (
    Account,
    AccountHours,
    AccountKind,
    AccountSettings,
    Action,
    ActionKind,
    Actor,
    Category,
    EmergencyKind,
    Grant,
    Media,
    MediaKind,
    PastPost,
    Relation,
    Role,
    SignOff,
    Target,
    Words,
)
from policy.packs import load_pack, shipped_packs
from policy.readings import Readings

PIECES = [
    *(
        "#柏市",
        "部外秘",
        "検討中",
        "らしい",
        "明日",
        "市内の○○店",
        "避難勧告",
        "保母",
        "大売り出し",
        "山田太郎さん",
        "様",
        "氏",
    ),
    *(
        "090-1234-5678",
        "04-7167-1111",
        "1234 5678 9018",
        "普通 1234567",
        "柏 300 さ 12-34",
        "柏市柏5-10-1 山田様方",
        "〇九〇",
    ),
    *(
        "a@b.example",
        "192.168.0.1",
        "https://example.com/a?b=c#d",
        "https://example.com/dead",
        "http://",
        "www.",
        "\\\\a\\b",
    ),
    *(
        "12月5日(日)",
        "2月30日",
        "12/5(土)・6(日)",
        "12月7日〜5日",
        "令和99年13月40日",
        "2026年（令和7年）",
        "25時",
        "10時から9時",
        "〜",
    ),
    *("{0}", "{manager}", "{found", "%s", "％ｓ", "\\1", "\n", "\t", " ", "　"),
    *(
        "👩‍👩‍👧",
        "0️⃣9️⃣0️⃣",
        "🇯🇵",
        "אבג",
        "\u202e",
        "e\u0301",
        "が\u3099",
        "\u200b",
        "\u00ad",
        "\ud800",
        "\udfff",
        "\u0000",
        "\uffff",
        "𝟎𝟗𝟎",
    ),
    *("٠٩٠", "㈰", "㍻", "ﷺ", "ﾊﾝｶｸ", "ＡＢＣ１２３", "①", "²"),
]
PACKS = shipped_packs()
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=12).map("".join)
moments = st.integers(min_value=946_652_400, max_value=3_786_879_600).map(
    lambda seconds: datetime.fromtimestamp(seconds, JST),
)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2089, 12, 31))
clocks = st.times().map(lambda at: at.replace(tzinfo=None))
platforms = st.sampled_from(["x", "line", "facebook", "youtube"])
content = st.sampled_from([f"T{number:02}" for number in range(1, 27)])
accounts = st.builds(
    Account,
    key=st.sampled_from(["k", "l"]),
    kind=st.sampled_from(AccountKind),
    section=st.sampled_from(["広報広聴課", "図書館"]),
    settings=st.builds(
        AccountSettings,
        approval=st.none() | st.sampled_from(SignOff),
        hours=st.none() | st.builds(AccountHours, every_day=st.booleans(), opens=clocks, closes=clocks),
        answers_comments=st.none() | st.booleans(),
    ),
)
posts = st.builds(
    PastPost,
    at=moments,
    text=texts,
    account=st.sampled_from([None, "k", "l"]),
    platform=st.none() | platforms,
)
actions = st.builds(
    Action,
    kind=st.sampled_from(ActionKind),
    at=moments,
    planned_at=st.none() | moments,
    platform=platforms,
    account=accounts,
    actor=st.none()
    | st.builds(
        Actor, roles=st.frozensets(st.sampled_from(Role)), section=st.sampled_from(["広報広聴課", "図書館", ""])
    ),
    text=texts,
    media=st.lists(
        st.builds(
            Media,
            kind=st.sampled_from(MediaKind),
            alt=st.sampled_from(["", " ", "図"]),
            has_people=st.booleans(),
            has_consent=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    category=st.none() | st.sampled_from(Category),
    emergency=st.none() | st.sampled_from(EmergencyKind),
    target=st.none()
    | st.builds(
        Target,
        relation=st.sampled_from(Relation),
        is_about_city=st.booleans(),
        is_policy_aligned=st.booleans(),
        is_verified_official=st.booleans(),
        source_platform=st.sampled_from(["", "x", "youtube"]),
        is_disaster=st.booleans(),
    ),
    history=st.lists(posts, max_size=3).map(tuple),
    removal=st.none() | st.sampled_from(["error", "takeover"]) | content,
    comment=st.none() | st.sampled_from(["opinion", "inquiry", "misleading"]) | content,
    findings_confirmed=st.frozensets(content, max_size=3),
    grants=st.lists(
        st.builds(Grant, role=st.sampled_from(Role), reason=st.sampled_from(["", " ", "必要"])),
        max_size=2,
    ).map(tuple),
    approved=st.booleans(),
    declared_contacts=st.frozensets(st.sampled_from(PIECES) | texts, max_size=2),
)
facts = st.builds(
    Facts,
    open_days=st.frozensets(days, max_size=2),
    closed_days=st.frozensets(days, max_size=2),
    published_contacts=st.frozensets(st.sampled_from(PIECES) | texts, max_size=2),
    measure=st.just(len),
    room=st.just(TextRoom(used=0, limit=280)),
    written_on=st.none() | days,
    periods=st.lists(
        st.builds(
            Period,
            id=st.just("p"),
            name=st.just(Words(ja="選挙期間", en="the election")),
            starts_at=moments,
            ends_at=moments,
            effect=st.sampled_from(PeriodEffect),
            words=st.sampled_from([(), ("検討中",)]),
        ),
        max_size=1,
    ).map(tuple),
    links=st.just({"https://example.com/dead": LinkState.DEAD}),
    known_sites=st.sampled_from([frozenset(), frozenset({"example.com", "", "x/y", "\ud800"})]),
    denied_sites=st.sampled_from([frozenset(), frozenset({"example.com"})]),
)


def _answers(pack: Any) -> Any:
    ids = [one.id for one in pack.questions]
    return st.dictionaries(st.sampled_from(ids), st.booleans(), max_size=3) if ids else st.just({})


@st.composite
def asked(draw: Any) -> tuple[str, Action, Facts]:
    """Draw the name of a shipped pack, an action with answers to its questions, and facts."""
    name = draw(st.sampled_from(PACKS))
    return name, replace(draw(actions), answers=draw(_answers(load_pack(name)))), draw(facts)


def _judged(case: Any, **changes: Any) -> Any:
    name, action, known = case
    return judge(load_pack(name), replace(action, **changes), known)


@settings(deadline=None)
@given(case=asked())
def test_judging_is_total_and_deterministic(case: Any) -> None:
    """Any action on any text gets a verdict, and the same one twice."""
    assert _judged(case) == _judged(case)


@st.composite
def asked_again(draw: Any) -> tuple[str, list[tuple[Action, Facts]]]:
    """Draw actions that say the same on the same account by the same pack, and may differ in all else."""
    name, first, known = draw(asked())
    others = draw(st.lists(st.tuples(actions, facts), min_size=1, max_size=3))
    same = [(replace(one, text=first.text, account=first.account), around) for one, around in others]
    is_near = draw(st.booleans())  # at one moment, or at any
    near = [(replace(one, at=first.at, kind=first.kind, platform=first.platform), around) for one, around in same]
    return name, [(first, known), *(near if is_near else same), (first, known)]


@settings(deadline=None)
@given(case=asked_again())
def test_what_was_read_before_changes_no_verdict(case: Any) -> None:
    """Whoever acts, whenever, and whatever else is known by now: a text read before is judged as one never seen."""
    name, several = case
    readings = Readings()
    for action, known in several:
        assert judge(load_pack(name), action, known) == judge(load_pack(name), action, known, readings)


@settings(deadline=None)
@given(case=asked(), role=st.sampled_from(Role), reason=st.sampled_from(["", " ", "必要なため"]))
def test_one_more_grant_is_never_stricter_and_lifts_no_block(case: Any, role: Any, reason: Any) -> None:
    """A grant can only lift, never lifts a block, and without a reason changes nothing."""
    before = _judged(case)
    after = _judged(case, grants=(*case[1].grants, Grant(role=role, reason=reason)))

    assert after.decision.rank <= before.decision.rank
    assert (before.decision is Decision.BLOCK) is (after.decision is Decision.BLOCK)
    if not reason.strip():
        assert before == after


@settings(deadline=None)
@given(case=asked())
def test_a_block_survives_every_grant_and_every_emergency_role(case: Any) -> None:
    """With each role's consent, and with the authority of `/sns now`, the blocks of the content stay what they were."""
    every = tuple(Grant(role=role, reason="必要なため") for role in Role)
    before = [one.rule for one in _judged(case).findings if one.effect is Decision.BLOCK]
    after = [one.rule for one in _judged(case, grants=every).findings if one.effect is Decision.BLOCK]

    assert set(before) == set(after)


@settings(deadline=None)
@given(case=asked())
def test_findings_come_in_order_name_four_clauses_and_exist(case: Any) -> None:
    """Findings stand by strength, the deciding ones cite four clauses at most, and each clause is one of the pack's."""
    verdict = _judged(case)
    ranks = [finding.effect.rank for finding in verdict.findings]
    cited = {clause for finding in verdict.findings for clause in finding.clauses}
    cited |= {one.clause for one in (*verdict.route, *verdict.checklist, *verdict.tasks) if one.clause}

    assert len(verdict.clauses) <= 4
    assert sorted(ranks, reverse=True) == ranks
    assert max(ranks, default=0) == verdict.decision.rank
    assert cited <= set(load_pack(case[0]).clauses)


@settings(deadline=None)
@given(case=asked())
def test_whoever_must_be_asked_is_named(case: Any) -> None:
    """A verdict or finding that escalates names a role, and no other does; each says something in both languages."""
    verdict = _judged(case)

    assert (verdict.decision is Decision.ESCALATE) is (verdict.role is not None)
    assert [(one.effect is Decision.ESCALATE) for one in verdict.findings] == [
        one.role is not None for one in verdict.findings
    ]
    assert [] == [one.rule for one in verdict.findings if not (one.message.ja and one.message.en)]


@settings(deadline=None)
@given(case=asked())
def test_a_place_found_in_the_text_lies_in_the_text(case: Any) -> None:
    """Every span is a part of the text as it was given."""
    text = case[1].text
    for finding in _judged(case).findings:
        for span in finding.spans:
            assert 0 <= span.start < span.end <= len(text)


@settings(deadline=None)
@given(case=asked(), contacts=st.frozensets(st.sampled_from(PIECES), max_size=4))
def test_a_declaration_counts_in_an_emergency_only_and_only_loosens(case: Any, contacts: Any) -> None:
    """Declared contacts never make a verdict stricter, and outside `/sns now` they change nothing."""
    before = _judged(case, declared_contacts=frozenset())
    after = _judged(case, declared_contacts=contacts)

    assert after.decision.rank <= before.decision.rank
    if case[1].emergency is None:
        assert before == after


NASTY = [
    *(
        "あ",
        "1",
        "1-",
        "- ",
        "(",
        "a@",
        "@",
        "#",
        "😀",
        "\u202e",
        "\u200b",
        "\ud800",
        "\u0000",
        "e\u0301",
        "{",
        "\n",
        "。",
    ),
    *("12月", "11月1日", "12月1日、", "12/1(火)・", "12月5日(日)", "令和", "2026年(令和7年)", "10時から9時", "24:30〜"),
    *("090-1234-5678 ", "0\u200b", "〇", "1234 5678 9018 ", "普通 1234567 ", "柏市柏5-10-1 ", "柏 300 さ 12-34 "),
    *(
        "山田太郎さん",
        "さん",
        "82歳",
        "氏名:",
        "192.168.0.1 ",
        "パスワード",
        "https://",
        "a.jp",
        "部外秘",
        "避難勧告",
        "○",
    ),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("place", "piece"), list(enumerate(NASTY)))
def test_a_megabyte_of_anything_is_judged(place: Any, piece: Any) -> None:
    """A text of a million characters ends in a verdict; a step that grows with the square of it would not, here."""
    _judge_text(PACKS[place % len(PACKS)], piece * (1_000_000 // len(piece)))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pack_name", PACKS)
def test_much_of_anything_is_judged_by_every_pack(pack_name: Any) -> None:
    """Each pack takes 10,000 characters of each kind."""
    for piece in NASTY:
        _judge_text(pack_name, piece * (10_000 // len(piece)))


def _judge_text(pack_name: str, text: str) -> None:
    pack = load_pack(pack_name)
    action = Action(
        kind=ActionKind.PUBLISH,
        at=datetime(2026, 12, 1, 10, tzinfo=JST),
        planned_at=datetime(2026, 11, 30, 10, tzinfo=JST),
        platform=min(pack.platforms),
        account=Account(key="k", kind=AccountKind.OFFICIAL, section="広報課"),
        text=text,
        category=Category.EVENT,
        history=(PastPost(at=datetime(2026, 11, 30, 10, tzinfo=JST), text=text[:1000]),),
    )
    verdict = judge(pack, action, Facts(measure=len, room=TextRoom(used=len(text), limit=280)))

    assert all(0 <= span.start < span.end <= len(text) for one in verdict.findings for span in one.spans)


@pytest.mark.parametrize("pack_name", PACKS)
def test_every_value_and_statement_of_a_document_is_carried(pack_name: Any) -> None:
    """A clause of kind config or statement has a rule, a value, or a word on what carries it."""
    pack = load_pack(pack_name)
    carriers = {clause for rule in pack.rules for one in rule.outcomes.values() for clause in one.clauses}
    carriers |= {one.clause for one in (*pack.questions, *pack.routes, *pack.tasks, *pack.mirrors) if one.clause}

    assert [] == [
        one.id
        for one in pack.clauses.values()
        if one.kind in {"config", "statement"}
        and one.id not in carriers
        and not (one.params or one.own_choice or one.carried)
    ]
