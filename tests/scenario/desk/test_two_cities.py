"""Two cities in one house: the same names, the same keys, and nothing of one is the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from town import CHIEF, CITIES, CLERK, DUTY, OPEN_TUESDAY

from publisher.api import Act, Answer, Decision, MediaChoice
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

TWIN = "nagareyama"
"""Another city whose people, sections and accounts have the very keys of Kashiwa's."""


@pytest.fixture(name="town")
def _town(make_town: Callable[..., Town], tmp_path: Path) -> Town:
    cities = tmp_path / "cities"
    cities.mkdir()
    text = (CITIES / "kashiwa.yaml").read_text("utf-8")
    (cities / "kashiwa.yaml").write_text(text, "utf-8")
    twin = text.replace("city: kashiwa\n", f"city: {TWIN}\n", 1).replace("T0KASHIWA", "T0TWIN")
    (cities / f"{TWIN}.yaml").write_text(twin, "utf-8")
    return make_town(cities=cities)


def in_twin(person: str, key: str = "twin:1") -> Act:
    """Act in the other city."""
    return Act(city=TWIN, person=person, key=key)


def test_the_other_citys_people_do_not_reach_a_post(town: Town) -> None:
    """Not by its number, whatever they may do at home: there it is nobody's."""
    number = town.submit()
    services = town.services

    for attempt in (
        lambda: services.approving.decide(in_twin(CHIEF), number=number, version=1, decision=Decision.APPROVE),
        lambda: services.deciding.cancel(in_twin(CHIEF), number=number),
        lambda: services.drafting.withdraw(in_twin(CLERK), number=number),
        lambda: services.drafting.submit(in_twin(CLERK), number=number, version=1, at_opening=False),
        lambda: services.drafting.save(in_twin(CLERK), town.form(), number=number, version=1),
        lambda: services.overriding.sign_off(in_twin(CHIEF), number=number),
        lambda: services.drafting.edit_form(TWIN, CLERK, number),
        lambda: services.board.card(TWIN, number),
    ):
        with pytest.raises(Refusal, match="no_such_post"):
            attempt()
    assert services.board.queue(TWIN, CLERK) == []
    assert town.card(number).waiting_for == ("公園緑地課長 佐藤 誠",)


def test_the_other_citys_people_do_not_answer_its_questions(town: Town) -> None:
    """A delivery's id opens nothing in another city."""
    number = town.submit(form=town.form(publish_at=OPEN_TUESDAY.replace(hour=1)))
    town.decide(CHIEF, number)
    town.wait(days=2)
    town.send()
    asked = next(one for one in town.card(number).deliveries if one.state.value == "asked")

    with pytest.raises(Refusal, match="no_such_delivery"):
        town.services.deciding.answer(in_twin(CHIEF), delivery=asked.id, answer=Answer.SEND)
    with pytest.raises(Refusal, match="no_such_delivery"):
        town.services.board.delivery(TWIN, asked.id)
    assert town.services.board.delivery("kashiwa", asked.id)[0] == number


def test_a_file_of_the_other_city_is_missing_here(town: Town, tmp_path: Path) -> None:
    """Whoever knows a file's hash cannot take it from another city."""
    path = tmp_path / "hana.png"
    Image.new("RGB", (40, 30), "green").save(path)
    view = town.services.drafting.add_media("kashiwa", path, "花.png")
    form = town.form(media=(MediaChoice(sha256=view.sha256, alt="紅葉"),))

    with pytest.raises(Refusal, match="media_missing"):
        town.services.drafting.save(in_twin(CLERK), form, number=None, version=None)
    assert town.save(form=form).number == "K-1"


def test_the_same_key_is_another_act_in_the_other_city_and_numbers_begin_at_one(town: Town) -> None:
    """Each city counts for itself, and neither hears of the other's notices or credentials."""
    here = town.services.drafting.save(town.act(CLERK, "same"), town.form(), number=None, version=None)
    there = town.services.drafting.save(
        in_twin(CLERK, "same"), town.form("別の市の下書き。"), number=None, version=None
    )
    town.heart.credentials.set("kashiwa", "kashiwa_shi", {"token": "t"}, who="it")

    assert (here.number, there.number) == ("K-1", "K-1")
    assert (here.form.text, there.form.text) == ("手賀沼公園の紅葉が見頃です。", "別の市の下書き。")
    assert not town.heart.credentials.has(TWIN, "kashiwa_shi")
    assert town.services.people.by_slack("T0TWIN", "U01KOENTAN") is not None
    assert DUTY in {person.key for person in town.services.people.with_role(TWIN, "emergency")}
