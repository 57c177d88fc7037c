"""What is looked at before and while it works: people, files, health, the start."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from PIL import Image
from town import CHIEF, CITIES, CLERK, DUTY, NIGHT, OPEN_TUESDAY, build_town, changed_cities

from publisher.api import Answer, MediaChoice
from publisher.compose import build
from publisher.errors import ConfigurationError, Refusal, UnknownSecretKeyError
from publisher.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town


def _picture(folder: Path) -> Path:
    path = folder / "hana.png"
    Image.new("RGB", (40, 30), "green").save(path)
    return path


def test_a_slack_user_is_the_person_of_the_city_file(town: Town) -> None:
    """A member of staff is found by workspace and user; a stranger is nobody."""
    found = town.services.people.by_slack("T0KASHIWA", "U01KOENTAN")

    assert found is not None
    assert (found[0], found[1].key, found[1].title, found[1].section_name) == ("kashiwa", CLERK, "主事", "公園緑地課")
    assert found[1].roles == {"author"}
    assert town.services.people.by_slack("T0KASHIWA", "U0STRANGER") is None
    assert town.services.people.by_slack("T0OTHER", "U01KOENTAN") is None
    assert [one.key for one in town.services.people.with_role("kashiwa", "emergency")] == [DUTY, "bosai_watanabe"]


def test_who_holds_no_position_is_nobody(make_town: Callable[..., Town]) -> None:
    """Before the first day in office a Slack account opens nothing."""
    town = make_town(OPEN_TUESDAY - timedelta(days=365 * 4))

    assert town.services.people.by_slack("T0KASHIWA", "U01KOENTAN") is None


def test_a_picture_travels_from_the_form_to_its_public_address(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """The plan names the address, and only that very address gives the file."""
    town = make_town(SNS_MEDIA_BASE_URL="https://media.kashiwa.example")
    view = town.services.drafting.add_media("kashiwa", _picture(tmp_path), "花.png")
    choice = MediaChoice(sha256=view.sha256, alt="紅葉", source="slack:F1")
    review = town.save(form=town.form(accounts=("kashiwa_line",), media=(choice,)))
    url = review.panes[0].plan.media[0].url or ""
    token, name = url.split("/")[-2:]

    assert url.startswith("https://media.kashiwa.example/media/")
    assert len(token) == 32
    assert town.services.media.find(token, name) == (view.path, "image/png")
    assert town.services.media.find("0" * 32, name) is None
    assert town.services.media.find(token, "0" * 64 + ".png") is None
    assert town.services.media.find(token, name.replace(".png", ".jpg")) is None
    assert town.services.media.find("あ", name) is None
    preview = town.services.media.find(token, f"{view.sha256}.preview.jpg")
    assert preview is not None
    assert preview[1] == "image/jpeg"


def test_a_text_file_named_jpg_is_refused_by_name(town: Town, tmp_path: Path) -> None:
    """The bytes count, not the name; the refusal says which file."""
    path = tmp_path / "fake.jpg"
    path.write_text("これは写真ではありません", "utf-8")

    with pytest.raises(Refusal) as refused:
        town.services.drafting.add_media("kashiwa", path, "写真.jpg")

    assert (refused.value.code, refused.value.field) == ("media_not_an_image", "media")
    assert refused.value.params["name"] == "写真.jpg"


def test_health_names_what_is_missing(tmp_path: Path) -> None:
    """Fresh from the box: the database is well, no worker beats, and no account has its credentials."""
    settings = load_settings({"SNS_HOME": str(tmp_path / "var"), "SNS_CITIES": str(CITIES)})
    heart = build(settings)
    heart.migrate()
    lines = {line.name: line for line in heart.services.health.check()}

    assert lines["database"].is_well
    assert lines["secret_key"].is_well
    assert not lines["worker"].is_well
    assert lines["credentials:kashiwa"].detail == (
        "no credentials for kashiwa_shi, kashiwa_koen, kashiwa_line, kashiwa_facebook, kashiwa_youtube"
    )
    heart.database.close()


def test_health_never_raises(tmp_path: Path) -> None:
    """Before the schema is there, it says so in words."""
    settings = load_settings({"SNS_HOME": str(tmp_path / "var"), "SNS_CITIES": str(CITIES)})
    heart = build(settings)

    lines = {line.name: line.is_well for line in heart.services.health.check()}

    assert not lines["database"]
    assert not lines["secret_key"]
    heart.database.close()


def test_a_wrong_key_stops_the_start(tmp_path: Path) -> None:
    """The stored secrets were sealed with another key: nothing begins to send."""
    first = build_town(tmp_path / "var")
    first.heart.credentials.check_key()
    first.heart.database.close()
    (tmp_path / "var" / "key").unlink()
    second = build_town(tmp_path / "var")

    with pytest.raises(UnknownSecretKeyError, match="does not open the stored secrets"):
        second.heart.start()
    second.heart.database.close()


def test_a_pack_that_is_none_stops_the_start(tmp_path: Path) -> None:
    """The sentence names the file, the key and the packs there are."""
    cities = tmp_path / "cities"
    cities.mkdir()
    text = (CITIES / "kashiwa.yaml").read_text("utf-8").replace("x: kashiwa", "x: kasiwa")
    (cities / "kashiwa.yaml").write_text(text, "utf-8")

    with pytest.raises(ConfigurationError, match=r"kashiwa\.yaml:13: packs\.x: unknown_pack .*; meant: kashiwa"):
        build_town(tmp_path / "var", cities=cities)


def test_it_starts_sends_and_stops(town: Town) -> None:
    """With its threads: a worker that beats, and an end that waits for what is under way."""
    town.heart.start()
    well = {line.name: line.is_well for line in town.services.health.check()}

    assert well == dict.fromkeys(well, True)
    assert town.heart.stop()


def test_a_question_is_answered_by_those_whose_post_it_is(make_town: Callable[..., Town]) -> None:
    """What came too late is asked about; a stranger can't answer, the clerk can, once."""
    town = make_town()
    number = town.submit(form=town.form(publish_at=OPEN_TUESDAY + timedelta(hours=1)))
    town.decide(CHIEF, number)
    town.move(NIGHT)
    town.send()
    asked = next(one for one in town.card(number).deliveries if one.state.value == "asked")

    with pytest.raises(Refusal, match="not_yours_to_answer"):
        town.services.deciding.answer(town.act(DUTY), delivery=asked.id, answer=Answer.SEND)
    first = town.services.deciding.answer(town.act(CLERK), delivery=asked.id, answer=Answer.DO_NOT_SEND)
    second = town.services.deciding.answer(town.act(CLERK), delivery=asked.id, answer=Answer.SEND)

    assert (first.code, second.code) == ("answered_cancel", "answered_already")
    assert set(town.states(number).values()) == {"cancelled"}
    with pytest.raises(Refusal, match="no_such_delivery"):
        town.services.deciding.answer(town.act(CLERK), delivery="none", answer=Answer.SEND)


