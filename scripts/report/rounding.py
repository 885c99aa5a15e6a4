"""Numbers as a page shows them, and as formulas and figures take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

import regex

THIN_SPACE = "\u202f"
# A number as a page shows it: groups of three digits from four on.
NUMBER = regex.compile(rf"[-+]?\d{{1,3}}(?:{THIN_SPACE}\d{{3}})*(?:\.\d+)?")
_PLAIN = regex.compile(r"[-+]?\d+(?:\.\d+)?")
# Documented constants are shown with all their digits.
CONSTANT_DIGITS = 9
# Larger numbers are not computed with or drawn, because their sums and products may overflow.
LARGEST = 1e100
# A number of more digits, before the point or after it, is shown as printed.
_LONGEST = 30
_WIDE = Context(prec=2 * _LONGEST)


def number(text: str) -> float | None:
    """Return a printed or declared value as a number, or None if it is a word, not finite, or beyond `LARGEST`."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= LARGEST else None


def shown(value: str, digits: int | None) -> str:
    """Return a printed number rounded to `digits` significant digits at most, thousands set apart by a thin space.

    Digits before the point are never rounded away, and none are added that were not printed. `digits` None keeps all.
    Words are shown as printed. So are numbers larger than 10^30 or smaller than 10^-30. A number with an exponent is
    written out only if it is rounded.

    >>> shown("2293.2548221759894", 4), shown("560000", None)
    ('2\u202f293', '560\u202f000')
    >>> shown("98.58", 4), shown("0.0545", 2), shown("bert-large", 4), shown("1e-8", None)
    ('98.58', '0.055', 'bert-large', '1e-8')
    """
    number = _finite(value)
    if number is None or (digits is None and not _PLAIN.fullmatch(value)):
        return value
    printed = max(0, -int(number.as_tuple().exponent))
    places = printed if digits is None else min(printed, max(0, digits - 1 - number.adjusted()))
    return rounded(number, places)


def counted(number: int) -> str:
    """Return how many there are of something."""
    return shown(str(number), None)


def rounded(number: Decimal, places: int) -> str:
    """Return a number with so many decimals, half a last digit rounded up, thousands set apart by a thin space."""
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE):,f}".replace(",", THIN_SPACE)


def alike(values: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the texts of some values as one column shows them, with the same decimals.

    The text with the most decimals sets their number. Zeros fill up what a log did not print.

    >>> alike(["83.37", "100", "–"], ["83.4", "100", "–"])
    ['83.4', '100.0', '–']
    """
    most = max((decimals(text) for text in texts), default=0)
    numbers = [_finite(value) if NUMBER.fullmatch(text) else None for value, text in zip(values, texts, strict=True)]
    return [text if number is None else rounded(number, most) for number, text in zip(numbers, texts, strict=True)]


def shows(text: str, value: str, fewest: int) -> bool:
    """Return whether a text is a number rounded to its decimals, and has at least so many of them."""
    number = _finite(value) if NUMBER.fullmatch(text) and decimals(text) >= fewest else None
    return number is not None and rounded(number, decimals(text)) == text


def decimals(text: str) -> int:
    """Return how many decimals a shown number has; 0 if it is not a number."""
    return len(text.partition(".")[2]) if NUMBER.fullmatch(text) else 0


def _finite(value: str) -> Decimal | None:
    """Return a text as a number, or None if it is not one, not finite, or too long."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= _LONGEST else None


def span(values: Iterable[float | None]) -> str:
    """Return the smallest and the largest of some values with two digits, or the one text that both have.

    >>> span([2.9, None, 4.96]), span([1.7, 1.7]), span([None])
    ('2.9–5.0', '1.7', '')
    """
    given = [value for value in values if value is not None]
    if not given:
        return ""
    low, high = (shown(f"{value:.15g}", 2) for value in (min(given), max(given)))
    return f"{low}–{high}" if low != high else low
