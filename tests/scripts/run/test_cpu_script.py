"""cpu.sh itself, on tiny sizes: from the command to a new number on a page. Also bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.facts import Run
from parsers.reading import read
from scripts import ROOT
from scripts.report.__main__ import main as report
from tests.scripts.run.conftest import needs_torch

SCRIPT = ROOT / "scripts" / "run" / "cpu.sh"
DIGITS = ["--learning-rate", "0.05", "--batch-size", "64", "--epochs", "1"]
QUICK = [*DIGITS, "--sequence-length", "8", "--repetitions", "3", "--model", "random"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the run scripts need bash 4 and GNU coreutils")


def cpu(*options: str | Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the script with this interpreter, or another."""
    environment = {**os.environ, "PYTHON": python, "PYTHONDONTWRITEBYTECODE": ""}
    command = [str(SCRIPT), *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the logs that the script makes in a hurry."""
    folder = tmp_path_factory.mktemp("logs") / "cpu"
    done = cpu(*QUICK, "--out", folder)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "2 runs done, 0 experiments done before, 0 failed")
    return folder


def runs(folder: Path) -> list[Run]:
    """Return the runs of a folder's logs, each of which holds one."""
    found = []
    for path in sorted(folder.glob("*.log")):
        (run,) = read(path).runs
        found.append(run)
    return found


def value(run: Run, name: str) -> str:
    fact = run.fact(name)
    assert fact is not None
    return fact.value


@needs_torch
def test_each_run_has_a_log_that_says_what_was_asked(made: Path) -> None:
    told = [
        tuple(fact.value if (fact := run.fact(name)) else "" for name in ("workload", "sequence_length", "epochs"))
        for run in runs(made)
    ]
    assert told == [("bert-tiny", "8", ""), ("digits", "", "1")]
    assert {value(run, "system") for run in runs(made)} == {"CPU"}
    assert {value(run, "outcome") for run in runs(made)} == {"completed"}
    for run in runs(made):  # what was asked and what the program says it did are one
        assert len([fact for fact in run.facts if fact.name == "batch_size"]) == 1


@needs_torch
def test_the_circle_closes_on_a_page(made: Path, tmp_path: Path) -> None:
    """From the script's logs to pages: a new log's number is on its run's page, with its line."""
    assert report([str(made.parent), str(tmp_path / "out")]) == 0
    (trained,) = [run for run in runs(made) if value(run, "workload") == "digits"]
    (page,) = (tmp_path / "out" / "pages" / "runs").glob("cpu-digits-*.md")
    text = page.read_text(encoding="utf-8")
    for name in ("test_accuracy", "throughput", "train_time"):
        fact = trained.fact(name)
        assert fact is not None
        (row,) = [line for line in text.splitlines() if f'id="{name}"' in line and line.startswith("|")]
        assert fact.value in row
        assert f"| {fact.line} |" in row
    index = (tmp_path / "out" / "pages" / "index.md").read_text(encoding="utf-8")
    assert "Runs: [2](runs/index.md#count-runs " in index


@needs_torch
def test_a_second_call_has_nothing_to_do(made: Path) -> None:
    before = sorted(made.iterdir())
    done = cpu(*QUICK, "--out", made)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "0 runs done, 2 experiments done before, 0 failed")
    assert sorted(made.iterdir()) == before


@needs_torch
def test_a_repeat_adds_a_log_of_each_length_and_another_seed(made: Path) -> None:
    planned = cpu(*QUICK, "--out", made, "--repeat", "2", "--dry-run")
    assert planned.returncode == 0
    assert planned.stdout.count("scripts.run.bert_tiny") == 1
    assert [line.split("--seed ")[1].split()[0] for line in planned.stdout.splitlines() if "digits" in line] == [
        "1",
        "2",
    ]


@needs_torch
def test_a_run_that_fails_leaves_a_log_that_says_so(tmp_path: Path) -> None:
    done = cpu(*DIGITS, "--sequence-length", "4096", "--repetitions", "2", "--out", tmp_path / "logs")
    assert done.returncode == 1
    failed = [run for run in runs(tmp_path / "logs") if value(run, "workload") == "bert-tiny"]
    assert [value(run, "outcome") for run in failed] == ["failed"]


def test_a_dry_run_starts_nothing(tmp_path: Path) -> None:
    done = cpu("--dry-run", "--out", tmp_path / "logs")
    assert done.returncode == 0
    assert [line.split(" -m ")[1].split()[0] for line in done.stdout.splitlines()[1:]] == [
        *["scripts.run.bert_tiny"] * 2,
        *["scripts.run.digits"] * 4,
    ]
    assert not (tmp_path / "logs").exists()


def test_help_says_what_it_takes() -> None:
    done = cpu("--help")
    assert done.returncode == 0
    assert "half a minute a run" in done.stdout


REFUSED = {
    "a rate of none": (["--learning-rate", "0"], "--learning-rate: '0' is not a number above zero"),
    "a length in words": (["--sequence-length", "long"], "--sequence-length: 'long' is not a whole number"),
    "an unknown option": (["--gpus", "1"], "unknown option --gpus; allowed: "),
    "sentences that are not there": (["--sentences", "/nowhere"], "--sentences: /nowhere: no such file"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_one_sentence(what: str) -> None:
    options, said = REFUSED[what]
    done = cpu(*options)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, said in line) == (2, True), line


def test_missing_packages_are_named_with_the_cure(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")  # an interpreter that finds no package
    python.chmod(0o755)
    done = cpu("--out", tmp_path / "logs", python=str(python))
    assert done.returncode == 2
    assert done.stderr == (
        f"error: torch, transformers or scikit-learn is missing from {python}; make .venv/cpu.stamp installs them\n"
    )
