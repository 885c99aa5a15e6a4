"""Logs read by Dask: the facts of one core, whatever happens to the workers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pyarrow import dataset

from parsers import cluster
from parsers.__main__ import main
from parsers.columns import FACT_NAMES
from parsers.facts import rows
from parsers.many import followed
from parsers.reading import read
from parsers.sources import Source, sources
from tests.parsers.samples import CASES, NAMES

ROOT = CASES.parents[2]


@pytest.fixture
def logs(tmp_path: Path) -> list[Source]:
    """Every case, and a file that is no log."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(CASES / f"{name}.log", folder)
    (folder / "prose").write_text("prose\n")
    return list(sources([str(folder)]))


def facts(out: Path) -> list[tuple[object, ...]]:
    """Return the rows of a data set, in an order of their own."""
    found = dataset.dataset(out, format="parquet", partitioning="hive").to_table(columns=list(FACT_NAMES))
    return sorted((tuple(row.values()) for row in found.to_pylist()), key=repr)


def on_one_core(logs: Iterable[Source]) -> list[tuple[object, ...]]:
    readings = [read(Path(source.name)) for source in logs]
    found = [row for reading in readings for row in rows(reading.log, reading.runs)]
    return sorted(((*row[:5], row[5] if row[5] != "" else None, *row[6:]) for row in found), key=repr)


def test_a_task_that_is_repeated_doubles_nothing(logs: list[Source], tmp_path: Path) -> None:
    out = tmp_path / "facts"
    (task,) = cluster.planned(logs, out)
    first = cluster.work(task)
    before = facts(out)
    assert cluster.work(task) == first
    assert facts(out) == before == on_one_core(logs)
    systems = {row[6] for row in before if row[3] == "system"}
    assert {part.split("/")[0] for part in first.parts} == {f"system={system}" for system in systems}
    assert len(systems) > 3


def test_readers_pass_over_what_a_killed_worker_left_and_the_end_removes_it(logs: list[Source], tmp_path: Path) -> None:
    out = tmp_path / "facts"
    (task,) = cluster.planned(logs, out)
    done = cluster.work(task)
    (out / "system=Groq" / ".part-1.parquet.host.7").write_bytes(b"half")
    assert facts(out) == on_one_core(logs)
    shutil.copy(out / done.parts[0], out / "system=Groq" / "part-of-other-logs.parquet")
    cluster._settle(out, [done])
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*part-*")) == sorted(done.parts)
    assert json.loads((out / cluster.MARK).read_text())["facts"] == len(on_one_core(logs))


def test_tasks_are_named_by_their_logs(logs: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TASK_BYTES", 2000)
    names = [task.name for task in cluster.planned(logs, tmp_path)]
    assert names == [task.name for task in cluster.planned(logs, tmp_path / "elsewhere")]
    assert len(set(names)) == len(names) > 10


@pytest.mark.parametrize("options", [[], ["-o", "facts.csv"], ["-o", "out", "--format", "csv"]])
def test_bad_usage(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASES), "--cluster", "tcp://127.0.0.1:1", *options]) == 2
    assert "takes -o FOLDER" in capsys.readouterr().err


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").touch()
    assert main([str(CASES), "--cluster", "tcp://127.0.0.1:1", "-o", str(tmp_path)]) == 1
    assert "holds something else" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("missing", ["dask", "dask_jobqueue"])
