"""Tables of runs: their captions and links, and that they stay light."""

from __future__ import annotations

from pathlib import Path

from scripts.logs.folder import load_folder
from scripts.report.blocks import MOST_ROWS, runs_table
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from scripts.report.system import system_of
from tests import made


def test_a_table_has_a_caption_and_its_links_say_which_run(results: Results, known: Known) -> None:
    system = system_of("SambaNova")
    text = runs_table(system, results.of("SambaNova"), system.tables["runs"], known, "sambanova.md")
    assert text.startswith('<span class="caption">Runs of SambaNova</span>\n\n| tasks |')
    assert "[facts of the 16-task run](runs/sambanova-run-ntasks16-1.md) |" in text
    phases = runs_table(system, results.of("SambaNova"), system.tables["phases"], known, "sambanova.md")
    assert phases.startswith('<span class="caption">Phases of the runs of SambaNova</span>')
    assert "list of runs" not in text


def test_a_table_of_many_runs_shows_some_of_each_setting_and_says_where_the_others_are(tmp_path: Path) -> None:
    for place in range(2 * MOST_ROWS):
        tasks = 8 if place < 2 * MOST_ROWS - 3 else 16
        (tmp_path / f"{place:03}.log").write_text(made.sambanova(tasks, 10.0 * tasks + place, job=place + 1))
    results = collect(load_folder(tmp_path))
    system = system_of("SambaNova")
    known = quantities(results, (), (), None)
    text = runs_table(system, results.runs, system.tables["runs"], known, "sambanova.md")
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    assert len(rows) == MOST_ROWS // 2 + 3
    assert sum(line.startswith("| [16]") for line in rows) == 3
    assert "[The list of runs](runs/index.md) has all of them." in text
