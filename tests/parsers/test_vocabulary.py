"""The names of facts, and that the parsers use no others."""

from __future__ import annotations

import pytest

from parsers.facts import Series
from parsers.reading import parse
from parsers.vocabulary import BY_NAME, KINDS, TERMS, term
from tests.parsers.samples import NAMES, case, table


def test_names_are_unique_and_terms_complete() -> None:
    assert len(BY_NAME) == len(TERMS)
    assert {item.kind for item in TERMS} == set(KINDS)
    assert all(item.meaning.endswith(".") and item.better in ("", "more", "less") for item in TERMS)


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_a_name_kind_and_unit_of_the_vocabulary(name: str) -> None:
    for _run, kind, fact, _device, step, _value, unit, line, view_line in table(case(name)):
        assert (kind == "series") == (step != "")
        assert kind == "series" or (kind, unit) == (term(str(fact)).kind, term(str(fact)).unit)
        assert 1 <= int(line) <= int(view_line)


def test_an_evaluations_own_measure_keeps_its_name() -> None:
    assert term("eval/f1").meaning == "The evaluation's own measure f1."


def test_another_name_is_unknown() -> None:
    with pytest.raises(KeyError):
        term("speed")


def test_a_run_tells_its_first_fact_of_a_name_by_device() -> None:
    (run,) = parse(case("groq_proof_point"), "x").runs
    fact = run.fact("on_chip_latency", "groq")
    assert fact is not None
    assert fact.value == "0.03"
    assert run.fact("on_chip_latency", "cpu") is None


def test_a_series_keeps_its_columns_equally_long() -> None:
    series = Series.empty("loss", "")
    series.add(3, "9.5", 7, 8)
    assert (series.steps, series.values, series.lines, series.view_lines) == ([3], ["9.5"], [7], [8])
