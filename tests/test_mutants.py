"""The tool that changes rules of dialects: it notices what it should, and leaves the parsers as they were."""

from __future__ import annotations

from parsers.engine import loading
from parsers.engine.loading import known
from tests.mutants.rules import Mutant, mutants, notices
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


def test_most_rules_of_groq_are_proven_by_cases() -> None:
    made = list(mutants(GROQ))[::5]
    noticed = [bool(notices(mutant, known())) for mutant in made]
    assert sum(noticed) >= 0.7 * len(noticed)
