"""Other people's ranges: what the file may say, and that ours lie where they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.report.known import Known
from scripts.report.others import BrokenRanges, others
from scripts.report.results import Results

ABOUT = '[about]\nparticipants = "2"\nruns = "3"\ndate = "2026-11"\nmethod = "read"\n'
RANGE = 'name = "a"\nsystem = "Groq"\nfact = "f"\nsetting = ""\nwhat = "w"\nunit = "s"\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'{ABOUT}[[range]]\n{RANGE}low = "2"\nhigh = "1"\n', "a: low 2 is above high 1"),
        (f'{ABOUT}[[range]]\n{RANGE}low = "2"\n', "high"),
        (f'{ABOUT}[[range]]\n{RANGE}low = "2"\nhigh = "3"\nmean = "2"\n', "mean"),
        (f'[[range]]\n{RANGE}low = "2"\nhigh = "3"\n', "about"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "others.toml"
    path.write_text(text)
    with pytest.raises(BrokenRanges, match=why):
        others(path)


def test_every_range_that_stands_beside_runs_of_ours_finds_some(results: Results, known: Known) -> None:
    settings = {"SambaNova": "ntasks", "Cerebras": "batch_size"}
    for system, name in settings.items():
        ours = {float(known.text(run, name)) for run in results.of(system) if run.word(name)}
        beside = set(others().beside(system, "throughput"))
        assert ours <= beside


def test_names_are_told_apart() -> None:
    names = [found.name for found in others().ranges]
    assert len(set(names)) == len(names)
