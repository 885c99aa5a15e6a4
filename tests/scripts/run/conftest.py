"""What the tests of the run scripts share: a real Slurm and a small model, if they are available."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.run.systems import ROOT

PORT = 16817  # of slurmctld
# Tests that are killed end no daemon: this does.
_WATCH = 'while kill -0 "$1"; do sleep 1; done; exec bash "$2" down'
SLURM_UP = ROOT.parent / "shared/slurm/slurm-up.sh"
PROGRAMS = {"slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client", "munged": "munge"}

NEEDED = ("torch", "transformers", "sklearn")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
needs_torch = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (make .venv/cpu.stamp)")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network of one small layer and a vocabulary of a few words."""
    from scripts.run.bert_inputs import SENTENCES
    from scripts.run.bert_model import make_random

    folder = tmp_path_factory.mktemp("model")
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 32, "vocab_size": 500}
    make_random(folder, SENTENCES, **shape)
    return folder


def _lacking() -> str:
    """Return why there can be no Slurm here, or an empty string."""
    if os.geteuid() != 0:
        return "Slurm's daemons need the superuser"
    packages = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if packages:
        return f"no Slurm: the Debian packages {', '.join(packages)} are not installed"
    return "" if SLURM_UP.is_file() else f"no {SLURM_UP.name} beside the checkout, which starts Slurm on one machine"


@pytest.fixture(scope="session")
def slurm() -> Iterator[dict[str, str]]:
    """A Slurm with nodes sn0, sn1 (rdu:8) and pod0 (ipu:64); yields the environment that leads to it."""
    lacking = _lacking()
    if lacking:
        pytest.skip(lacking)
    # Its ports are fixed: one at a time on a machine.
    with Path(tempfile.gettempdir(), "testbed-slurm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                pytest.skip(f"another Slurm holds port {PORT} of this machine")
        folder = Path(tempfile.mkdtemp(prefix="slurm-"))
        environment = {"SLURM_TEST_DIR": str(folder), "SLURM_CONF": f"{folder}/slurm.conf"}
        watch = ["bash", "-c", _WATCH, "watch", str(os.getpid()), str(SLURM_UP)]
        quiet = subprocess.DEVNULL
        watchman = subprocess.Popen(
            watch, env={**os.environ, **environment}, stdout=quiet, stderr=quiet, start_new_session=True
        )
        try:
            _call("up", environment)
            yield {"SLURM_CONF": environment["SLURM_CONF"]}
        finally:
            watchman.kill()
            watchman.wait()
            _call("down", environment)
            _await_end(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _call(what: str, environment: dict[str, str]) -> None:
    output = subprocess.DEVNULL  # the daemons would keep a pipe open
    subprocess.run(
        ["bash", str(SLURM_UP), what], env={**os.environ, **environment}, stdout=output, stderr=output, check=True
    )


def _await_end(folder: Path) -> None:
    """Wait until no daemon of that folder is left; one that has not heard is told again."""
    for turn in range(150):
        daemons = [path for path in Path("/proc").glob("[0-9]*/cmdline") if _holds(path, str(folder))]
        if not daemons:
            return
        if turn % 50 == 49:
            for daemon in daemons:
                os.kill(int(daemon.parent.name), signal.SIGTERM if turn < 100 else signal.SIGKILL)
        time.sleep(0.1)


def _holds(path: Path, words: str) -> bool:
    try:
        return words.encode() in path.read_bytes()
    except OSError:
        return False  # it has ended meanwhile


@pytest.fixture
def pbs(slurm: dict[str, str]) -> dict[str, str]:
    """The same Slurm behind Torque's commands, which are not PBS Pro's."""
    if shutil.which("qsub") is None:
        pytest.skip("no qsub: the Debian package slurm-wlm-torque is not installed")
    return slurm
