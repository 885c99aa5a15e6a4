"""Which dialects a text is written in, and why."""

from __future__ import annotations

import pytest

from parsers.engine.detection import DIALECTS, detect
from tests.parsers.samples import case

TOLD = {
    "sambanova_train": ["SambaNova"],
    "graphcore_mnist": ["Graphcore"],
    "cerebras_train": ["Cerebras"],
    "groq_proof_point": ["Groq"],
    "cpu_digits_two_runs": ["CPU"],
    "several_systems": ["SambaNova", "Graphcore", "Cerebras", "Groq"],
}


@pytest.mark.parametrize(("name", "systems"), TOLD.items())
def test_the_dialects_of_a_case(name: str, systems: list[str]) -> None:
    told = detect(case(name))
    assert [dialect.system for dialect, _ in told] == systems
    assert all(sign.encode() in case(name) for _, sign in told)


def test_prose_is_in_no_dialect() -> None:
    assert detect(b"We compared four systems.\n") == ()


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.system)
def test_each_sign_of_a_dialect_tells_it(dialect: object) -> None:
    from parsers.engine.shapes import Dialect

    assert isinstance(dialect, Dialect)
    assert all(dialect in [found for found, _ in detect(b"x " + sign + b" x")] for sign in dialect.signs)
