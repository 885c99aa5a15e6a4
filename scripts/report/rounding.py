"""Numbers as a page shows them, and as formulas and figures take them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

THIN_SPACE = "\u202f"
# Documented constants are shown with all their digits.
CONSTANT_DIGITS = 9
# Sums and products of larger numbers may be too large for any; nothing is computed from them or drawn of them.
LARGEST = 1e100
# A number of more digits, before the point or after it, is shown as printed.
_LONGEST = 30
_WIDE = Context(prec=2 * _LONGEST)


def number(text: str) -> float | None:
    """Return a printed or declared value as a number, or None where it is a word, not finite, or beyond `LARGEST`."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= LARGEST else None


def shown(value: str, digits: int | None) -> str:
    """Return a printed value rounded to `digits` significant digits at most, thousands set apart by a thin space.

    Digits before the point are never rounded away, and none are added that were not printed. `digits` None shows the
    value as printed; so does a value that is not a finite number, or is larger than 10^30 or smaller than 10^-30.

    >>> shown("2293.2548221759894", 4)
    '2\u202f293'
    >>> shown("98.58", 4), shown("0.0545", 2), shown("bert-large", 4)
    ('98.58', '0.055', 'bert-large')
    """
    if digits is None:
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return value
    printed = max(0, -int(number.as_tuple().exponent))
    places = min(printed, max(0, digits - 1 - number.adjusted()))
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return f"{rounded:,f}".replace(",", THIN_SPACE)


def span(values: Iterable[float | None]) -> str:
    """Return the smallest and the largest of some values with two digits, or the one text that both have.

    >>> span([2.9, None, 4.96]), span([1.7, 1.7]), span([None])
    ('2.9–5.0', '1.7', '')
    """
    found = [value for value in values if value is not None]
    if not found:
        return ""
    low, high = (shown(f"{value:.15g}", 2) for value in (min(found), max(found)))
    return f"{low}–{high}" if low != high else low
