"""A worker on another machine without the media folder: who is asked, what they read, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from shutil import copyfile
from socket import gethostname
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, CLERK, OPEN_TUESDAY, build_town

from chatops.features.ask.views import build_question
from chatops.messages import Voice
from platforms.port import Remark
from publisher.api import Answer, MediaChoice
from publisher.compose import build
from publisher.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from town import Town

    from publisher.api import DeliveryLine
    from publisher.compose import Heart

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures


@pytest.fixture(name="town")
def _town(tmp_path: Path, store_url: str) -> Iterator[Town]:
    town = build_town(tmp_path / "web", SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


@pytest.fixture(name="elsewhere")
def _elsewhere(town: Town, tmp_path: Path, store_url: str) -> Iterator[Heart]:
    """Another machine on the same ledger, whose media folder is its own."""
    cities = str(town.heart.settings.cities)
    read = load_settings({"SNS_HOME": str(tmp_path / "worker"), "SNS_CITIES": cities, "SNS_DATABASE_URL": store_url})
    heart = build(read, platforms=town.heart.platforms, clock=town.clock)
    yield heart
    heart.database.close()


def submit_picture(town: Town, tmp_path: Path, **changes: datetime) -> str:
    """Approve a post with a picture."""
    path = tmp_path / "花.png"
    Image.new("RGB", (40, 30), "green").save(path)
    view = town.services.drafting.add_media("kashiwa", path, "花.png")
    number = town.submit(form=town.form(media=(MediaChoice(sha256=view.sha256, alt="紅葉"),), **changes))
    town.decide(CHIEF, number)
    return number


def published(town: Town, number: str) -> DeliveryLine:
    """Return the line of what is published."""
    return next(one for one in town.card(number).deliveries if one.kind.value == "publish")


def test_it_is_asked_for_the_folder_and_after_that_the_post_goes_out(
    town: Town, elsewhere: Heart, tmp_path: Path
) -> None:
    """Nobody attaches anything anew: IT reads which file and which machine, shares the folder, and says: send."""
    number = submit_picture(town, tmp_path)
    elsewhere.worker.run_due_once()
    line = published(town, number)
    text, _ = build_question(number, line, Voice(now=town.clock.now()))
    (kept,) = [one.path for one in town.card(number).media]
    shared = elsewhere.media.path_of(kept.stem) or tmp_path / "worker" / "media" / kept.parent.name / kept.name
    shared.parent.mkdir(parents=True, exist_ok=True)
    copyfile(kept, shared)
    answer = town.services.deciding.answer(
        town.act(CLERK), delivery=line.id, answer=Answer.SEND, question=line.question
    )
    elsewhere.worker.run_due_once()

    assert ("asked", "it") == (line.state.value, line.who)
    assert "花.png" in text
    assert gethostname() in text
    assert "media フォルダ" in text
    assert "「もう一度送る」を押してください" in text
    assert "answered_send" == answer.code
    assert "sent" == published(town, number).state.value


def test_a_machine_that_has_the_file_sends_it(town: Town, elsewhere: Heart, tmp_path: Path) -> None:
    """Where the other machine asked, whoever has the folder sends it after a person's word: nothing is lost."""
    number = submit_picture(town, tmp_path)
    elsewhere.worker.run_due_once()
    line = published(town, number)
    town.services.deciding.answer(town.act(CLERK), delivery=line.id, answer=Answer.SEND, question=line.question)
    town.heart.worker.run_due_once()

    assert "sent" == published(town, number).state.value


def test_a_machine_without_the_file_foretells_nothing_of_the_post(town: Town, elsewhere: Heart, tmp_path: Path) -> None:
    """It sends nothing perhaps, and others have the file: its author is not told hours before that the post stops."""
    submit_picture(town, tmp_path, publish_at=OPEN_TUESDAY + timedelta(hours=5))
    town.notices()

    assert 0 == elsewhere.rejudger.look_ahead()
    assert [] == [one for one in town.notices() if one[0] == "answer"]


def test_what_is_wrong_with_a_file_is_said_in_words(town: Town) -> None:
    """No code is shown to a person, in neither language."""
    for code in ("media_changed", "media_not_here", "media_missing"):
        remark = Remark(code=code, params={"name": "花.png", "machine": "worker-2"})
        for locale in ("ja-JP", "en-US"):
            assert code not in Voice(now=town.clock.now(), locale=locale).remark(remark)
