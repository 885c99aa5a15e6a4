"""Lines made to be hard on a pattern: twice the bytes take about twice the time, for every shape."""

from __future__ import annotations

import time

import pytest
from hypothesis import settings

from parsers import shell
from parsers.detect import DIALECTS
from parsers.grammar import literal
from parsers.reading import parse

SHAPES = (*shell.PROMPTS, *shell.FENCES, *shell.ENDINGS, *(shape for dialect in DIALECTS for shape in dialect.shapes))
LITERALS = sorted({literal(shape.pattern) for shape in SHAPES})
SIGNS = b"\n".join(dialect.signs[0] for dialect in DIALECTS) + b"\n"
PROOF = settings.get_current_profile_name() == "proof"
# Digits, letters, blanks, cells and brackets: what patterns repeat.
FILLERS = (b"0", b"a", b" ", b"1|", b"[") + (
    (b"(", b".", b"a.", b"-", b"=", b"/", b"{", b"\r", b"a b") if PROOF else ()
)
SIZE = 1 << 16


def seconds(data: bytes) -> float:
    """Return the processor time of reading data of all four dialects."""
    begun = time.process_time()
    parse(SIGNS + data, "x")
    return time.process_time() - begun


def least(data: bytes) -> float:
    """Return the least of several times: whatever else the machine does only adds to it."""
    return min(seconds(data) for _ in range(3))


def hard(sign: bytes, filler: bytes, size: int) -> tuple[bytes, ...]:
    """Return lines of `size` bytes: a sign and a long run behind it, and many signs with a short run behind each."""
    unit = sign + filler * (60 // len(filler))
    return sign + filler * (size // len(filler)), unit * (size // len(unit))


@pytest.mark.parametrize("sign", LITERALS, ids=repr)
def test_twice_the_bytes_take_no_more_than_thrice_the_time(sign: bytes) -> None:
    halves = [sign * (SIZE // 2 // len(sign)), (sign + b"\n") * (SIZE // 2 // len(sign))]
    wholes = [half + half for half in halves]
    for filler in FILLERS:
        halves += hard(sign, filler, SIZE // 2)
        wholes += hard(sign, filler, SIZE)
    for half, whole in zip(halves, wholes, strict=True):
        if seconds(whole) > 0.1:  # below, the clock is too coarse to compare, and it is quick in any case
            assert least(whole) < 3 * least(half), whole[:80]


@pytest.mark.skipif(not PROOF, reason="takes minutes: a part of the proof")
@pytest.mark.parametrize("sign", LITERALS, ids=repr)
def test_a_megabyte_takes_less_than_a_second(sign: bytes) -> None:
    lines = [line for filler in FILLERS for line in hard(sign, filler, 1 << 20)]
    slow = [(line[:80], taken) for line in (*lines, sign * ((1 << 20) // len(sign))) if (taken := seconds(line)) > 1]
    assert slow == []
