from __future__ import annotations

import json
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.errors import WireError
from policy.wire import action_from_json, verdict_to_json

LINE = {
    "pack": "kashiwa",
    "action": "publish",
    "at": "2026-12-01T10:00:00+09:00",
    "platform": "x",
    "account": {"key": "kashiwa_shi", "kind": "official", "section": "広報広聴課"},
}


def test_missing_fields_mean_nothing_special() -> None:
    """No settings of its own, no media, no history, not an emergency, nothing granted, and signed off."""
    _, action, _ = action_from_json(LINE)

    assert (
        action.approved,
        action.media,
        action.history,
        action.emergency,
        action.grants,
        action.account.settings.hours,
    ) == (True, (), (), None, (), None)


def test_every_field_is_carried() -> None:
    """The fields of the form reach the action and the facts."""
    line = {
        **LINE,
        "account": {
            **LINE["account"],
            "settings": {
                "approval": "required",
                "hours": {"days": "all", "from": "09:00", "to": "20:00"},
                "answers_comments": True,
            },
        },
        "media": [{"kind": "video", "alt": "a", "people": True, "consent": True}],
        "history": [{"at": "2026-11-01T10:00:00+09:00", "text": "t", "account": "k", "platform": "line"}],
        "facts": {"open_days": ["2026-12-05"], "closed_days": [], "published_contacts": ["04-0000-0000"]},
        "target": {
            "relation": "other",
            "about_city": True,
            "policy_aligned": True,
            "verified_official": True,
            "disaster": True,
        },
    }
    _, action, facts = action_from_json(line)
    hours = action.account.settings.hours

    assert (time(9), time(20), True) == (hours.opens, hours.closes, hours.every_day)
    assert (
        action.media[0].kind,
        action.media[0].has_consent,
        action.history[0].platform,
        action.target.is_disaster,
    ) == ("video", True, "line", True)
    assert (frozenset({date(2026, 12, 5)}), frozenset({"04-0000-0000"})) == (facts.open_days, facts.published_contacts)


def test_what_a_city_knows_of_a_text_is_carried() -> None:
    """The day on which the text was written, declared contacts, periods and what is known of links reach the rules."""
    line = {
        **LINE,
        "declared_contacts": ["04-7100-0000"],
        "facts": {
            "written_on": "2026-11-30",
            "dead_links": ["https://example.com/"],
            "known_sites": ["example.com"],
            "denied_sites": ["example.net"],
            "periods": [
                {
                    "name": "選挙期間",
                    "from": "2026-12-01T00:00:00+09:00",
                    "to": "2026-12-07T00:00:00+09:00",
                    "effect": "head",
                    "categories": ["mayor"],
                    "words": ["市長"],
                },
            ],
        },
    }
    _, action, facts = action_from_json(line)
    (period,) = facts.periods

    assert (frozenset({"04-7100-0000"}), date(2026, 11, 30)) == (action.declared_contacts, facts.written_on)
    assert ({"https://example.com/": "dead"}, {"example.com"}, {"example.net"}) == (
        facts.links,
        facts.known_sites,
        facts.denied_sites,
    )
    assert ("head", {"mayor"}, ("市長",)) == (period.effect, period.categories, period.words)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"atcion": "publish"}, "atcion: unknown field; meant: action"),
        ({"action": "publsh"}, "action: expected one of publish"),
        ({"at": "2026-12-01T10:00:00"}, "at: expected an instant with its offset"),
        ({"at": "tomorrow"}, "at: expected an instant"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at: expected an instant"),
        ({"platform": "mixi"}, "platform: expected one of x, line"),
        ({"account": None}, "account: not a JSON object"),
        ({"account": {"key": "k", "kind": "private"}}, "account.kind: expected one of official"),
        ({"actor": {"roles": ["king"]}}, "actor.roles: expected one of author"),
        ({"media": [{"kind": "image"}, {"kind": "sound"}]}, "media[1].kind: expected one of image"),
        ({"grants": "manager"}, "grants: expected a list of objects"),
        ({"text": 5}, "text: expected a text"),
        ({"approved": "yes"}, "approved: expected true or false"),
        ({"facts": {"open_days": ["2026-13-01"]}}, "facts.open_days: expected a list of days"),
        ({"facts": {"written_on": "1 December"}}, "facts.written_on: expected a day"),
        ({"declared_contacts": "04-7100-0000"}, "declared_contacts: expected a list of texts"),
        ({"emergency": {"kind": "boredom"}}, "emergency.kind: expected one of earthquake"),
    ],
)
def test_what_cannot_be_understood_is_named(change: Any, said: Any) -> None:
    """The error says which field, what was expected, and what was meant."""
    with pytest.raises(WireError) as caught:
        action_from_json({**LINE, **change})

    assert str(caught.value).startswith(said)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    field=st.sampled_from(
        [
            "pack",
            "at",
            "account",
            "actor",
            "media",
            "history",
            "facts",
            "target",
            "grants",
            "answers",
            "text",
            "removal",
        ]
    ),
    value=json_values,
)
def test_any_json_is_read_or_refused(field: Any, value: Any) -> None:
    """Whatever JSON stands in a field, it is understood or a WireError says why not."""
    try:
        read, _, _ = action_from_json({**LINE, field: value})
    except WireError as error:
        read = str(error)

    assert isinstance(read, str)


def test_a_verdict_is_plain_json(ask: Any) -> None:
    """A verdict goes through JSON and back unchanged."""
    written = verdict_to_json(ask(at="2026-12-05T10:00:00+09:00", text="検討中です。", approved=False))

    assert written == json.loads(json.dumps(written, ensure_ascii=False))
    assert {"decision", "role", "findings", "next_open", "route", "checklist", "tasks", "text"} == set(written)
