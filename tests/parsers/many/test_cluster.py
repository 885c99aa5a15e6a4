"""Logs read by Dask: the facts of one core, whatever happens to the workers."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pyarrow import dataset, parquet

from parsers.__main__ import main
from parsers.facts import rows
from parsers.many import cluster
from parsers.many.files import followed
from parsers.many.fingerprint import Code
from parsers.many.sources import Source, sources
from parsers.many.task import CODE, Done, NotShared, work
from parsers.reading import read
from parsers.tables.columns import FACT_NAMES
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
    with cluster._claimed(out) as claim:
        (task,) = cluster.planned(logs, out, claim)
        first = work(task)
        before = facts(out)
        assert work(task) == first
    assert facts(out) == before == on_one_core(logs)
    systems = {row[6] for row in before if row[3] == "system"}
    assert {part.path.split("/")[0] for part in first.parts} == {f"system={system}" for system in systems}
    assert len(systems) > 3


def test_readers_pass_over_what_a_killed_worker_left_and_the_end_removes_it(logs: list[Source], tmp_path: Path) -> None:
    out = tmp_path / "facts"
    with cluster._claimed(out) as claim:
        (task,) = cluster.planned(logs, out, claim)
        done = work(task)
    (out / "system=Groq" / ".part-1.parquet.host.7").write_bytes(b"half")
    assert facts(out) == on_one_core(logs)
    shutil.copy(out / done.parts[0].path, out / "system=Groq" / "part-of-other-logs.parquet")
    cluster._settle(out, [done])
    left = sorted(path.relative_to(out).as_posix() for path in out.rglob("*part-*"))
    assert left == sorted(part.path for part in done.parts)
    assert not list(out.glob(".run-*"))
    assert json.loads((out / cluster.MARK).read_text())["facts"] == len(on_one_core(logs))


def test_tasks_are_named_by_their_logs(logs: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TASK_BYTES", 2000)
    names = [task.name for task in cluster.planned(logs, tmp_path, "claim")]
    assert names == [task.name for task in cluster.planned(logs, tmp_path / "elsewhere", "other")]
    assert len(set(names)) == len(names) > 10


def lose(part: Path) -> None:
    part.unlink()


def cut(part: Path) -> None:
    part.write_bytes(part.read_bytes()[:100])


def shorten(part: Path) -> None:
    parquet.write_table(parquet.read_table(part, partitioning=None).slice(1), part)


@pytest.mark.parametrize(("damage", "said"), [(lose, "is not here"), (cut, "is not here"), (shorten, "rows here")])
def test_a_data_set_is_complete_only_with_every_row_of_every_part(
    damage: Callable[[Path], None], said: str, logs: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_SEEN_WITHIN", 0)
    out = tmp_path / "facts"
    with cluster._claimed(out) as claim:
        cluster._mark(out, complete=False)
        (task,) = cluster.planned(logs, out, claim)
        done = work(task)
    damage(out / done.parts[-1].path)
    with pytest.raises(cluster.Failed, match=f"{said}, and a worker wrote {done.parts[-1].rows} rows"):
        cluster._settle(out, [done])
    assert complete(out) is False


def test_a_part_that_a_network_disk_shows_late_is_waited_for(logs: list[Source], tmp_path: Path) -> None:
    out = tmp_path / "facts"
    with cluster._claimed(out) as claim:
        (task,) = cluster.planned(logs, out, claim)
        done = work(task)
    part = out / done.parts[0].path
    part.rename(tmp_path / "late")
    late = threading.Timer(0.2, (tmp_path / "late").rename, [part])
    late.start()
    cluster._settle(out, [done])
    late.join()
    assert complete(out) is True


def test_a_worker_that_does_not_share_the_disk_writes_nothing(logs: list[Source], tmp_path: Path) -> None:
    out = tmp_path / "facts"
    with cluster._claimed(out) as claim:
        (task,) = cluster.planned(logs, out, claim)
        elsewhere = task._replace(out=str(tmp_path / "elsewhere"))
        with pytest.raises(NotShared, match="does not see this folder"):
            work(elsewhere)
    with pytest.raises(NotShared):  # the command has ended
        work(task)
    assert not (tmp_path / "elsewhere").exists()
    assert not list(out.rglob("*part-*"))


def test_a_log_that_only_the_head_sees_is_said(logs: list[Source], tmp_path: Path) -> None:
    out, gone = tmp_path / "facts", Source(str(tmp_path / "gone.log"), 5)
    with cluster._claimed(out) as claim:
        (task,) = cluster.planned([*logs, gone], out, claim)
        done = work(task)
    cluster._check_done(done)
    assert done.unseen == (gone.name,)
    Path(gone.name).touch()
    with pytest.raises(cluster.Failed, match=r"gone\.log: the worker on .* does not see this log"):
        cluster._check_done(done)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (CODE._replace(digest="0"), "runs other code of parsers/ than this machine"),
        (CODE._replace(version="0.0.1", digest="0"), "runs version 0.0.1 of this project, and this machine "),
        (CODE._replace(python="3.8"), "runs Python 3.8, and this machine "),
    ],
)
def test_the_result_of_a_worker_with_other_code_is_refused(code: Code, said: str) -> None:
    done = Done((), 0, (), (), 0, CODE, "node7")
    cluster._check_done(done)
    with pytest.raises(cluster.Failed, match=f"the worker on node7 {said}"):
        cluster._check_done(done._replace(code=code))


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


def complete(out: Path) -> bool:
    said = json.loads((out / cluster.MARK).read_text())["complete"]
    assert isinstance(said, bool)
    return said


Kill = Callable[[], None]


def killing(kill: Kill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a worker killed as soon as the first task is done."""

    def follow(items: Iterable[Done], total: int, size: Callable[[Done], int]) -> Iterator[Done]:
        for place, item in enumerate(followed(items, total, size)):
            if place == 0:
                kill()
            yield item

    monkeypatch.setattr(cluster, "followed", follow)
    monkeypatch.setattr(cluster, "_TASK_BYTES", 1000)


