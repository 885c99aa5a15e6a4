"""Lines that are hard for a pattern: for every shape, time grows with their length, not with its square."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import settings

from parsers.dialects import shell
from parsers.engine.loading import known
from parsers.engine.shapes import literal
from parsers.reading import parse

SHAPES = (*shell.PROMPTS, *shell.FENCES, *shell.ENDINGS, *(shape for dialect in known() for shape in dialect.shapes))
LITERALS = sorted({literal(shape.pattern) for shape in SHAPES})
SIGNS = b"\n".join(dialect.signs[0] for dialect in known()) + b"\n"
PROOF = settings.get_current_profile_name() == "proof"
# Digits, letters, blanks, cells and brackets: what patterns repeat.
FILLERS = (b"0",) + ((b"1|", b" ", b"a", b"[", b"(", b".", b"a.", b"-", b"=", b"/", b"{", b"\r") if PROOF else ())
SIZE = 1 << 16


def seconds(data: bytes) -> float:
    """Return the processor time of reading data of all four dialects, without the collector, as the command reads."""
    gc.disable()
    try:
        begun = time.process_time()
        parse(SIGNS + data, "x")
        return time.process_time() - begun
    finally:
        gc.enable()


def least(data: bytes) -> float:
    """Return the least of several times: whatever else the machine does only adds to it."""
    return min(seconds(data) for _ in range(3))


def lines(sign: bytes, size: int) -> list[bytes]:
    """Return data of `size` bytes that repeat a sign.

    The signs are on one line and on many, with short runs of a filler after each, and with one long run.
    """
    units = [sign, sign + b"\n", *(sign + filler * (60 // len(filler)) for filler in FILLERS)]
    return [unit * (size // len(unit)) for unit in units] + [
        sign + filler * (size // len(filler)) for filler in FILLERS
    ]


@pytest.mark.parametrize("sign", LITERALS, ids=repr)
def test_four_times_the_bytes_take_less_than_eight_times_the_time(sign: bytes) -> None:
    parts, wholes = lines(sign, SIZE // 4), lines(sign, SIZE)
    for part, whole in zip(parts, wholes, strict=True):
        if seconds(whole) > 0.25:  # below, the clock is too coarse to compare, and it is quick in any case
            assert least(whole) < 8 * least(part), whole[:80]


# Signs of which each is an event, or a run, of its own: hundreds of thousands in a megabyte still take over a second.
DENSE = (
    b"Running inference on GroqChip",
    b"Running inference using PyTorch",
    b"enchmarked on GroqChip",
    b"^C",
    b"```",
    b"~~~",
)
SLOW = pytest.mark.xfail(reason="2 to 5 microseconds an event, 40 a run: up to 1.7 s in a megabyte")


@pytest.mark.skipif(not PROOF, reason="takes minutes: a part of the proof")
@pytest.mark.parametrize(
    "sign", [pytest.param(sign, marks=SLOW) if sign.startswith(DENSE) else sign for sign in LITERALS], ids=repr
)
def test_a_megabyte_takes_less_than_a_second(sign: bytes) -> None:
    slow = [(data[:80], taken) for data in lines(sign, 1 << 20) if (taken := seconds(data)) > 1]
    assert slow == []
