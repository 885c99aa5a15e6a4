"""gpu.sh in its small form, on the processor: from the command to a page; and what it does without a card."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.facts import Run
from parsers.reading import read
from scripts.report.__main__ import main as report
from tests.scripts.run.conftest import needs_torch
from tests.scripts.run.systems import ROOT, said

SCRIPT = ROOT / "scripts" / "run" / "gpu.sh"
LARGE = ["--batch-size", "4", "--steps", "2"]
TINY = ["--sequence-length", "8", "--repetitions", "3"]
DIGITS = ["--learning-rate", "0.05", "--digits-batch-size", "64", "--epochs", "1"]
QUICK = ["--cpu", *LARGE, *TINY, *DIGITS]
# What a log says only where a card computed.
OF_CARD = ("throughput", "token_throughput", "train_time", "median_latency", "end_to_end_latency", "test_accuracy")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the run scripts need bash 4 and GNU coreutils")


def gpu(*options: str | Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the script with this interpreter, or another; it sees no card, if there should be one."""
    environment = {**os.environ, "PYTHON": python, "PYTHONDONTWRITEBYTECODE": "", "CUDA_VISIBLE_DEVICES": ""}
    command = [str(SCRIPT), *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the logs that the script makes in a hurry."""
    folder = tmp_path_factory.mktemp("logs") / "small"
    done = gpu(*QUICK, "--out", folder)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "3 runs done, 0 experiments done before, 0 failed")
    return folder


def runs(folder: Path) -> dict[str, Run]:
    """Return the runs of a folder's logs by experiment; each log holds one."""
    found = [read(path).runs for path in sorted(folder.glob("*.log"))]
    return {said(run, "experiment")[0]: run for (run,) in found}


@needs_torch
def test_each_run_has_a_log_that_says_what_was_asked(made: Path) -> None:
    found = runs(made)
    told = {name: said(run, "system", "workload", "stage", "outcome", "hardware") for name, run in found.items()}
    assert told == {
        "bert-large": ("NVIDIA", "bert-large-reduced", "train", "completed", "cpu"),
        "bert-tiny": ("NVIDIA", "bert-tiny", "inference", "completed", "cpu"),
        "digits": ("NVIDIA", "digits", "train", "completed", "cpu"),
    }
    of_large = ("batch_size", "micro_batch_size", "gradient_accumulation", "sequence_length", "steps", "precision")
    assert said(found["bert-large"], *of_large) == ("4", "2", "2", "128", "2", "bfloat16")
    assert said(found["bert-tiny"], "batch_size", "sequence_length", "execution") == ("1", "8", "eager")
    assert said(found["digits"], "learning_rate", "batch_size", "epochs", "seed") == ("0.05", "64", "1", "1")


@needs_torch
def test_what_the_processor_measured_is_said_of_it_alone(made: Path) -> None:
    for run in runs(made).values():
        assert {fact.device for fact in run.facts if fact.name in OF_CARD} == {"cpu"}
        assert all(run.fact(name) is None for name in OF_CARD)
        assert said(run, "peak_memory", "power", "clock", "cards") == ("", "", "", "")


@needs_torch
def test_the_figures_of_a_run_fit_one_another(made: Path) -> None:
    large = {fact.name: float(fact.value) for fact in runs(made)["bert-large"].facts if fact.device == "cpu"}
    assert large["throughput"] == pytest.approx(2 * 4 / large["train_time"], rel=1e-2)
    assert large["token_throughput"] == pytest.approx(128 * large["throughput"], rel=1e-2)
    (loss,) = runs(made)["bert-large"].series
    assert loss.steps == [1, 2]
    assert all(6 < float(value) < 9 for value in loss.values)  # chance: the logarithms of 997 words and of 2 orders


@needs_torch
def test_a_second_call_has_nothing_to_do(made: Path) -> None:
    before = sorted(made.iterdir())
    done = gpu(*QUICK, "--out", made)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "0 runs done, 3 experiments done before, 0 failed")
    assert sorted(made.iterdir()) == before


@needs_torch
def test_what_the_processor_has_done_is_not_done_for_a_card(made: Path) -> None:
    planned = gpu(*QUICK[1:], "--out", made, "--dry-run")
    assert "done before" not in planned.stderr
    assert [line.split("scripts.run.gpu ")[1].split()[0] for line in planned.stdout.splitlines()[1:]] == [
        *["bert-large", "bert-tiny", "bert-tiny", "digits"]
    ]


@needs_torch
def test_the_circle_closes_on_pages_that_say_what_computed(made: Path, tmp_path: Path) -> None:
    assert report([str(made), str(tmp_path / "out")]) == 0
    page = (tmp_path / "out/pages/nvidia.md").read_text(encoding="utf-8")
    assert "The logs say that no card computed these runs: " in page
    assert "samples per step, in samples/s" not in page
    (of_run,) = (tmp_path / "out/pages/runs").glob("digits-*.md")
    (accuracy,) = [fact for fact in runs(made)["digits"].facts if fact.name == "test_accuracy"]
    rows = [line for line in of_run.read_text(encoding="utf-8").splitlines() if 'id="test_accuracy-cpu"' in line]
    assert any(f"{float(accuracy.value):.2f}" in row for row in rows), rows


@needs_torch
def test_without_a_card_nothing_starts(tmp_path: Path) -> None:
    done = gpu("--out", tmp_path / "logs")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: PyTorch finds no NVIDIA card with ")
    assert not (tmp_path / "logs").exists()


def test_a_dry_run_starts_nothing(tmp_path: Path) -> None:
    done = gpu("--dry-run", "--out", tmp_path / "logs")
    assert done.returncode == 0
    words = [line.split("scripts.run.gpu ")[1].split() for line in done.stdout.splitlines()[1:]]
    assert [line[0] for line in words] == ["bert-large"] * 3 + ["bert-tiny"] * 4 + ["digits"] * 4
    assert [line[2] for line in words[:3]] == ["512", "1024", "2048"]
    assert [(line[2], "--cuda-graph" in line) for line in words[3:7]] == [
        ("128", False),
        ("128", True),
        ("256", False),
        ("256", True),
    ]
    assert not (tmp_path / "logs").exists()


def test_help_says_what_it_takes() -> None:
    done = gpu("--help")
    assert done.returncode == 0
    assert "one NVIDIA card" in done.stdout
    assert "no network" in done.stdout


REFUSED = {
    "a rate of none": (["--learning-rate", "0"], "--learning-rate: '0' is not a number above zero"),
    "a batch of none": (["--batch-size", "0"], "--batch-size: '0' is not a whole number"),
    "an unknown option": (["--gpus", "1"], "unknown option --gpus; allowed: "),
}


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_one_sentence(what: str) -> None:
    options, words = REFUSED[what]
    done = gpu(*options)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, words in line) == (2, True), line


def test_missing_packages_are_named_with_the_cure(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")  # an interpreter that finds no package
    python.chmod(0o755)
    done = gpu("--cpu", "--out", tmp_path / "logs", python=str(python))
    assert done.returncode == 2
    assert done.stderr == (
        f"error: torch, transformers or scikit-learn is missing from {python}; make .venv/cpu.stamp installs them\n"
    )
