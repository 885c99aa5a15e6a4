"""Lines that were broken at a width: the width of a sample."""

from __future__ import annotations

from parsers.engine.breaks import width_of


def test_a_sample_without_the_end_of_a_line_has_no_width() -> None:
    assert width_of(b"x" * 100_000) == width_of(b"") == 0
