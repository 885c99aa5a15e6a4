"""The scripts that go through Slurm, against a real one: what was submitted comes back as facts.

The programs that the jobs start are stand-ins; sbatch, srun, the queue, the cancelling and the limits are real.
"""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.run.systems import System, said, until

pytestmark = pytest.mark.xdist_group("slurm")
Slurm = dict[str, str]
Started = tuple[System, subprocess.Popen[str]]


@pytest.fixture(scope="module", autouse=True)
def overrun(slurm: Slurm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A job whose time is up: Slurm checks that every half a minute. The other tests run meanwhile."""
    system = System("graphcore", tmp_path_factory.mktemp("overrun"))
    with system.started("--learning-rate", 0.05, **slurm, STAND_IN="wait") as script:
        _call(system, slurm, "scontrol", "update", f"JobId={_running(system, slurm, script)}", "EndTime=now")
        yield system, script
        script.terminate()


def test_what_was_submitted_to_the_sn30_is_what_the_logs_say(slurm: Slurm, tmp_path: Path) -> None:
    system = System("sambanova", tmp_path)
    done = system.run("--ntasks", 2, 4, "--nodes", 2, **slurm)
    assert done.returncode == 0, done.stderr
    compiled, *trained = system.runs()
    assert said(compiled, "stage", "outcome", "batch_size") == ("compile", "completed", "256")
    names = ("outcome", "ntasks", "nodes", "nodelist", "token_throughput_min", "token_throughput_max")
    assert [said(run, *names) for run in trained] == [
        ("completed", "2", "2", "sn[0-1]", "70000", "77500"),
        ("completed", "4", "2", "sn[0-1]", "140000", "155000"),
    ]
    assert [said(run, "steps", "learning_rate", "sequence_length") for run in trained] == [("2", "0.000175", "128")] * 2
    again = system.run("--ntasks", 2, 4, "--nodes", 2, **slurm)
    assert again.returncode == 0
    assert len(system.new_logs()) == 3  # nothing was missing, and nothing was compiled again


def test_two_repeats_of_two_rates_are_four_logs(slurm: Slurm, tmp_path: Path) -> None:
    system = System("graphcore", tmp_path)
    done = system.run("--learning-rate", 0.05, 0.5, "--batch-size", 16, "--epochs", 3, "--repeat", 2, **slurm)
    assert done.returncode == 0, done.stderr
    names = ("learning_rate", "batch_size", "epochs", "test_accuracy", "outcome", "epoch_steps")
    good, bad = ("0.05", "16", "3", "97.25", "completed", "75"), ("0.5", "16", "3", "9.5", "completed", "75")
    assert [said(run, *names) for run in system.runs()] == [good, good, bad, bad]


def test_a_program_that_fails_leaves_a_log_that_says_so(slurm: Slurm, tmp_path: Path) -> None:
    system = System("graphcore", tmp_path)
    done = system.run("--learning-rate", 0.05, **slurm, STAND_IN="fail")
    assert done.returncode == 1
    assert "failed (exit status 1)" in done.stderr
    (run,) = system.runs()
    assert said(run, "outcome", "failure_reason") == ("failed", "RuntimeError: told to fail")
    assert system.run("--learning-rate", 0.05, **slurm).returncode == 0  # it was missing, and is made
    assert [said(run, "outcome")[0] for run in system.runs()] == ["failed", "completed"]


def test_a_batch_job_that_fails_gives_its_exit_status(slurm: Slurm, tmp_path: Path) -> None:
    system = System("sambanova", tmp_path).compiled()
    done = system.run("--ntasks", 2, **slurm, STAND_IN="fail")
    assert done.returncode == 1
    assert said(system.runs()[-1], "outcome")[0] == "failed"
    assert '#testbed-end {"exit_status": 1,' in system.new_logs()[-1].read_text()


def test_a_throughput_outside_the_window_fails_the_check_and_keeps_its_numbers(slurm: Slurm, tmp_path: Path) -> None:
    system = System("sambanova", tmp_path).compiled()
    hook = tmp_path / "sambaflow/apps/nlp/transformers_on_rdu/transformers_hook.py"
    hook.write_text(hook.read_text().replace("RATE = 36000", "RATE = 34000"))
    assert system.run("--ntasks", 2, **slurm).returncode == 1
    outcome, reason, rate = said(system.runs()[-1], "outcome", "failure_reason", "token_throughput")
    assert (outcome, rate) == ("failed", "68000")
    assert reason == "AssertionError: Expected throughput to be at least 70000"


@pytest.mark.parametrize(
    ("name", "arguments"), [("graphcore", ("--learning-rate", 0.05)), ("sambanova", ("--ntasks", 2))]
)
def test_a_job_that_somebody_cancels(slurm: Slurm, tmp_path: Path, name: str, arguments: tuple[object, ...]) -> None:
    system = System(name, tmp_path).compiled()
    with system.started(*arguments, **slurm, STAND_IN="wait") as script:
        _call(system, slurm, "scancel", _running(system, slurm, script))
        assert script.wait(30) == 1
    assert said(system.runs()[-1], "outcome")[0] == "killed"


def test_a_job_that_waits_is_shown_and_can_be_given_up(slurm: Slurm, tmp_path: Path) -> None:
    system = System("sambanova", tmp_path).compiled()
    blocker = (
        "sbatch",
        "--parsable",
        "-p",
        "sambanova",
        "-N2",
        "--gres=rdu:8",
        "-o",
        "/dev/null",
        "--wrap",
        "sleep 60",
    )
    job = _call(system, slurm, *blocker).strip()
    try:
        with system.started("--ntasks", 2, **slurm) as script:
            assert script.stderr is not None
            shown = next(line for line in script.stderr if line.startswith("waiting: "))
            script.send_signal(signal.SIGINT)
            assert script.wait(30) == 130
            assert not _jobs(slurm, script)
    finally:
        _call(system, slurm, "scancel", job)
    assert re.match(r"waiting: job \d+ PENDING \((Priority|Resources|None)\), 0:0\d$", shown)
    (run,) = system.runs()
    assert said(run, "outcome", "failure_reason") == ("killed", '"signal": "INT"')


def test_a_batch_job_that_slurm_refuses(slurm: Slurm, tmp_path: Path) -> None:
    system = System("sambanova", tmp_path).compiled()
    done = system.run("--ntasks", 2, "--time", "soon", **slurm)
    assert done.returncode == 1
    assert "sbatch: error: Invalid --time specification" in done.stderr
    assert said(system.runs()[-1], "outcome", "failure_reason") == (
        "failed",
        "sbatch: error: Invalid --time specification",
    )


def test_a_batch_job_that_can_never_start_is_not_waited_for(slurm: Slurm, tmp_path: Path) -> None:
    system = System("sambanova", tmp_path).compiled()
    _call(system, slurm, "scontrol", "create", "PartitionName=small", "Nodes=sn0", "MaxTime=1")
    done = system.run("--ntasks", 2, "--partition", "small", **slurm)
    assert done.returncode == 1
    assert "can never start (PartitionTimeLimit) and is cancelled" in done.stderr
    assert said(system.runs()[-1], "outcome")[0] == "failed"


def test_more_nodes_than_there_are(slurm: Slurm, tmp_path: Path) -> None:
    done = System("sambanova", tmp_path).run("--ntasks", 64, **slurm)
    assert (done.returncode, done.stderr) == (2, "error: --ntasks 64 needs 4 nodes, and partition 'sambanova' has 2\n")


def test_a_partition_that_is_none_is_named(slurm: Slurm, tmp_path: Path) -> None:
    done = System("sambanova", tmp_path).run("--partition", "p65", **slurm)
    assert (done.returncode, done.stderr) == (
        2,
        "error: Slurm has no partition 'p65'; 'sinfo' lists them, and --partition names one\n",
    )


def test_a_job_that_overruns_its_time(overrun: Started) -> None:
    system, script = overrun
    assert script.wait(45) == 1
    outcome, reason = said(system.runs()[0], "outcome", "failure_reason")
    assert (outcome, "DUE TO TIME LIMIT" in reason) == ("killed", True)


def _call(system: System, slurm: Slurm, *command: str) -> str:
    environment = system.environment(**slurm)
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _jobs(slurm: Slurm, script: subprocess.Popen[str]) -> list[str]:
    """Return the numbers of the jobs that a script has in the queue."""
    command = ["squeue", "-h", "-t", "PENDING,RUNNING", "-n", f"testbed-{script.pid}", "-o", "%i"]
    environment = {"PATH": "/usr/bin:/bin", **slurm}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()


def _running(system: System, slurm: Slurm, script: subprocess.Popen[str]) -> str:
    """Return the number of the job once its program has said its first word."""
    assert until(lambda: any("a stand-in for" in log.read_text() for log in system.new_logs()))
    (job,) = _jobs(slurm, script)
    return job