def test_the_queue_shows_what_is_under_way_soonest_first(town: Town) -> None:
    """In the round or waiting to go out; drafts only to their own section."""
    later = town.submit(form=town.form(publish_at=OPEN_TUESDAY + timedelta(hours=3)))
    sooner = town.submit(form=town.form("菊花展を開きます。", publish_at=OPEN_TUESDAY + timedelta(hours=2)))
    draft = town.save().number

    mine = town.services.board.queue("kashiwa", CLERK)
    theirs = town.services.board.queue("kashiwa", DUTY)

    assert [line.number for line in mine] == [sooner, later, draft]
    assert [line.number for line in theirs] == [sooner, later]
    assert mine[0].waiting_for == ("公園緑地課長 佐藤 誠",)


def test_a_longer_queue_takes_no_more_queries(town: Town) -> None:
    """What the list shows of two posts or of twenty is read in the same few queries."""
    engine = town.heart.database._engine
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def count() -> tuple[int, int]:
        statements.clear()
        lines = town.services.board.queue("kashiwa", CLERK)
        return len(lines), len([each for each in statements if each.startswith("SELECT")])

    for _ in range(2):
        town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_line")))
    few = count()
    for _ in range(18):
        town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_line")))
    many = count()

    assert (few[0], many[0]) == (2, 20)
    assert few[1] == many[1]


