from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.report.rounding import THIN_SPACE, shown


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
        ("560000", None, "560000"),
    ],
)
def test_values_are_shown_with_the_digits_asked_for(value: str, digits: int | None, text: str) -> None:
    assert shown(value, digits) == text


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(1, 9))
def test_rounding_is_off_by_half_a_last_digit_at_most(value: Decimal, digits: int) -> None:
    back = Decimal(shown(str(value), digits).replace(THIN_SPACE, ""))
    places = max(0, digits - 1 - value.adjusted()) if value else 0
    assert abs(back - value) <= Decimal("0.5") * Decimal(10) ** -places