def command_of_readme(name: str) -> str:
    """Return README's command for a scheduler or a worker, with this interpreter."""
    (line,) = (line for line in (ROOT / "README.md").read_text().splitlines() if f" -m dask {name}" in line)
    return line.partition("#")[0].strip().replace(".venv/bin/python", shlex.quote(sys.executable))


def worker(address: str, folder: str) -> str:
    """Return README's command for a worker of one thread that is not started again when it is killed."""
    command = command_of_readme("worker").replace("tcp://head:8786", address)
    return f"{command} --no-dashboard --no-nanny --nthreads 1 --local-directory {shlex.quote(folder)}"


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def started(command: str, folder: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the shell until the end."""
    # A worker that is gone is asked for its results for that long.
    environment = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(shlex.split(command), cwd=folder, env=environment, stdout=quiet, stderr=quiet) as process:
        yield process
        process.kill()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a scheduler, started as README says."""
    where = free_address()
    with started(f"{command_of_readme('scheduler')} --host {where} --no-dashboard"):
        yield where


class TestWithDask:
    """A scheduler and two workers, as somebody would start them."""

    @pytest.fixture(autouse=True)
    def _needs_dask(self) -> None:
        pytest.importorskip("distributed", reason="Dask comes with requirements/cluster.txt")

    @pytest.fixture
    def workers(self, address: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
        with ExitStack() as stack:
            folders = [str(tmp_path / name) for name in ("one", "two")]
            yield [stack.enter_context(started(worker(address, folder))) for folder in folders]

    def test_a_worker_killed_in_the_middle_costs_no_fact(
        self,
        logs: list[Source],
        address: str,
        workers: list[subprocess.Popen[bytes]],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        killing(workers[0].kill, monkeypatch)
        out = tmp_path / "facts"
        silent = cluster.run(logs, address, 1, out)
        assert workers[0].wait() == -signal.SIGKILL
        assert facts(out) == on_one_core(logs)
        assert [log for log, _, is_note in silent if not is_note] == [
            source.name for source in logs if not read(Path(source.name)).runs
        ]
        assert complete(out) is True

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (
                ("parsers/dialects/graphcore.py", "ccuracy", "ccuracies"),
                "runs other code of parsers/ than this machine",
            ),
            (("parsers/__init__.py", '__version__ = "', '__version__ = "9'), "of this project, and this machine"),
            (
                ("parsers/many/task.py", "def introduce", "def present"),
                "runs another version of this project, or lacks",
            ),
            (None, "has no module 'parsers': start it in the project's folder"),
        ],
    )
    def test_a_worker_of_other_code_is_refused_and_a_finished_data_set_stays(
        self,
        change: tuple[str, str, str] | None,
        said: str,
        address: str,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        place, out = tmp_path / "project", tmp_path / "facts"
        place.mkdir()
        if change is not None:
            name, old, new = change
            shutil.copytree(ROOT / "parsers", place / "parsers", ignore=shutil.ignore_patterns("__pycache__"))
            text = (place / name).read_text()
            assert old in text
            (place / name).write_text(text.replace(old, new))
        out.mkdir()
        cluster._mark(out, complete=True)
        with started(worker(address, str(tmp_path / "one")), place):
            assert main([str(CASES), "--cluster", address, "-o", str(out)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("error: the worker tcp://")
        assert said in line
        assert complete(out) is True
        assert [path.name for path in out.iterdir()] == [cluster.MARK]

    def test_a_scheduler_killed_in_the_middle_is_said(
        self,
        logs: list[Source],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        where, out = free_address(), tmp_path / "facts"
        with (
            started(f"{command_of_readme('scheduler')} --host {where} --no-dashboard") as scheduler,
            started(worker(where, str(tmp_path / "one"))),
        ):
            killing(scheduler.kill, monkeypatch)
            assert main([str(Path(logs[0].name).parent), "--cluster", where, "-o", str(out)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "the connection to the scheduler was lost" in line
        assert complete(out) is False

    def test_another_python_is_refused(
        self,
        address: str,
        workers: list[subprocess.Popen[bytes]],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert len(workers) == 2
        monkeypatch.setattr(cluster, "CODE", CODE._replace(python="3.8"))
        assert main([str(CASES), "--cluster", address, "-o", str(tmp_path / "facts")]) == 1
        assert f"runs Python {CODE.python}, and this machine 3.8" in capsys.readouterr().err

    def test_a_scheduler_without_workers_is_said(
        self, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(cluster, "_ANSWER_WITHIN", 3)
        assert main([str(CASES), "--cluster", address, "-o", str(tmp_path / "facts")]) == 1
        assert "the scheduler has no worker after 3 s" in capsys.readouterr().err

    def test_a_scheduler_without_the_code_is_said(
        self, logs: list[Source], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        address = free_address()
        scheduler = f"{command_of_readme('scheduler')} --host {address} --no-dashboard"
        with started(scheduler, tmp_path), started(worker(address, str(tmp_path / "one"))):
            assert main([logs[0].name, "--cluster", address, "-o", str(tmp_path / "facts")]) == 1
        assert "error: the scheduler has no module 'parsers'" in capsys.readouterr().err

    def test_no_scheduler_is_said_and_a_finished_data_set_stays(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(cluster, "_ANSWER_WITHIN", 0.2)
        cluster._mark(tmp_path, complete=True)
        for out in (tmp_path, tmp_path / "new"):
            assert main([str(CASES), "--cluster", "tcp://127.0.0.1:1", "-o", str(out)]) == 1
            assert "no scheduler answers" in capsys.readouterr().err
        assert complete(tmp_path) is True
        assert [path.name for path in tmp_path.iterdir()] == [cluster.MARK]

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
