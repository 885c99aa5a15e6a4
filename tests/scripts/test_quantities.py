from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pytest

from scripts.report.known import Known, relative
from scripts.report.rounding import THIN_SPACE


def test_each_shown_number_equals_its_source_after_rounding(known: Known) -> None:
    numbers = 0
    for quantity in known.values():
        try:
            exact = Decimal(quantity.value)
        except InvalidOperation:
            assert quantity.text == quantity.value
            continue
        numbers += 1
        shown = Decimal(quantity.text.replace(THIN_SPACE, ""))
        last_digit = Decimal(1).scaleb(int(shown.as_tuple().exponent))
        assert abs(shown - exact) <= last_digit / 2, quantity.address
    assert numbers > 250


def test_there_is_a_quantity_of_every_sort(known: Known) -> None:
    sorts = {quantity.sort for quantity in known.values()}
    assert sorts == {
        "logged",
        "declared",
        "derived",
        "documented",
        "collected",
        "counted",
        "pointed",
        "computed",
        "verified",
        "named",
    }
    assert all(address == quantity.address for address, quantity in known.items())


@pytest.mark.parametrize(
    ("page", "seen_from", "path"),
    [
        ("runs/a-1.md", "index.md", "runs/a-1.md"),
        ("runs/a-1.md", "runs/b-1.md", "a-1.md"),
        ("constants.md", "runs/a-1.md", "../constants.md"),
    ],
)
def test_pages_are_seen_from_one_another(page: str, seen_from: str, path: str) -> None:
    assert relative(page, seen_from) == path
