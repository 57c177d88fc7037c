from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.packs import load_pack

HERE = Path(__file__).parent
QUIET = yaml.safe_load((HERE / "posts_quiet.yaml").read_text(encoding="utf-8"))
TELLING = yaml.safe_load((HERE / "posts_telling.yaml").read_text(encoding="utf-8"))
KINDS = {
    "personal",
    "weekdays",
    "past_dates",
    "relative_dates",
    "era_years",
    "impossible_times",
    "backward_spans",
    "abolished_terms",
    "security",
}
"""What is shown here: the other kinds of rules have tests of their own."""
PACKS = ("kashiwa", "neutral")


def _found(ask: Any, pack_name: str, text: str) -> list[tuple[str, str]]:
    """Return what the rules of these kinds mark in a text: (rule, the marked characters)."""
    kinds = {rule.id: rule.kind for rule in load_pack(pack_name).rules}
    verdict = ask(pack_name, text=text, facts={"published_contacts": ["04-7167-1111"]})
    return [
        (finding.rule, text[span.start : span.end])
        for finding in verdict.findings
        if kinds.get(finding.rule) in KINDS
        for span in finding.spans
    ]


def test_there_are_enough_posts() -> None:
    """False alarms are looked for in at least 120 posts, and misses in at least 80."""
    telling = [post for posts in TELLING.values() for post in posts]

    assert [] == [post for post in (*QUIET, *telling) if not isinstance(post, str)]
    assert len(set(QUIET)) >= 120
    assert len(set(telling)) >= 80


@pytest.mark.parametrize("pack_name", PACKS)
@pytest.mark.parametrize("post", QUIET)
def test_an_everyday_post_raises_no_alarm(post: Any, pack_name: Any, ask: Any) -> None:
    """Nothing personal, misdated or out of date is seen in what a city hall posts every day."""
    assert [] == _found(ask, pack_name, post)


@pytest.mark.parametrize("pack_name", PACKS)
@pytest.mark.parametrize(
    ("rule", "post"),
    [
        pytest.param(rule, post, marks=pytest.mark.clauses(clause))
        for rule, posts in TELLING.items()
        for clause in [
            "kashiwa-3-7-personal" if rule in {"private_numbers", "contacts", "names"} else "kashiwa-3-5-accurate"
        ]
        for post in posts
    ],
)
def test_what_is_wrong_is_marked_at_its_place(rule: Any, post: Any, pack_name: Any, ask: Any) -> None:
    """The rule that must speak marks the very characters that are meant, and no others."""
    expected = [part.split("⟧")[0] for part in post.split("⟦")[1:]]
    text = post.replace("⟦", "").replace("⟧", "")

    assert expected == [marked for by, marked in _found(ask, pack_name, text) if by == rule]