def test_without_dask_a_sentence_says_what_is_missing(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert main([str(CASES), "--cluster", "tcp://127.0.0.1:1", "-o", str(tmp_path / "facts")]) == 1
    assert "--cluster needs Dask, which is not installed (make cluster" in capsys.readouterr().err


Kill = Callable[[], None]


def killing(kill: Kill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a worker killed as soon as the first task is done."""

    def follow(
        items: Iterable[cluster.Done], total: int, size: Callable[[cluster.Done], int]
    ) -> Iterator[cluster.Done]:
        for place, item in enumerate(followed(items, total, size)):
            if place == 0:
                kill()
            yield item

    monkeypatch.setattr(cluster, "followed", follow)
    monkeypatch.setattr(cluster, "_TASK_BYTES", 1000)


class TestWithDask:
    """A scheduler and two workers, as somebody would start them."""

    ADDRESS = "tcp://127.0.0.1:18787"

    @pytest.fixture(autouse=True)
    def _needs_dask(self) -> None:
        pytest.importorskip("distributed", reason="Dask comes with requirements/cluster.txt")

    @pytest.fixture
    def workers(self, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
        # A worker that is gone is asked for its results for that long.
        environment = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}

        def start(*words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", *words]
            quiet = subprocess.DEVNULL
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)

        quiet = ("--no-dashboard", "--no-nanny", "--nthreads", "1")
        scheduler = start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "18787", "--no-dashboard")
        running = [
            start("distributed.cli.dask_worker", self.ADDRESS, *quiet, "--local-directory", str(tmp_path / name))
            for name in ("one", "two")
        ]
        yield running
        for process in (*running, scheduler):
            process.kill()
            process.wait()

    def test_a_worker_killed_in_the_middle_costs_no_fact(
        self,
        logs: list[Source],
        workers: list[subprocess.Popen[bytes]],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        killing(workers[0].kill, monkeypatch)
        out = tmp_path / "facts"
        silent = cluster.run(logs, self.ADDRESS, 1, out)
        assert workers[0].wait() == -signal.SIGKILL
        assert facts(out) == on_one_core(logs)
        assert [log for log, _ in silent] == [source.name for source in logs if not read(Path(source.name)).runs]
        assert json.loads((out / cluster.MARK).read_text())["complete"] is True

    def test_no_scheduler_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(cluster, "_ANSWER_WITHIN", 0.2)
        assert main([str(CASES), "--cluster", "tcp://127.0.0.1:1", "-o", str(tmp_path / "facts")]) == 1
        assert "no scheduler answers" in capsys.readouterr().err
        assert json.loads((tmp_path / "facts" / cluster.MARK).read_text())["complete"] is False

    def test_an_error_without_words_is_said_by_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(*_arguments: object, **_more: object) -> None:
            raise ConnectionResetError

        monkeypatch.setattr("distributed.Client", refuse)
        assert main([str(CASES), "--cluster", "tcp://127.0.0.1:1", "-o", str(tmp_path / "facts")]) == 1
        assert "no scheduler answers (ConnectionResetError)" in capsys.readouterr().err

    @pytest.mark.parametrize("text", ["", "a: [", "jobqueue:\n  lsf:\n    cores: 1\n"])
    def test_a_file_that_says_no_cluster(self, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "where.yaml").write_text(text)
        arguments = [str(CASES), "-o", str(tmp_path / "facts"), "--cluster"]
        assert main([*arguments, str(tmp_path / "where.yaml")]) == 1
        assert main([*arguments, str(tmp_path / "none.yaml")]) == 1
        said = capsys.readouterr().err.splitlines()
        assert "just one of slurm, pbs" in said[0]
        assert "no such file" in said[1]

    @pytest.mark.skipif(shutil.which("sbatch") is not None, reason="Slurm is installed here")
    def test_no_slurm_is_said(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "where.yaml").write_text("jobqueue:\n  slurm:\n    cores: 1\n    memory: 1GB\n")
        arguments = [str(CASES), "-o", str(tmp_path / "facts"), "--cluster", str(tmp_path / "where.yaml")]
        assert main(arguments) == 1
        assert "no worker could be started" in capsys.readouterr().err


SLURM = """\
jobqueue:
  slurm:
    cores: 1
    memory: 1GB
    interface: lo
    queue: all
    job-directives-skip: ["--mem"]
    log-directory: {folder}
    local-directory: {folder}
"""


def _slurm_answers() -> bool:
    if "SLURM_CONF" not in os.environ or shutil.which("sinfo") is None:
        return False
    return subprocess.run(["sinfo"], capture_output=True, check=False, timeout=20).returncode == 0


@pytest.mark.skipif(not _slurm_answers(), reason="no Slurm is running (SLURM_CONF names its configuration)")
def test_on_slurm_a_job_killed_in_the_middle_costs_no_fact(
    logs: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("dask_jobqueue", reason="Dask comes with requirements/cluster.txt")
    killed: list[str] = []

    def jobs() -> list[str]:
        done = subprocess.run(["squeue", "-h", "-t", "R", "-o", "%i"], capture_output=True, text=True, check=True)
        return sorted(done.stdout.split())

    def kill() -> None:
        while len(jobs()) < 2:
            time.sleep(0.1)  # until both jobs run
        killed.append(jobs()[0])
        subprocess.run(["scancel", "--signal=KILL", "--full", killed[0]], check=True)

    killing(kill, monkeypatch)
    (tmp_path / "slurm.yaml").write_text(SLURM.format(folder=tmp_path))
    cluster.run(logs, str(tmp_path / "slurm.yaml"), 2, tmp_path / "facts")
    assert len(killed) == 1
    assert facts(tmp_path / "facts") == on_one_core(logs)
