from __future__ import annotations

from typing import Any

import pytest

from policy.packs import load_pack

NIGHT = "2026-12-06T03:10:00+09:00"
RELATED = {
    "account": {"key": "kisarazu_kanko", "kind": "related", "section": "観光振興課"},
    "actor": {"roles": ["operator"], "section": "観光振興課"},
}
REASON = [{"role": "manager", "reason": "個人名があるため"}]
PICTURE = {"kind": "image", "alt": "海ほたる"}
ITEMS = {
    "T04": "kisarazu-10-1-illegal",
    "T01": "kisarazu-10-2-slander",
    "T07": "kisarazu-10-3-ip",
    "T12": "kisarazu-10-4-politics",
    "T13": "kisarazu-10-5-ads",
    "T03": "kisarazu-10-6-discrimination",
    "T10": "kisarazu-10-7-public-order",
    "T09": "kisarazu-10-8-false",
    "T06": "kisarazu-10-9-privacy",
    "T19": "kisarazu-10-10-impersonate",
    "T08": "kisarazu-10-11-malware",
    "T11": "kisarazu-10-12-obscene",
    "T20": "kisarazu-10-13-alter",
    "T21": "kisarazu-10-14-offtopic",
    "T22": "kisarazu-10-15-terms",
    "T24": "kisarazu-10-16-other",
}
UNLISTED = ["T02", "T05", "T14", "T15", "T16", "T17", "T18", "T23", "T25", "T26"]


def _case(name: str, decision: str, role: Any, clauses: Any, *, shows: Any = (), **changes: Any) -> Any:
    """Put a worked case together: what is asked, what is expected, and the clauses that it shows."""
    marks = pytest.mark.clauses(*clauses, *shows)
    return pytest.param(changes, (decision, role, set(clauses)), id=name, marks=marks)


def _answer(verdict: Any) -> Any:
    """Return what a worked case expects: the decision, the role that lifts it, and the clauses that decide."""
    return verdict.decision.value, verdict.role.value if verdict.role else None, set(verdict.clauses)


def _tasks(verdict: Any) -> Any:
    return [(task.clause, task.role.value) for task in verdict.tasks]


@pytest.mark.parametrize("account", [{}, RELATED], ids=["official", "related"])
@pytest.mark.parametrize("number", range(1, 27))
@pytest.mark.clauses("kisarazu-10-publish", *ITEMS.values())
def test_confirmed_content_of_own_drafts_never_blocks(ask: Any, number: Any, account: Any) -> None:
    """10 binds users: what it lists only warns on own posts, and what it does not list says nothing (A19)."""
    content = f"T{number:02}"
    warned = ("warn", None, {ITEMS[content]}) if content in ITEMS else ("allow", None, set())
    outside = ("escalate", "manager", {"kisarazu-11-3-conform"})

    verdict = ask("kisarazu", findings_confirmed=[content], **account)

    assert (outside if content == "T25" and account else warned) == _answer(verdict)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a mobile number", "warn", None, [ITEMS["T06"]], text="連絡先は090-1234-5678です。"),
        _case("an individual number", "warn", None, [ITEMS["T06"]], text="番号は1234 5678 9018です。"),
        _case("an unknown e-mail", "warn", None, [ITEMS["T06"]], text="お申込みはtaro@example.comへ。"),
        _case("an unknown landline", "warn", None, [ITEMS["T06"]], text="お問い合わせは0438-00-0000へ。"),
        _case(
            "a landline that the city publishes",
            "allow",
            None,
            (),
            text="お問い合わせは0438-00-0000へ。",
            facts={"published_contacts": ["0438-00-0000"]},
        ),
        _case("people not asked", "warn", None, [ITEMS["T07"]], media=[{**PICTURE, "people": True}]),
        _case("people who agreed", "allow", None, (), media=[{**PICTURE, "people": True, "consent": True}]),
        _case("no description of an image", "allow", None, (), media=[{"kind": "image", "alt": ""}]),
        _case("rights not cleared", "warn", None, [ITEMS["T07"]], media=[PICTURE], answers={"picture_rights": False}),
        _case("slander", "warn", None, [ITEMS["T01"]], text="あの団体は税金泥棒です。"),
        _case("discrimination", "warn", None, [ITEMS["T03"]], text="外人の方もお越しください。"),
        _case("hearsay", "warn", None, [ITEMS["T09"]], text="との噂が流れています。"),
        _case("a wrong weekday", "warn", None, [ITEMS["T09"]], text="12月5日(日)に開催します。"),
        _case("a wrong year", "warn", None, [ITEMS["T09"]], text="2026年（令和7年）の調査です。"),
        _case("no such time", "warn", None, [ITEMS["T09"]], text="午後13時に集合です。"),
        _case("an end before its start", "warn", None, [ITEMS["T09"]], text="展示は12月7日〜5日です。"),
        _case("an abolished notice", "warn", None, [ITEMS["T09"]], text="避難勧告を発令しました。"),
        _case("a day that is past", "allow", None, (), text="展示は11月29日に終わりました。"),
        _case("a lecturer's name", "allow", None, (), text="講師は山田太郎さんです。"),
        _case("a name with an age", "warn", None, [ITEMS["T06"]], text="山田太郎さん（100歳）です。"),
        _case("no such day", "warn", None, [ITEMS["T09"]], text="2027年2月29日に開催します。"),
        _case(
            "moved tomorrow", "warn", None, [ITEMS["T09"]], text="明日です。", planned_at="2026-11-30T10:00:00+09:00"
        ),
        _case("what users may not post", "warn", None, ["kisarazu-10-publish"], answers={"nothing_prohibited": False}),
        _case("a password", "escalate", "manager", ["kisarazu-7-1-no-share"], text="パスワード：Kisarazu2026"),
        _case(
            "the same again", "allow", None, (), text="x", history=[{"at": "2026-12-01T09:00:00+09:00", "text": "x"}]
        ),
        _case("an address inside a network", "allow", None, (), text="サーバーは192.168.10.5です。"),
        _case("everything at once", "warn", None, list(ITEMS.values())[:4], findings_confirmed=list(ITEMS)),
    ],
)
def test_what_a_machine_sees_in_own_drafts(ask: Any, changes: Any, expected: Any) -> None:
    """Own drafts that hit the users' list are pointed out with the item, and not stopped (A19)."""
    assert expected == _answer(ask("kisarazu", **changes))


