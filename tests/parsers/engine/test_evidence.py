"""The evidence of facts: it holds the value, fits on a page, and names no home folder's owner."""

from __future__ import annotations

import re

import pytest

from parsers.engine.evidence import LONGEST, of_match, of_text
from parsers.engine.lines import printable
from parsers.engine.text import MARK
from parsers.facts import Fact
from parsers.reading import parse
from parsers.vocabulary import term
from tests.parsers.samples import NAMES, case
from tests.parsers.test_originals import FILES


def _facts(data: bytes) -> list[Fact]:
    return [fact for run in parse(data, "").runs for fact in run.facts]


def check_evidence(data: bytes) -> None:
    """Hold the evidence of every fact of a log against the fact."""
    for fact in _facts(data):
        assert len(fact.evidence) <= LONGEST
        assert fact.evidence.isprintable()
        if term(fact.name).label or term(fact.name).duration or "/home/" in fact.value:
            continue
        assert printable(fact.value)[: LONGEST // 2] in fact.evidence, fact


@pytest.mark.parametrize("name", NAMES)
def test_the_evidence_of_a_fact_of_a_case_holds_its_value(name: str) -> None:
    check_evidence(case(name))


@pytest.mark.originals
def test_the_evidence_of_a_fact_of_an_original_holds_its_value() -> None:
    if not FILES:
        pytest.skip("the original logs are not at hand")
    for path in FILES:
        check_evidence(path.read_bytes())


def test_an_option_is_its_own_evidence_and_no_other_option_is_shown() -> None:
    data = b"RUN COMMAND: python a.py run -b 16 --data_dir /home/alice/x --steps_this_run 505\nDuration: 5\n"
    found = {fact.name: fact.evidence for fact in _facts(data)}
    assert (found["batch_size"], found["steps"]) == ("-b 16", "--steps_this_run 505")


def test_a_duration_shows_the_line_of_its_end() -> None:
    data = b"COMPILE START AT 100\nCOMPILE COMMAND: python a.py compile -b 2\nCOMPILE END AT 350\n"
    assert {fact.name: fact.evidence for fact in _facts(data)}["compile_time"] == "COMPILE END AT 350"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"/home/alice/R_2.1.1/x", "/home/USER/R_2.1.1/x"),
        (b"/homes/alice/a /Users/bob/b", "/homes/USER/a /Users/USER/b"),
        (b"a\x1b[31mb\r", "a\\x1b[31mb"),
        (b"rate=5" + MARK, "rate=5"),
    ],
)
def test_what_is_private_or_acts_on_a_terminal_is_not_shown(text: bytes, shown: str) -> None:
    assert of_text(text) == shown


def test_a_long_line_is_cut_around_the_value() -> None:
    evidence = of_text(b"a" * 500 + b" rate=12.5 " + b"b" * 500, "12.5")
    assert len(evidence) == LONGEST
    assert " rate=12.5 " in evidence


def test_a_long_value_is_shown_from_its_beginning() -> None:
    value = "".join(f"<{number}>" for number in range(100))
    assert of_text(value.encode() + b" and more", value) == value[:LONGEST]
    assert of_text(b"x" * 100 + value.encode(), value) == value[:LONGEST]


def shown(pattern: bytes, text: bytes) -> str:
    match = re.search(pattern, text)
    assert match is not None
    return of_match(match)


def test_the_evidence_is_of_the_first_line_of_a_match() -> None:
    assert shown(rb"rate\n5", b"x\nrate\n5") == "rate"
    assert shown(rb"\nrate", b"\nrate") == shown(rb"\nrate", b"x\nrate") == ""


def test_the_word_that_a_match_begins_in_is_shown_whole() -> None:
    assert shown(rb"rate=5", b"Xrate=5") == shown(rb"rate=5", b"5 Xrate=5") == "Xrate=5"
    assert shown(rb"=5", b"rate=5") == "=5"
    assert shown(rb"rate", b"x" * 30 + b"rate") == "x" * 20 + "rate"
