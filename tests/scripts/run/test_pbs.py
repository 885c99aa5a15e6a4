"""groq.sh's job behind Torque's commands over Slurm: they take a job script as PBS does.

This does not prove that PBS Pro, which the GroqRack has, would accept it. Its own options (select, place) are not
tested.
"""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.scripts.run.systems import System, said, until

pytestmark = pytest.mark.xdist_group("slurm")
# What Torque's commands understand in place of PBS Pro's select and place.
RESOURCES = ("--resources", "nodes=1")


def test_what_was_submitted_is_what_the_logs_say(pbs: dict[str, str], tmp_path: Path) -> None:
    system = System("groq", tmp_path)
    done = system.run(*RESOURCES, "--sequence-length", 128, 256, **pbs)
    assert done.returncode == 0, done.stderr
    names = ("outcome", "sequence_length", "batch_size", "workload", "model")
    assert [said(run, *names) for run in system.runs()] == [
        ("completed", "128", "1", "bert-tiny", "bert_tiny_128"),
        ("completed", "256", "1", "bert-tiny", "bert_tiny_256"),
    ]
    assert [path.suffix for path in system.logs.iterdir()] == [".log", ".log"]  # nothing else is left


def test_a_job_that_fails_gives_its_exit_status(pbs: dict[str, str], tmp_path: Path) -> None:
    system = System("groq", tmp_path)
    done = system.run(*RESOURCES, "--sequence-length", 128, **pbs, STAND_IN="fail")
    assert (done.returncode, "failed (exit status 4)" in done.stderr) == (1, True)
    assert said(system.runs()[0], "outcome", "failure_reason") == ("failed", "told to fail")


def test_an_interrupt_deletes_the_job(pbs: dict[str, str], tmp_path: Path) -> None:
    system = System("groq", tmp_path)
    with system.started(*RESOURCES, "--sequence-length", 128, **pbs, STAND_IN="wait") as script:
        assert until(lambda: any("a stand-in for" in log.read_text() for log in system.new_logs()))
        script.send_signal(signal.SIGTERM)
        assert script.wait(30) == 130
    assert said(system.runs()[0], "outcome") == ("killed",)
    listed = subprocess.run(["squeue", "-h", "-o", "%j"], env=system.environment(**pbs), capture_output=True, text=True)
    assert "testbed-" not in listed.stdout


def test_a_job_that_is_refused(pbs: dict[str, str], tmp_path: Path) -> None:
    system = System("groq", tmp_path)
    done = system.run(*RESOURCES, "--pbs-queue", "none", "--sequence-length", 128, **pbs)
    assert (done.returncode, "failed (exit status 1)" in done.stderr) == (1, True)
    assert "invalid partition specified: none" in system.new_logs()[0].read_text()
    assert said(system.runs()[0], "outcome") == ("failed",)