HIDES_FIRST = ["T06", "T08"]
DECIDED = [(action, one) for action in ("delete_comment", "hide_reply") for one in ITEMS]
DECIDED = [(action, one) for action, one in DECIDED if action == "delete_comment" or one not in HIDES_FIRST]


@pytest.mark.parametrize(
    ("action", "content"),
    [pytest.param(*row, marks=pytest.mark.clauses("kisarazu-10-action", ITEMS[row[1]])) for row in DECIDED],
)
def test_the_manager_decides_on_a_comment_of_the_list(ask: Any, action: Any, content: Any) -> None:
    """運用管理者が判断した場合: it waits for the manager, and goes when judged, at any hour; a picture is kept."""
    comment = {"action": action, "platform": "facebook", "comment": {"category": content}, "at": NIGHT}
    clauses = {"kisarazu-10-action", ITEMS[content]}
    before = ask("kisarazu", **comment, approved=False)

    assert ("escalate", "manager", clauses) == _answer(before)
    assert ["manager"] == [step.role.value for step in before.route]
    assert [("kisarazu-10-action", "operator")] == _tasks(before)
    assert ("allow", None, clauses) == _answer(ask("kisarazu", **comment))


@pytest.mark.parametrize(
    "content",
    [pytest.param(one, marks=pytest.mark.clauses("kisarazu-10-action", ITEMS[one])) for one in HIDES_FIRST],
)
def test_personal_data_and_malware_are_hidden_first(ask: Any, content: Any) -> None:
    """Hiding first and asking afterwards is the city's choice; the question to the manager stays as a task."""
    verdict = ask("kisarazu", action="hide_reply", comment={"category": content}, approved=False)

    assert (("allow", None, {"kisarazu-10-action", ITEMS[content]}), ()) == (_answer(verdict), verdict.route)
    assert [("kisarazu-10-action", "operator"), (ITEMS[content], "operator")] == _tasks(verdict)


@pytest.mark.parametrize("category", [None, "opinion", "inquiry", "misleading", *UNLISTED])
@pytest.mark.clauses("kisarazu-10-16-other", "kisarazu-10-action")
def test_what_is_not_on_the_list_needs_the_managers_reason(ask: Any, category: Any) -> None:
    """(16) その他運用管理者が不適切と判断した内容: an opinion is not removed without the manager's reason."""
    comment = {"action": "delete_comment", "comment": {"category": category} if category else None}
    clauses = {"kisarazu-10-action", "kisarazu-10-16-other"}

    assert ("escalate", "manager", clauses) == _answer(ask("kisarazu", **comment))
    assert ("allow", None, clauses) == _answer(ask("kisarazu", **comment, grants=REASON))


@pytest.mark.clauses("kisarazu-10-16-other")
def test_a_comment_found_unsuitable_needs_its_reason_on_record(ask: Any) -> None:
    """For (16) the manager is asked whether the reason is recorded, and without it the comment stays."""
    verdict = ask("kisarazu", action="hide_reply", comment={"category": "T24"}, answers={"unsuitable_reason": False})

    assert ("escalate", "manager", {"kisarazu-10-16-other"}) == _answer(verdict)


@pytest.mark.clauses("kisarazu-11-3-conform", "kisarazu-10-action")
def test_comments_on_related_accounts_are_handled_in_line(ask: Any) -> None:
    """本方針に準じて: the list holds on 市関連SNS too, and 運用管理者 judges."""
    comment = {**RELATED, "action": "delete_comment", "comment": {"category": "T13"}}
    item = {"kisarazu-10-action", ITEMS["T13"]}

    assert ("escalate", "manager", item) == _answer(ask("kisarazu", **comment, approved=False))
    assert ("allow", None, {*item, "kisarazu-11-3-conform"}) == _answer(ask("kisarazu", **comment))


@pytest.mark.clauses("kisarazu-10-publish")
def test_the_sixteen_items_stand_in_order_with_their_content() -> None:
    """The list of 10 drives the choices for comments: number, content and clause."""
    items = load_pack("kisarazu").clauses["kisarazu-10-publish"].params["items"]

    assert isinstance(items, list)
    assert [(n, *one) for n, one in enumerate(ITEMS.items(), 1)] == [tuple(one.values()) for one in items]
