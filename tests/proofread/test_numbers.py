"""How numbers of a text are read, and when a value is what a text prints."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.proofread.numbers import agrees, numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2,293 and 4 608 and 8\u202f881", ["2293", "4608", "8881"]),
        ("8, 16,32", ["8", "16", "32"]),
        ("512,1024,2048", ["512", "1024", "2048"]),
        ("2 905–2 938", ["2905", "2938"]),
        ("from -1.5 to −2", ["-1.5", "-2"]),
        ("4.6k, 1.1M, 1e-4, 3 × 10^5", ["4600", "1100000", "0.0001", "300000"]),
        ("1D, 4x4, sn30-r1, R_2.1.1, v2.0, 24-layer, 2nd", []),
        (".5 and 5.", ["0.5", "5"]),
    ],
)
def test_numbers_are_read(text: str, values: list[str]) -> None:
    assert [printed.value for printed in numbers(text)] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5 %", "%"), ("5 ms", "ms"), ("5 s", "s"), ("5 min", "min"), ("5 samples/s", "samples/s"), ("5×", "times"),
     ("5 tokens per second", "tokens/s"), ("5 IPS", "inferences/s"), ("5 µs", "us"), ("5 seconds", "s"), ("5", "")],
)  # fmt: skip
def test_units_are_read(text: str, unit: str) -> None:
    assert [printed.unit for printed in numbers(text)] == [unit]


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("2.5", "2.45", True),
        ("2.4", "2.45", True),  # half even
        ("2.4", "2.46", False),
        ("176", "176.279", True),
        ("177", "176.279", False),
        ("4600", "4607.5", True),
        ("4601", "4607.5", False),
        ("1000", "1024", False),
        ("210", "211.4", False),
        ("about 450", "448.9", True),
        ("about 8.2", "8.4", False),
        (">5", "5.3", True),
        (">5", "5", True),
        (">5", "9", False),
    ],
)
def test_a_value_agrees_when_it_is_rounded_to_the_digits_given(text: str, value: str, right: bool) -> None:
    (printed,) = numbers(text)
    assert agrees(printed, Decimal(value)) is right


@given(st.decimals(min_value=0, max_value=10**6, places=4), st.integers(min_value=0, max_value=4))
def test_a_rounded_value_agrees_and_another_last_digit_does_not(value: Decimal, places: int) -> None:
    text = f"{value:.{places}f}"
    (printed,) = numbers(text)
    assert agrees(printed, value)
    if not text.endswith("0"):
        digit = (int(text[-1]) + 5) % 10
        changed = printed.with_last_digit(digit)
        assert not agrees(changed, value) or changed.text.endswith("00")


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for printed in numbers(text):
        assert text[printed.start : printed.end] == printed.text
