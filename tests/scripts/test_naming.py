"""What runs are called: by their setting, told apart where several share it, in words that a link can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.logs.folder import load_folder
from scripts.report.naming import facts_of, labels, run_title, setting_words
from scripts.report.results import Results, collect
from tests import made


def test_runs_are_called_by_their_setting(results: Results) -> None:
    named = labels(results.runs)
    assert named["sambanova-run-ntasks08-1"] == "8 tasks"
    assert named["sambanova-run-ntasks16-2"] == "32 tasks, run 1 of 2"
    assert named["sambanova-run-ntasks32-1"] == "32 tasks, run 2 of 2"
    assert named["sambanova-compile-1"] == "compile"
    assert named["graphcore-session-1"] == "learning rate 0.05"
    assert named["groq-session-2"] == "sequence length 128"


def test_no_two_runs_of_a_system_have_the_same_label(results: Results) -> None:
    named = labels(results.runs)
    assert len({(run.system, named[run.id]) for run in results.runs}) == len(results.runs)


def test_a_run_whose_setting_nobody_states_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(made.graphcore(0.05, 97.5).split("\n", 1)[1])
    assert list(labels(collect(load_folder(tmp_path)).runs).values()) == ["learning rate not stated"]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("1 task", "facts of the 1-task run"),
        ("32 tasks, p03, run 2 of 3", "facts of the 32-task run, p03, 2 of 3"),
        ("batch size 2\u202f048", "facts of the run with batch size 2\u202f048"),
        ("tasks not stated", "facts of the run, tasks not stated"),
        ("run", "facts of the run"),
        ("inference", "facts of the inference run"),
    ],
)
def test_a_link_to_a_run_says_which(label: str, text: str) -> None:
    assert facts_of(label) == text


def test_one_of_what_is_counted_is_not_several() -> None:
    assert setting_words("tasks", "1") == "1 task"
    assert run_title("X", "1 task", "completed") == "X · 1 task · completed"
