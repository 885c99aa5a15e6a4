"""Numbers as a text prints them: value, digits given, unit, and whether the text says "about"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

import regex

_WIDE = Context(prec=60)
_SPACES = "\u00a0\u2009\u202f"
# How a unit is written, and its name here.
_PER_SECOND = r"[ _]?(?i:/ ?s(?:ec(?:ond)?)?|per[ _]sec(?:ond)?)\b"
_UNITS = {
    "%": r"%|per ?cent\b",
    "samples/s": rf"(?i:samples?|images?){_PER_SECOND}",
    "tokens/s": rf"(?i:tokens?){_PER_SECOND}",
    "inferences/s": rf"(?:(?i:inferences?){_PER_SECOND}|(?i:ips)\b)",
    "per second": rf"(?i:seq(?:uence)?s?|sentences?|items?|queries){_PER_SECOND}",
    "ms": r"ms\b|(?i:milliseconds?)\b|msec\b",
    "us": r"[µμu]s\b|microseconds?\b",
    "min": r"(?i:min(?:ute)?s?)\b",
    "h": r"h\b|(?i:hours?)\b",
    "s": r"s\b|(?i:sec(?:ond)?s?)\b",
    "times": r"[×x](?![\w])|-?fold\b|times\b",
}
_PER = "|".join(pattern for unit, pattern in _UNITS.items() if unit.endswith(("/s", "second")))
_UNIT = "|".join(f"(?P<u{place}>{pattern})" for place, pattern in enumerate(_UNITS.values()))
_SCALES = {"k": 3, "K": 3, "M": 6, "thousand": 3, "million": 6, "billion": 9}
_SCALE_WORDS = "|".join(word for word in _SCALES if len(word) > 1)
_GROUPED = rf"\d{{1,3}}(?:(?:[,{_SPACES}]\d{{3}})+|(?: \d{{3}})+(?!\s?\d))(?![\d])"
_NUMBER = regex.compile(
    rf"(?<![\w./\\-])(?<![\w][-–])(?P<sign>[-−+](?=[\d.]))?(?P<digits>(?:{_GROUPED}|\d++)(?:\.\d++)?|\.\d++)"
    r"(?P<power>[eE][-+]?\d{1,3}|\s?[×x]\s?10\^?\{?(?P<exponent>[-−+]?\d{1,3})\}?)?"
    rf"(?!\.\d|[\w]*_|/\w)(?P<scale>[kKM](?=\W|$)|\s[kKM](?=\s?(?:{_PER}))|[\s{_SPACES}-](?i:{_SCALE_WORDS})\b)?(?:[\s{_SPACES}\]*]{{0,2}}(?:{_UNIT}))?(?P<more>\+)?"
)
_HEADING_SCALE = regex.compile(rf"\b(?:(?P<word>(?i:{_SCALE_WORDS}))s?|(?P<sign>[kKM]))\s?(?=(?:{_PER}))")
_LAST_UNIT = regex.compile(rf"(?<![A-Za-z])(?:{_UNIT})[)\]]?\s*$")
_BARE_UNIT = regex.sub(r"\?P<u\d+>", "?:", _UNIT)
# "98,58 %" and "0,05": a comma that cannot group thousands, where a unit or a single zero shows that it is no list.
_DECIMAL_COMMA = regex.compile(
    rf"(?<![\d.,])(?:(0),(\d+)|(\d+),(\d{{1,2}}|\d{{4,}})(?=[\s{_SPACES}]?(?:{_BARE_UNIT})))(?![\d]|,\d)"
)
_RANGE = regex.compile(r"(?<=[\d%])\s?[–—-]\s?(?=\d)")
_MINUTE = 60
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPELT = {word: place for place, word in enumerate(_COUNTS, 1)}
_SPELT_NUMBER = regex.compile(rf"(?i)\b(?P<word>{'|'.join(_SPELT)})\s+(?=(?:times|runs|nodes|epochs|tasks)\b)")
_ABOUT = regex.compile(
    r"(?i)(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|ca\.|~|≈|\bclose to)\s*$"
)
_FACTOR = regex.compile(
    r"(?i)\b(?:factor(?: of)?|multipl(?:y|ies|ied|ying)\s(?:the|its|our|my)\b(?:[^.;]|\.\d){0,80}\bby)\s*$"
)
# "65 % more than 512": a comparison, no bound.
_COMPARED = r"(?<!(?:%|×|\btimes|per ?cent)\s*)"
_OVER = regex.compile(
    rf"(?i)(?:over|above|{_COMPARED}more than|greater than|at least|exceed(?:s|ed|ing)?|(?<![-=])>=?|≥)\s*$"
)
_UNDER = regex.compile(rf"(?i)(?:under|below|{_COMPARED}less than|at most|<=?(?!-)|≤|up to)\s*$")
# A number joined to letters that are not a unit is part of a name: 1D, 4x4, 24layer.
_GLUED = regex.compile(r"(?:st|nd|rd|th)?[A-Za-z_]|-(?:bit|layer|core)|(?:st|nd|rd|th)\b|[xX]\d")


class Printed(NamedTuple):
    """A number of a text.

    `value` is in the printed unit with its scale (k, M) applied. `places` are its decimal places; a scale can make them
    negative. `unit` is empty where none is printed; `stop` is where it ends. `about` is "", "about", "over" or "under".
    """

    start: int
    end: int
    text: str
    value: Decimal
    places: int
    unit: str
    about: str
    stop: int

    @property
    def is_scaled(self) -> bool:
        """Whether it is printed with a scale, as 6.7k or 1.1 million."""
        return self.has_digits and self.text[-1].isalpha()

    @property
    def has_digits(self) -> bool:
        """Whether it is printed in digits, not in words."""
        return any(sign.isdigit() for sign in self.text)

    def times_ten_to(self, exponent: int) -> Printed:
        """Return the number times a power of ten, which a heading gives; one with a scale of its own stays."""
        if not exponent or self.is_scaled:
            return self
        return self._replace(value=self.value.scaleb(exponent), places=self.places - exponent)

    def with_last_digit(self, digit: int) -> Printed:
        """Return the number with another last digit."""
        place = max(index for index, sign in enumerate(self.text) if sign.isdigit())
        text = f"{self.text[:place]}{digit}{self.text[place + 1 :]}"
        step = Decimal(1).scaleb(-self.places)
        change = (digit - int(self.text[place])) * step
        return self._replace(text=text, value=self.value + (change if self.value >= 0 else -change))


@lru_cache(maxsize=4096)  # the cells of a row are read once for each of them
def numbers(text: str) -> tuple[Printed, ...]:
    """Return the numbers of a passage in their order; spelt ones only where they count something."""
    return tuple(_with_minutes(text, sorted([*_in_digits(text), *_in_words(text)])))


def _with_minutes(text: str, every: Sequence[Printed]) -> Iterator[Printed]:
    """Yield numbers, those of "3 min 31 s" as one number of seconds."""
    minutes: Printed | None = None
    for printed in every:
        if (
            minutes
            and printed.unit == "s"
            and printed.value < _MINUTE
            and not text[minutes.stop : printed.start].strip()
        ):
            value = minutes.value * _MINUTE + printed.value
            yield printed._replace(start=minutes.start, text=text[minutes.start : printed.end], value=value)
            minutes = None
            continue
        if minutes:
            yield minutes
        minutes = printed if printed.unit == "min" and printed.places == 0 else None
        if not minutes:
            yield printed
    if minutes:
        yield minutes


def _in_digits(text: str) -> Iterator[Printed]:
    # A range is two numbers: its hyphen is not a sign.
    plain = _RANGE.sub(lambda match: ";".ljust(len(match[0])), text)
    plain = _DECIMAL_COMMA.sub(lambda match: match[0].replace(",", "."), plain)
    for match in _NUMBER.finditer(plain):
        digits_end = max(match.end("digits"), match.end("power"))
        unit = next((name for place, name in enumerate(_UNITS) if match[f"u{place}"]), "")
        if not unit and not match["scale"] and _GLUED.match(plain, digits_end):
            continue
        digits = regex.sub(rf"[, {_SPACES}]", "", match["digits"])
        exponent = _exponent(match)
        value = Decimal(digits).scaleb(exponent)
        value = -value if match["sign"] in ("-", "−") else value
        places = (len(digits.partition(".")[2])) - exponent
        end = match.end("scale") if match["scale"] else digits_end
        about = _about(plain[: match.start()]) or ("over" if match["more"] else "")
        begin = match.start("digits")
        unit = unit or ("times" if _FACTOR.search(plain, max(0, begin - 110), begin) else "")
        yield Printed(begin, end, text[begin:end], value, places, unit, about, match.end())


def _exponent(match: regex.Match[str]) -> int:
    power = (match["exponent"] or (match["power"] or "")[1:] or "0").replace("−", "-")
    scale = (match["scale"] or "").strip(f"- {_SPACES}\n")
    return int(power) + _SCALES.get(scale if len(scale) == 1 else scale.lower(), 0)


def _in_words(text: str) -> Iterator[Printed]:
    for match in _SPELT_NUMBER.finditer(text):
        value = Decimal(_SPELT[match["word"].lower()])
        unit = "times" if text[match.end() :].startswith("times") else ""
        about, end = _about(text[: match.start()]), match.end("word")
        yield Printed(match.start("word"), end, match["word"], value, 0, unit, about, end)


def _about(before: str) -> str:
    tail = before[-24:]
    return next((word for word, pattern in _WIDENED.items() if pattern.search(tail)), "")


_WIDENED = {"about": _ABOUT, "over": _OVER, "under": _UNDER}


@lru_cache(maxsize=1024)
def unit_of(heading: str) -> str:
    """Return the unit that ends a column's heading, as in "run time, s" or "latency (ms)"."""
    match = _LAST_UNIT.search(heading)
    return next((name for place, name in enumerate(_UNITS) if match and match[f"u{place}"]), "")


