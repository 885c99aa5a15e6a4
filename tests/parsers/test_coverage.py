"""Which lines were understood: facts, known noise, and the rest."""

from __future__ import annotations

import pytest

from parsers.coverage import coverage, explain
from parsers.noise import NOISE, noise
from tests.parsers.samples import CASES, NAMES, case

KINDS = {
    "": "blank line",
    "+-----+-----+": "ruler",
    "(venv) user@node:~/mnist$ ls": "shell prompt",
    "100%|##########| 5/5 [00:01<00:00]": "progress bar",
    "Epochs:  10%|#    | 1/10": "progress bar",
    "HOME=/home/user": "environment variable",
    "/NODE/XRDU_0/RDU_0 | 1 | Present | Online": "hardware inventory",
    "Collecting torch==2.1.0": "pip",
    "Cloning into 'examples'...": "git",
    "Traceback (most recent call last):": "Python traceback",
    "srun: Terminating job step 5.0": "scheduler",
    "slurmstepd-n1: error: *** STEP 5.0 CANCELLED ***": "scheduler",
    "Slurm: job 5 TIMEOUT": "run script",
    "[info    ] : PEF file created": "SambaFlow compiler",
    "2024-05-01 10:00:00,250 INFO:   Optimizing memory usage": "Cerebras phase",
    "    ✓ Compiling model": "Groq build stage",
    "old\rEpochs:  10%|#    | 1/10": "progress bar",
    "A sentence of a person.": "",
}


@pytest.mark.parametrize(("line", "kind"), KINDS.items())
def test_the_kind_of_a_line(line: str, kind: str) -> None:
    assert noise(line) == kind


def test_no_kind_of_noise_takes_everything() -> None:
    assert all(name and pattern for name, pattern in NOISE)
    assert noise("An unheard-of line 5") == ""


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("diff")])
def test_every_line_is_counted_once(name: str) -> None:
    found = coverage(case(name))
    assert found.lines == found.facts + found.known_noise + found.not_understood
    assert found.lines > 0


def test_of_an_empty_file_nothing_is_counted() -> None:
    assert coverage(b"").lines == 0


def test_an_explanation_names_dialects_runs_and_lines() -> None:
    text, understood = explain(CASES / "groq_rebuilt.log")
    assert understood
    assert "run 2    lines 20-42: Groq bert-tiny inference completed" in text
    assert "gave facts" in text
