"""Shapes: the literal that each is searched by, and patterns under a time limit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from parsers.engine import shapes
from parsers.engine.shapes import Dialect, Shape, compiled, guard, literal
from parsers.engine.templates import DialectFault

LITERALS = (
    (rb"Model:", b"Model:"),
    (rb"Model: {1,4}x", b"Model:"),
    (rb"Model: +x", b"Model:"),
    (rb"Model: *x", b"Model:"),
    (rb"Models?:", b"Model"),
    (rb"Models(?::|=)", b"Models"),
    (rb"\|global_step:\d", b"|global_step:"),
    (rb"a\.b\[", b"a.b["),
    (rb"a\.?b", b"a"),
    (rb"(?P<_reason>srun: error: [^\r]+)", b"srun: error: "),
    (rb"(?<![\"'])(?P<a>(?P<b>Epochs) 5)", b"Epochs"),
    ("➜ x".encode(), "➜ x".encode()),
    (rb"\d+", b""),
)


@pytest.mark.parametrize(("pattern", "sign"), LITERALS)
def test_a_pattern_is_searched_by_what_any_match_begins_with(pattern: bytes, sign: bytes) -> None:
    assert literal(pattern) == sign


def test_a_broken_pattern_is_one_sentence() -> None:
    with pytest.raises(DialectFault, match=r"^'step \(x' is not a regular expression: missing \)"):
        compiled(rb"step (x")
    with pytest.raises(DialectFault, match=rf"^'\({'a' * 59}' is not a regular expression"):
        compiled(b"(" + b"a" * 80)


@pytest.fixture
def unguarded() -> Iterator[None]:
    yield
    shapes._guarded.clear()
    compiled.cache_clear()


@pytest.mark.usefixtures("unguarded")
def test_a_guarded_pattern_stops_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "_PATIENCE", 0.05)
    pattern = rb"worth (?:a|a)+(?P<test_accuracy>\d)!"
    compiled(pattern)
    guard(Dialect(system="Toy", signs=(b"toy",), shapes=(Shape(pattern),)))
    assert compiled(pattern).match(b"worth aa5!") is not None
    assert compiled(pattern).findall(b"it is worth a5!", 6) == [b"5"]
    assert compiled(pattern).match(b"it is worth a5!", 5) is None
    assert (compiled(pattern).groups, dict(compiled(pattern).groupindex)) == (1, {"test_accuracy": 1})
    with pytest.raises(
        DialectFault, match=r"^the pattern 'worth \(\?:a\|a\)\+.*' took longer than 0\.05 s on this log"
    ):
        compiled(pattern).match(b"worth " + b"a" * 26 + b"!")