@lru_cache(maxsize=1024)
def scale_of(heading: str) -> int:
    """Return the power of ten by which a column's heading scales its numbers, as in "throughput (k samples/s)"."""
    match = _HEADING_SCALE.search(heading)
    return _SCALES[match["sign"] or match["word"].lower()] if match else 0


def agrees(printed: Printed, value: Decimal) -> bool:
    """Return whether a value, in the printed unit, is what a text prints.

    The value is rounded half up or half even to the digits given. Two or more zeros at the end of a whole number may
    also be rounding, if two other digits are left. "About" allows one in a hundred; "over" and "under" allow one in ten
    on that side.
    """
    if printed.about == "over" and printed.value < value <= printed.value * Decimal("1.1"):
        return True
    if printed.about == "under" and printed.value * Decimal("0.9") <= value < printed.value:
        return True
    if _rounds_to(value, printed.value, printed.places):
        return True
    places = _without_zeros(printed)
    if places < printed.places and _rounds_to(value, printed.value, places):
        return True
    return printed.about == "about" and abs(value - printed.value) <= abs(value) / 100


def is_rounded(printed: Printed, value: Decimal) -> bool:
    """Return whether a value rounded to the digits given, zeros included, is what a text prints."""
    return _rounds_to(value, printed.value, printed.places)


def _rounds_to(value: Decimal, printed: Decimal, places: int) -> bool:
    step = Decimal(1).scaleb(-places)
    try:
        return any(value.quantize(step, rule, _WIDE) == printed for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN))
    except ArithmeticError:  # more digits than any text prints
        return value == printed


def _without_zeros(printed: Printed) -> int:
    """Return the decimal places of a whole number without its trailing zeros, keeping at least two digits."""
    if printed.places > 0 or printed.value == 0:
        return printed.places
    whole = str(abs(int(printed.value.scaleb(printed.places))))
    zeros = len(whole) - len(whole.rstrip("0"))
    return printed.places - zeros if zeros > 1 and len(whole) - zeros > 1 else printed.places
