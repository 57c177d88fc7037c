"""Routes: who decides what on a given day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from policy.model import Role as PolicyRole
from policy.model import RouteStep, Words
from publisher.api import Said
from publisher.city import load_city
from publisher.city.model import Role
from publisher.routes import Stop, may_draft_for, plan_route, role_holders, with_consent

KASHIWA = load_city(Path(__file__).resolve().parents[3] / "chatops/sandbox/cities/kashiwa.yaml")
DAY = date(2026, 12, 1)
ASKED = (
    RouteStep(name=Words(ja="課内決裁", en="sign-off"), role=PolicyRole.APPROVER, clause="c", section="公園緑地課"),
)


def _who(account: str, *, section: str = "koen", author: str = "koen_tanaka") -> list[tuple[str, ...]]:
    stops = plan_route(KASHIWA, account, ASKED, section=section, author=author, day=DAY)
    return [stop.deciders(KASHIWA, DAY) for stop in stops]


@pytest.mark.parametrize(
    ("account", "section", "expected"),
    [
        ("kashiwa_koen", "koen", [("koen_sato",)]),
        ("kashiwa_shi", "koho", [("koho_takahashi",)]),
        ("kashiwa_line", "koen", [("koen_sato",), ("koho_takahashi",)]),
        ("kashiwa_line", "koho", [("koho_takahashi",)]),
        ("kashiwa_youtube", "bosai", [("bosai_watanabe",), ("koho_takahashi",)]),
    ],
)
def test_the_demo_citys_routes(account: str, section: str, expected: list[tuple[str, ...]]) -> None:
    """As the demo city's file says: the section's chief first, the head of PR last, the same person once."""
    assert _who(account, section=section) == expected


def test_no_route_where_nobody_asks_for_one() -> None:
    """An empty sign-off of the pack leaves the line without a step, unless the city always wants its own."""
    none = plan_route(KASHIWA, "kashiwa_koen", (), section="koen", author="a", day=DAY)
    always = plan_route(KASHIWA, "kashiwa_line", (), section="koho", author="a", day=DAY)

    assert none == ()
    assert len(always) == 1


def test_an_account_without_a_route_gets_the_packs_steps() -> None:
    """The pack names a section by its name and a role; the city says who that is."""
    bare = KASHIWA.model_copy(update={"routes": ()})
    stops = plan_route(bare, "kashiwa_koen", ASKED, section="koen", author="koen_tanaka", day=DAY)

    assert [stop.deciders(bare, DAY) for stop in stops] == [("koen_sato",)]
    assert stops[0].name == Said(ja="課内決裁", en="sign-off")


def test_a_section_that_the_city_does_not_have_is_never_anybodys() -> None:
    """A pack that names an office which the file lacks leaves the step with the account's own section."""
    bare = KASHIWA.model_copy(update={"routes": ()})
    asked = tuple(replace(step, section="秘書課") for step in ASKED)
    stops = plan_route(bare, "kashiwa_koen", asked, section="koen", author="koen_tanaka", day=DAY)

    assert [stop.deciders(bare, DAY) for stop in stops] == [("koen_sato",)]


def test_of_two_sections_of_one_name_the_accounts_own_decides() -> None:
    """Two departments may each have a 公園緑地課; the approver is not the other's."""
    twin = KASHIWA.sections["koen"]
    bare = KASHIWA.model_copy(update={"routes": (), "sections": {**KASHIWA.sections, "koen_east": twin}})
    stops = plan_route(bare, "kashiwa_koen", ASKED, section="koen", author="koen_tanaka", day=DAY)

    assert [stop.deciders(bare, DAY) for stop in stops] == [("koen_sato",)]


def test_a_step_that_only_the_author_could_decide_is_left_out_before_the_last() -> None:
    """A chief who drafts for LINE needs no consent of his own; the head of PR still decides."""
    assert _who("kashiwa_line", author="koen_sato") == [("koho_takahashi",)]


def test_the_last_step_stays_even_where_only_the_author_holds_it() -> None:
    """Nobody's own 決裁 is skipped: somebody else must be given the position."""
    assert _who("kashiwa_koen", author="koen_sato") == [("koen_sato",)]


def test_the_head_beside_a_sections_account_is_the_sections_head() -> None:
    """A10: 広報広聴課長 is read as 所管課長 there."""
    assert role_holders(KASHIWA, "manager", "kashiwa_koen", DAY) == ("koen_sato",)
    assert role_holders(KASHIWA, "manager", "kashiwa_shi", DAY) == ("koho_takahashi",)
    assert role_holders(KASHIWA, "scheduler", "kashiwa_shi", DAY) == ()


def test_a_consent_that_nobody_on_the_route_can_give_gets_a_step_of_its_own() -> None:
    """It comes before the last step; where somebody on the route holds the role, nothing is added."""
    chief = Stop(name=Said(ja="課長", en="chief"), position="koen_chief")
    last = Stop(name=Said(ja="課長", en="chief"), position="bosai_chief")

    longer = with_consent(KASHIWA, "kashiwa_shi", (chief, last), "manager", DAY)

    assert [stop.deciders(KASHIWA, DAY) for stop in longer] == [
        *(("koen_sato",), ("koho_takahashi",), ("bosai_watanabe",))
    ]
    assert with_consent(KASHIWA, "kashiwa_koen", (chief,), "manager", DAY) == (chief,)


def test_a_step_survives_its_storage() -> None:
    """What the line keeps is read back the same."""
    stop = Stop(name=Said(ja="係長", en="Head"), section="koen", role=Role.APPROVER)

    assert Stop.from_json(stop.as_json()) == stop


def test_a_position_that_left_the_file_has_no_deciders() -> None:
    """An old card does not fall over when the file changed."""
    assert Stop(name=Said(ja="部長", en="Director"), position="gone").deciders(KASHIWA, DAY) == ()


def test_sections_draft_for_their_own_accounts_and_for_those_that_take_drafts() -> None:
    """A route with a step of the drafting section is how a city says: others may draft for this account."""
    mine = {key for key in KASHIWA.accounts if may_draft_for(KASHIWA, key, ("koen",))}

    assert mine == {"kashiwa_koen", "kashiwa_line", "kashiwa_facebook", "kashiwa_youtube"}
