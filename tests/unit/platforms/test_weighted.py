"""X's count, held to twitter-text's own conformance files."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from shared_material import SHARED, needs_shared

from platforms.links import find_links
from platforms.weighted import has_invalid_characters, remaining, truncate_point, weighted_length

FILES = SHARED / "specs/twitter-text"


def cases(file: str, *sections: str) -> list[Any]:
    """Read sections of a conformance file; nothing where the files are missing."""
    path = FILES / file
    if not path.is_file():
        return []
    tests = yaml.safe_load(path.read_text("utf-8"))["tests"]
    chosen = sections or tuple(tests)
    return [pytest.param(case, id=f"{section}-{n}") for section in chosen for n, case in enumerate(tests[section])]


@needs_shared
@pytest.mark.specs
@pytest.mark.parametrize(
    "case",
    cases("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"),
)
def test_a_text_weighs_what_twitter_text_says(case: dict[str, Any]) -> None:
    """Configuration v3: CJK two, links 23, an emoji two however it is made up."""
    assert weighted_length(case["text"]) == case["expected"]["weightedLength"]
    is_valid = 0 < weighted_length(case["text"]) <= 280 and not has_invalid_characters(case["text"])
    assert is_valid == case["expected"]["valid"]


@needs_shared
@pytest.mark.specs
@pytest.mark.parametrize("case", cases("validate.yml", "WeightedTweetsCounterTest"))
def test_a_text_weighed_by_the_older_configuration(case: dict[str, Any]) -> None:
    """Configuration v2 counts each part of an emoji."""
    assert weighted_length(case["text"], is_emoji_one=False) == case["expected"]["weightedLength"]


@needs_shared
@pytest.mark.specs
@pytest.mark.parametrize("case", cases("extract.yml", "urls", "urls_with_directional_markers", "tco_urls_with_params"))
def test_links_are_found_where_twitter_text_finds_them(case: dict[str, Any]) -> None:
    """A link ends where X lets it end, also in the midst of Japanese."""
    expected = [each["url"] if isinstance(each, dict) else each for each in case["expected"]]
    assert [link.url for link in find_links(case["text"])] == expected


@needs_shared
@pytest.mark.specs
@pytest.mark.parametrize("case", cases("extract.yml", "urls_with_indices"))
def test_links_are_where_twitter_text_says(case: dict[str, Any]) -> None:
    """Positions are counted in characters."""
    found = [{"url": link.url, "indices": [link.start, link.end]} for link in find_links(case["text"])]
    assert found == case["expected"]


@needs_shared
@pytest.mark.specs
def test_every_top_level_domain_of_twitter_text_makes_a_link() -> None:
    """tlds.yml has 1,574 of them."""
    tests = [case.values[0] for case in cases("tlds.yml")]
    missed = [case["text"] for case in tests if [link.url for link in find_links(case["text"])] != case["expected"]]
    assert len(tests) == 1574
    assert missed == []


@needs_shared
@pytest.mark.specs
def test_the_conformance_files_are_all_there() -> None:
    """The files hold 44 weighted cases and 91 of links; a smaller number would mean that we read past them."""
    weighted = cases(
        "validate.yml",
        "WeightedTweetsCounterTest",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    )
    assert len(weighted) == 44
    assert len(cases("extract.yml", "urls")) == 91


def test_the_sample_of_xs_documentation() -> None:
    """https://docs.x.com/fundamentals/counting-characters: 「Hello, world! 👋」 counts 16."""
    assert weighted_length("Hello, world! 👋") == 16


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("あ" * 140, 280),
        ("ﾊﾝｶｸ", 8),  # half-width kana weigh two all the same
        ("1️⃣", 2),
        ("🇯🇵", 2),
        ("☔️", 2),
        ("⚠️", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🙋🏽‍♀️", 2),
        ("か\u3099", 2),  # two characters that NFC makes one
        ("漢\ufe0f", 4),  # a selector after what is no emoji stands for itself
        ("🇯🇯", 4),  # no country
        ("😀\u200d😀", 5),  # no emoji of Unicode's: 2 + 1 + 2
    ],
)
def test_units_of_what_staff_type(text: str, units: int) -> None:
    """Emoji of Unicode Emoji 12 count two; what is none counts by its parts."""
    assert weighted_length(text) == units


def test_what_is_left() -> None:
    """280 less the weight, below zero where it is too long."""
    assert (remaining("あ" * 139), remaining("あ" * 141)) == (2, -2)


def test_a_cut_never_parts_a_link_or_an_emoji() -> None:
    """A shorter text is offered whole: the link either fits or is left out."""
    text = "あ" * 130 + "https://www.city.kashiwa.lg.jp/"
    assert truncate_point(text) == 130
    assert truncate_point("あ" * 139 + "ab👨‍👩‍👧") == 141
    assert truncate_point("短い") == 2


def test_a_link_without_scheme_beside_japanese() -> None:
    """「詳細はcity.kashiwa.lg.jpへ」 holds a link, and so costs 23 units and the price of a post with a link."""
    assert [link.url for link in find_links("詳細はcity.kashiwa.lg.jpへ")] == ["city.kashiwa.lg.jp"]
    assert weighted_length("詳細はcity.kashiwa.lg.jpへ") == 3 * 2 + 23 + 2


def test_an_address_of_mail_is_no_link() -> None:
    """extract.yml: an e-mail address is left as it is."""
    assert find_links("koen@city.kashiwa.lg.jp") == []
