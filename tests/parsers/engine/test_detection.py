"""Which dialects a text is written in, and why."""

from __future__ import annotations

import pytest

from parsers.engine.boundaries import runs
from parsers.engine.detection import detect
from parsers.engine.loading import known
from parsers.engine.shapes import Dialect
from parsers.engine.text import texts
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
