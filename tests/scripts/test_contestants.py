"""The plain script of the benchmark finds what the parsers find: it is a contestant, not a straw man."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from parsers.reading import read
from scripts.contestants import plain

CASES = Path(__file__).parents[1] / "parsers" / "cases"


@pytest.mark.parametrize("name", ["sambanova_two_runs", "cerebras_two_runs"])
def test_the_plain_script_finds_every_step(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(CASES / f"{name}.log", tmp_path)
    plain(tmp_path)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    series = [series for run in read(CASES / f"{name}.log").runs for series in run.series if series.name == "loss"]
    assert [int(row[2]) for row in rows] == [step for one in series for step in one.steps] != []
