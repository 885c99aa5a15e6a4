"""The tool that changes rules of dialects: it notices what it should, and leaves the parsers as they were."""

from __future__ import annotations

import random
from importlib import import_module
from types import CodeType, FunctionType

from parsers.engine import loading
from parsers.engine.loading import known
from tests.mutants.equivalent import reasons
from tests.mutants.rules import Mutant, mutants, notices
from tests.mutants.statements import MODULES, Statement, statements
from tests.mutants.trials import changed_case
from tests.parsers.samples import case, table

GROQ = next(dialect for dialect in known() if dialect.system == "Groq")


def test_a_shape_that_a_case_needs_is_missed_and_the_parsers_are_as_before() -> None:
    before, expected = loading.known, table(case("groq_proof_point"))
    without = next(
        mutant for mutant in mutants(GROQ) if mutant.change.endswith(": left out") and "Building" in mutant.change
    )
    assert notices(without, known())
    assert loading.known is before
    assert table(case("groq_proof_point")) == expected


def test_an_unchanged_dialect_is_not_noticed() -> None:
    assert notices(Mutant(GROQ, "nothing"), known()) == ""


def test_most_rules_are_proven_by_cases() -> None:
    made = random.Random(0).sample([mutant for dialect in known() for mutant in mutants(dialect)], 100)
    unnoticed = [str(mutant) for mutant in made if not notices(mutant, known())]
    assert len(unnoticed) <= 10, unnoticed


def test_a_changed_statement_of_the_engine_is_noticed_and_taken_back() -> None:
    mutant = next(each for each in statements("parsers.engine.boundaries") if each.changed == "pass")
    assert changed_case(mutant)
    assert changed_case(mutant._replace(code=_code_of(mutant))) == ""


def test_each_change_that_changes_no_answer_is_one_that_is_made() -> None:
    """An entry of `equivalent.toml` whose line is no longer there goes with it."""
    made = {mutant.key for name in MODULES for mutant in statements(name)}
    assert sorted(reasons().keys() - made) == []


def _code_of(mutant: Statement) -> CodeType:
    """Return the code of the function that a mutant changes, as it is."""
    found: object = import_module(mutant.module)
    for part in mutant.function.split("."):
        found = getattr(found, part)
    assert isinstance(found, FunctionType)
    return found.__code__
