"""What stands in place of a figure: the numbers that it shows, and of many their ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.logs.folder import load_folder
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.derive import derive
from scripts.report.figures import pictures
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from tests import made


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "sambanova-throughput",
            "10.0 at 8 tasks; 20.25 at 16 tasks; 38.5 and 39.5 at 32 tasks.",
        ),
        ("graphcore-error", "Error rate, %: 8.75 at learning rate 0.0005;"),
        ("cerebras-loss", "atch size 512: 8.12500 at step 50 to 7.12500 at step 100;"),
        ("cerebras-phases", "compile 61 s"),
        ("groq-latency", "0.07812 at sequence length 128"),
        ("all-sambanova", "9.75 to 10.5 at tasks 8, n = 3"),
    ],
)
def test_a_figure_says_its_numbers(results: Results, known: Known, cohort: Cohort, name: str, says: str) -> None:
    assert says in pictures(Answers(results, known, cohort))[name].alt


def test_of_many_runs_of_a_setting_the_ends_are_said(tmp_path: Path) -> None:
    for place, rate in enumerate((100.0, 101.0, 102.0, 104.0)):
        (tmp_path / f"{place}.log").write_text(made.sambanova(8, rate, job=place + 1))
    (tmp_path / "x.log").write_text(made.sambanova(16, 200.0, job=9))
    results = collect(load_folder(tmp_path))
    known = quantities(results, derive(results), (), None)
    assert (
        "100.0 to 104.0, n = 4, at 8 tasks; 200.0 at 16 tasks."
        in pictures(Answers(results, known))["sambanova-throughput"].alt
    )
