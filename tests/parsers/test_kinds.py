"""The kinds of logs that the field writes: small samples, written down beforehand with what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from parsers.facts import Run
from parsers.reading import parse

SAMPLES = (Path(__file__).parent / "kinds.txt").read_text(encoding="utf-8")
SAMPLE = re.compile(
    r"^== (?P<name>.+)\n(?P<log>(?:.*\n)*?)-- says: (?P<runs>\d+) runs\n(?P<says>(?:\d+\t.*\n)*)", re.MULTILINE
)


class Sample(NamedTuple):
    """A log, how many runs it holds, and what they say: run, name of a fact, value."""

    log: bytes
    runs: int
    says: list[list[str]]


KINDS = {
    found["name"]: Sample(
        found["log"].encode(), int(found["runs"]), [line.split("\t") for line in found["says"].splitlines()]
    )
    for found in SAMPLE.finditer(SAMPLES)
}


def said(run: Run, name: str) -> list[str]:
    """Return the values of a fact, or those of a series as one text; `none` if there is neither."""
    if name.startswith("S "):
        return [" ".join(series.values) for series in run.series if f"S {series.name}" == name]
    return [fact.value for fact in run.facts if fact.name == name] or ["none"]


def test_each_sample_is_found() -> None:
    assert len(KINDS) == SAMPLES.count("\n== ") > 30


@pytest.mark.parametrize("name", KINDS)
def test_what_a_sample_says(name: str) -> None:
    sample = KINDS[name]
    runs = parse(sample.log, "").runs
    assert len(runs) == sample.runs
    for run, fact, value in sample.says:
        assert value in said(runs[int(run) - 1], fact), (run, fact)