def test_only_the_role_that_the_policy_names_sets_its_objection_aside(town: Town) -> None:
    """What the last check sends back to the head, the clerk can stop but not release."""
    at = OPEN_TUESDAY + timedelta(hours=1)
    number = town.submit(form=town.form(publish_at=at, category="other"))
    town.decide(CHIEF, number, note="広く知らせる必要がある")
    with town.heart.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE approvals SET note = ''")
    town.move(at)
    town.send()
    asked = next(one for one in town.card(number).deliveries if one.state.value == "asked")
    assert asked.problem is not None
    assert asked.problem.code == "policy_escalates"

    with pytest.raises(Refusal) as refused:
        town.services.deciding.answer(town.act(CLERK), delivery=asked.id, answer=Answer.SEND)
    assert (refused.value.code, refused.value.params) == ("not_yours_to_answer", {"who": "公園緑地課長 佐藤 誠"})
    assert town.services.deciding.answer(town.act(CHIEF), delivery=asked.id, answer=Answer.SEND).code == "answered_send"
    town.send()
    assert town.states(number)["kashiwa_koen", "publish"] == "sent"


def test_an_account_without_credentials_is_asked_about(make_town: Callable[..., Town]) -> None:
    """Nothing is sent and nothing is lost: the delivery waits for whoever keeps the credentials."""
    town = make_town(is_drill=False)
    number = town.submit()
    town.decide(CHIEF, number)
    town.heart.worker.run_due_once()

    line = next(one for one in town.card(number).deliveries if one.kind.value == "publish")
    assert line.state.value == "asked"
    assert line.problem is not None
    assert line.problem.code == "secret_missing"


def test_a_file_changed_on_the_disk_never_goes_out(town: Town, tmp_path: Path) -> None:
    """The seal names the bytes that were approved; they are read once more before the call."""
    view = town.services.drafting.add_media("kashiwa", _picture(tmp_path), "花.png")
    number = town.submit(form=town.form(media=(MediaChoice(sha256=view.sha256, alt="紅葉"),)))
    town.decide(CHIEF, number)
    Image.new("RGB", (40, 30), "red").save(view.path)
    town.send()

    line = next(one for one in town.card(number).deliveries if one.kind.value == "publish")
    assert line.state.value == "asked"
    assert line.problem is not None
    assert line.problem.code == "media_changed"


def test_an_account_whose_own_policy_needs_no_sign_off_publishes_by_rule(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """An empty route approves in the same transaction, and the history says so."""
    cities = changed_cities(
        tmp_path, "    on_emergency: repost\n", "    on_emergency: repost\n    settings: {approval: not_required}\n"
    )
    town = make_town(cities=cities)
    review = town.save()
    outcome = town.hand_in(review)
    town.send()

    assert outcome.code == "approved_by_rule"
    assert town.states(review.number)["kashiwa_koen", "publish"] == "sent"
    assert "approved" in [line.code for line in town.card(review.number).history]


def test_a_draft_is_nobodys_card(town: Town) -> None:
    """Until it is submitted, a draft and its edits show up in no channel."""
    review = town.save()
    town.services.drafting.save(town.act(CLERK), town.form("別の文です。"), number=review.number, version=1)

    assert town.notices() == []


def test_what_nobody_approves_does_not_go_out_hours_after_it_was_submitted(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """The click lay in the inbox over a breakdown; the draft stays, and its author is told to look and submit again."""
    cities = changed_cities(
        tmp_path, "    on_emergency: repost\n", "    on_emergency: repost\n    settings: {approval: not_required}\n"
    )
    town = make_town(cities=cities)
    review = town.save()
    with pytest.raises(Refusal) as caught:
        town.hand_in(review, waited_seconds=3 * 3600.0 + 60)
    town.send()

    assert ("submission_came_late", 181) == (caught.value.code, caught.value.params["minutes"])
    assert {} == town.states(review.number)
    assert "approved_by_rule" == town.hand_in(review, waited_seconds=3600.0).code
