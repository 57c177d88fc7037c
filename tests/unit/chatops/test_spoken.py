"""What people write behind a sub-command, read as they meant it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chatops.features.periods import reading as periods
from chatops.features.whitelist import reading
from chatops.messages import Voice
from chatops.spoken import UnreadableError, read_day, read_instant, read_spoken
from publisher.api import PeriodOrder, WhitelistOrder

SAY = Voice(now=datetime(2026, 12, 1, tzinfo=UTC))
VALUED = {"name": "name", "名称": "name", "word": "word"}
FLAGS = {"verified": "verified"}


@pytest.mark.parametrize(
    "text",
    [
        "@chiba_pref --name 千葉県 広報課 --verified",
        "@chiba_pref —name 千葉県　広報課 —verified",
        '--verified @chiba_pref --name "千葉県 広報課"',
        "--verified @chiba_pref --名称 「千葉県 広報課」",
        "@chiba_pref --name=千葉県 広報課 --verified",
    ],
)
def test_an_order_is_the_same_however_it_is_typed(text: str) -> None:
    """Full-width spaces, the dash that a Mac makes of two hyphens, quotation marks or none, Japanese option names."""
    spoken = read_spoken(text, valued=VALUED, flags=FLAGS)

    assert (("@chiba_pref",), "千葉県 広報課", True) == (spoken.words, spoken.one("name"), spoken.has("verified"))


def test_values_may_come_one_by_one_or_in_a_row() -> None:
    """Each option stands for itself; commas part values too."""
    spoken = read_spoken("--word 候補者 --word 投票、開票, 選挙公報", valued=VALUED, flags=FLAGS)

    assert ("候補者", "投票", "開票", "選挙公報") == spoken.several("word")
    assert () == spoken.several("name")


def test_an_address_that_slack_wrapped_is_unwrapped() -> None:
    """Some clients send <https://…|…>."""
    spoken = read_spoken("<https://x.com/chiba_pref?a=1&amp;b=2|x.com/chiba_pref>", valued=VALUED, flags=FLAGS)

    assert ("https://x.com/chiba_pref?a=1&b=2",) == spoken.words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@a --nmae 千葉県", "「--nmae」という指定はありません。使えるのは --name, --word, --verified です。"),
        ("@a --name --verified", "--name の後に値を入力してください。"),
        ("@a --name", "--name の後に値を入力してください。"),
    ],
)
def test_what_is_no_option_is_named(text: str, said: str) -> None:
    """A slip is never taken for a part of a name."""
    with pytest.raises(UnreadableError) as caught:
        read_spoken(text, valued=VALUED, flags=FLAGS)

    assert said == caught.value.speak(SAY)


@pytest.mark.parametrize("text", ["2027-03-31", "2027/3/31", "2027年3月31日", "２０２７－０３－３１", " 2027.3.31 "])
def test_a_day_is_read_as_offices_write_it(text: str) -> None:
    """With hyphens, slashes, dots, in Japanese, in full width."""
    assert date(2027, 3, 31) == read_day(text)


@pytest.mark.parametrize("text", ["", "2027-02-29", "3月31日", "27-3-31", "2027-03-31T09:00"])
def test_what_is_no_day_is_said(text: str) -> None:
    """A day that no calendar has, one without a year, and a moment."""
    with pytest.raises(UnreadableError) as caught:
        read_day(text)

    assert "日付として読み取れません" in caught.value.speak(SAY)


@pytest.mark.parametrize(
    ("text", "is_end", "expected"),
    [
        ("2027-04-18", False, datetime(2027, 4, 17, 15, 0, tzinfo=UTC)),
        ("2027-04-25", True, datetime(2027, 4, 25, 15, 0, tzinfo=UTC)),
        ("2027-04-18T00:00", False, datetime(2027, 4, 17, 15, 0, tzinfo=UTC)),
        ("2027-04-26T00:00", True, datetime(2027, 4, 25, 15, 0, tzinfo=UTC)),
        ("2027/4/18 9:30", False, datetime(2027, 4, 18, 0, 30, tzinfo=UTC)),
        ("2027年4月18日9時", False, datetime(2027, 4, 18, 0, 0, tzinfo=UTC)),
        ("2027-04-25 24:00", True, datetime(2027, 4, 25, 15, 0, tzinfo=UTC)),
        ("2027-04-18T09:00+00:00", False, datetime(2027, 4, 18, 9, 0, tzinfo=UTC)),
        ("2027-04-18T09:00Z", False, datetime(2027, 4, 18, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_japans_time_and_a_day_is_the_whole_day(text: str, is_end: bool, expected: datetime) -> None:  # noqa: FBT001 - a column
    """Japan is nine hours ahead of UTC; an end that is a day takes that day in."""
    assert expected == read_instant(text, is_end=is_end)


@pytest.mark.parametrize("text", ["", "明日", "2027-04-31", "2027-04-18T25:00", "2027-04-18T9"])
def test_what_is_no_moment_is_said(text: str) -> None:
    """It says how to write one."""
    with pytest.raises(UnreadableError) as caught:
        read_instant(text)

    assert "2027-04-18T09:00" in caught.value.speak(SAY)


def test_an_order_for_the_whitelist_survives_the_inbox() -> None:
    """What is read becomes plain JSON and the same order again; relations may be named in Japanese."""
    about = "--区分 国・地方公共団体等 --名称 千葉県 --根拠 https://www.pref.chiba.lg.jp/ --見直し 2027年3月31日"
    text = f"X @chiba_pref {about}"
    spoken, platform, handle, rest = reading.read_words(text)

    assert "" == rest
    assert WhitelistOrder(
        platform="x",
        handle="@chiba_pref",
        relation="public_body",
        name="千葉県",
        evidence="https://www.pref.chiba.lg.jp/",
        review_on=date(2027, 3, 31),
    ) == reading.order_of(reading.order_data(spoken, platform, handle))


def test_an_order_for_a_period_survives_the_inbox() -> None:
    """What is read becomes plain JSON and the same order again."""
    text = "選挙期間 --from 2027-04-18 --to 2027-04-25 --扱い 待つ --category mayor --word 候補者、投票 --reason 市議選"
    spoken = read_spoken(text, valued=periods.VALUED, flags={})

    assert PeriodOrder(
        name="選挙期間",
        starts_at=datetime(2027, 4, 17, 15, 0, tzinfo=UTC),
        ends_at=datetime(2027, 4, 25, 15, 0, tzinfo=UTC),
        effect="wait",
        reason="市議選",
        categories=("mayor",),
        words=("候補者", "投票"),
    ) == periods.order_of(periods.order_data(spoken))
