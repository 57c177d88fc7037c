from __future__ import annotations

from typing import Any

import pytest

from policy.identity import is_my_number


@pytest.mark.parametrize("digits", ["123456789018"])
def test_a_number_with_its_check_digit_is_an_individual_number(digits: Any) -> None:
    """The check digit of 12345678901 is 8 by the ministry's order."""
    assert is_my_number(digits)


@pytest.mark.parametrize("digits", ["246813579024", "123456789012", "12345678901", "１２３４５６７８９０１８", ""])
def test_other_digits_are_none(digits: Any) -> None:
    """A wrong check digit, or another number of digits, is no individual number."""
    assert not is_my_number(digits)


def test_one_in_ten_numbers_passes() -> None:
    """For eleven digits exactly one check digit fits."""
    passing = [digit for digit in range(10) if is_my_number(f"98765432109{digit}")]

    assert len(passing) == 1


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("連絡先は０９０‐１２３４‐５６７８です", "０９０‐１２３４‐５６７８"),
        ("連絡先は090 1234 5678です", "090 1234 5678"),
        ("連絡先は09012345678です", "09012345678"),
        ("連絡先は+81 90-1234-5678です", "+81 90-1234-5678"),
        ("連絡先は090\u200b-1234-5678です", "090\u200b-1234-5678"),
    ],
)
def test_a_mobile_number_is_marked_in_every_spelling(text: Any, marked: Any, ask: Any) -> None:
    """The finding marks the very characters of the text."""
    (finding,) = [one for one in ask(text=text).findings if one.rule == "private_numbers"]
    (span,) = finding.spans

    assert marked == text[span.start : span.end]


@pytest.mark.parametrize(
    "text",
    ["期間は2026-12-01から2026-12-05です", "時間は08:30-17:15です", "料金は1,000円です", "110番、119番", "第090-12号"],
)
def test_numbers_that_are_no_contacts_pass(text: Any, ask: Any) -> None:
    """Dates, times, prices and emergency numbers are no personal information."""
    assert not [one for one in ask(text=text).findings if one.rule in {"private_numbers", "contacts"}]


@pytest.mark.parametrize("written", ["04-7133-0000", "（04）7133－0000", "0471330000"])
def test_a_city_publishes_numbers_of_its_own(written: Any, ask: Any) -> None:
    """A number in the city's published contacts passes however it is written."""
    verdict = ask(text=f"公園緑地課 {written}", facts={"published_contacts": ["04-7133-0000"]})

    assert not [one for one in verdict.findings if one.rule == "contacts"]
