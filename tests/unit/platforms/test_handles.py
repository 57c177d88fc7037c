"""One account, however people write it."""

from __future__ import annotations

import pytest

from platforms.handles import find_platform, normalise_handle


@pytest.mark.parametrize(
    "written",
    [
        "chiba_pref",
        "@chiba_pref",
        "＠Ｃｈｉｂａ＿Ｐｒｅｆ",
        " @Chiba_Pref ",
        "https://x.com/chiba_pref",
        "https://x.com/Chiba_Pref/status/1850000000000000000?s=20",
        "http://www.twitter.com/chiba_pref/",
        "mobile.twitter.com/chiba_pref",
        "https://x.com/@chiba_pref",
    ],
)
def test_an_account_of_x_has_one_form(written: str) -> None:
    """X tells names apart without capitals; x.com and twitter.com are one."""
    assert "chiba_pref" == normalise_handle("x", written)


@pytest.mark.parametrize(
    ("platform", "written", "expected"),
    [
        ("facebook", "https://www.facebook.com/Kashiwa.City/posts/123", "kashiwacity"),
        ("facebook", "kashiwa.city", "kashiwacity"),
        ("facebook", "https://www.facebook.com/profile.php?id=100064000000000", "100064000000000"),
        ("youtube", "https://www.youtube.com/@KashiwaCity/videos", "kashiwacity"),
        ("youtube", "https://www.youtube.com/channel/UCBR8-60-B28hp2BmDPdntcQ", "UCBR8-60-B28hp2BmDPdntcQ"),
        ("youtube", "@柏市公式", "柏市公式"),
        ("line", "https://line.me/R/ti/p/%40kashiwa", "kashiwa"),
        ("line", "@Kashiwa", "kashiwa"),
    ],
)
def test_the_other_platforms_write_theirs_otherwise(platform: str, written: str, expected: str) -> None:
    """Facebook does not count periods, YouTube's channel ids count capitals, LINE's address holds the id."""
    assert expected == normalise_handle(platform, written)


@pytest.mark.parametrize(
    ("platform", "written"),
    [
        ("x", ""),
        ("x", "@"),
        ("x", "千葉県"),
        ("x", "sixteen_letters_"),
        ("x", "chiba pref"),
        ("x", "https://x.com/i/lists/1"),
        ("x", "https://x.com/"),
        ("x", "https://x.com.example/chiba_pref"),
        ("x", "https://example.com/x.com/chiba_pref"),
        ("x", "https://www.facebook.com/chiba_pref"),
        ("facebook", "https://www.facebook.com/groups/1"),
        ("facebook", "https://www.facebook.com/profile.php"),
        ("youtube", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ],
)
def test_what_is_no_name_is_not_taken_for_one(platform: str, written: str) -> None:
    """An address of a list, a film or another site never becomes an account's name."""
    with pytest.raises(ValueError, match=r"account|platform"):
        normalise_handle(platform, written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://twitter.com/chiba_pref", "x"),
        ("https://m.facebook.com/kashiwa", "facebook"),
        ("youtube.com/@kashiwacity", "youtube"),
        ("https://line.me/R/ti/p/@kashiwa", "line"),
        ("@chiba_pref", None),
        ("https://www.pref.chiba.lg.jp/kouhou/", None),
    ],
)
def test_an_address_names_its_platform(written: str, expected: str | None) -> None:
    """A bare name is of no platform."""
    assert expected == find_platform(written)
