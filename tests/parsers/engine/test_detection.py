"""Which dialects a text is written in, and why."""

from __future__ import annotations

import pytest

from parsers.engine import detection
from parsers.engine.boundaries import runs
from parsers.engine.detection import detect
from parsers.engine.loading import known
from parsers.engine.shapes import Dialect
from parsers.engine.text import texts
from tests.parsers.engine.toy import Sliced
from tests.parsers.samples import NAMES, case, said


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_in_the_dialects_of_its_runs(name: str) -> None:
    told = {dialect.system for dialect, _ in detect(case(name))}
    assert set(said(case(name), "system")) <= told


@pytest.mark.parametrize("dialect", known(), ids=lambda dialect: dialect.system)
def test_no_dialect_claims_a_run_of_another(dialect: Dialect) -> None:
    claimed = {
        name: run.first_line
        for name in NAMES
        if dialect.system not in said(case(name), "system")
        for text in texts(case(name))
        for run in runs(text, (dialect,))
    }
    assert claimed == {}


def test_prose_is_in_no_dialect() -> None:
    assert detect(b"We compared four systems.\n") == ()


@pytest.mark.parametrize("dialect", known(), ids=lambda dialect: dialect.system)
def test_each_sign_of_a_dialect_tells_it(dialect: Dialect) -> None:
    assert all(dialect in [found for found, _ in detect(b"x " + sign + b" x")] for sign in dialect.signs)


def test_no_more_is_read_than_tells_all_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "_FIRST", 1000)
    monkeypatch.setattr(detection, "_NEXT", 2000)
    monkeypatch.setattr(detection, "_OVERLAP", 100)
    signs = b"\n".join(sign for dialect in known() for sign in dialect.signs)
    all_told = b"x" * 1500 + signs
    data = Sliced(all_told.ljust(2900, b"x") + b"x" * 5000)
    assert {dialect for dialect, _ in detect(data)} == set(known())
    assert data.lengths == [1100, 2100]
    assert detect(Sliced(b"")) == ()


def test_a_sign_between_two_pieces_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "_FIRST", 100)
    monkeypatch.setattr(detection, "_OVERLAP", 50)
    sign = known()[0].signs[0]
    assert [dialect for dialect, _ in detect(b"x" * 95 + sign + b"x" * 100)] == [known()[0]]
