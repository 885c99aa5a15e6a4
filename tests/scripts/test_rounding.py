from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.report.rounding import NUMBER, THIN_SPACE, alike, decimals, shown


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("2293.2548221759894", 4, "2\u202f293"),
        ("1136765.27", 6, "1\u202f136\u202f765"),
        ("782", 6, "782"),
        ("9.58", 4, "9.58"),
        ("8.60", 4, "8.60"),
        ("0.0545", 2, "0.055"),
        ("0", 4, "0"),
        ("999.96", 4, "1\u202f000.0"),
        ("1e-5", 3, "0.00001"),
        ("nan", 3, "nan"),
        ("bert-large", 4, "bert-large"),
        ("560000", None, "560\u202f000"),
        ("-2048.50", None, "-2\u202f048.50"),
        ("0.000175", None, "0.000175"),
        ("1.75e-4", None, "1.75e-4"),
        ("wsjob-12345", None, "wsjob-12345"),
        ("12:30:45", None, "12:30:45"),
    ],
)
def test_values_are_shown_with_the_digits_asked_for(value: str, digits: int | None, text: str) -> None:
    assert shown(value, digits) == text


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(1, 9))
def test_rounding_is_off_by_half_a_last_digit_at_most(value: Decimal, digits: int) -> None:
    back = Decimal(shown(str(value), digits).replace(THIN_SPACE, ""))
    places = max(0, digits - 1 - value.adjusted()) if value else 0
    assert abs(back - value) <= Decimal("0.5") * Decimal(10) ** -places


@pytest.mark.parametrize(
    ("values", "texts", "column"),
    [
        (["100", "100.46", "96.82"], ["100", "100.5", "96.82"], ["100.00", "100.46", "96.82"]),
        (["2919.48", "33.17"], ["2\u202f919", "33.17"], ["2\u202f919.48", "33.17"]),
        (["512", "2048"], ["512", "2\u202f048"], ["512", "2\u202f048"]),
        (["7.125", "–", "nan"], ["7.125", "–", "nan"], ["7.125", "–", "nan"]),
        ([], [], []),
    ],
)
def test_a_column_has_the_same_decimals(values: list[str], texts: list[str], column: list[str]) -> None:
    assert alike(values, texts) == column


@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1), st.integers(1, 9))
def test_a_column_of_any_numbers_has_the_same_decimals(numbers: list[Decimal], digits: int) -> None:
    column = alike(list(map(str, numbers)), [shown(str(number), digits) for number in numbers])
    assert len(set(map(decimals, column))) == 1
    assert all(map(NUMBER.fullmatch, column))
