"""Many files in several processes: the same bytes as in one, and nothing left behind."""

from __future__ import annotations

import io
import os
import shutil
import signal
from pathlib import Path

import pytest
from pyarrow import parquet

from parsers.__main__ import main
from parsers.many import files as many
from parsers.many import processes
from parsers.many.sources import Source, sources
from parsers.tables.columns import FACTS
from parsers.tables.parquet import RowGroups, table_of
from tests.parsers.samples import CASES, NAMES, case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every case, and files that are no logs."""
    for name in NAMES:
        shutil.copy(CASES / f"{name}.log", tmp_path / f"{name}.txt")
    (tmp_path / "empty").touch()
    (tmp_path / "prose").write_text("prose\n")
    (tmp_path / os.fsdecode(b"\xff.log")).write_bytes(case("groq_proof_point"))
    return tmp_path


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "WORTH_IT", 0)
    monkeypatch.setattr(many, "_TASK_BYTES", 3000)


@pytest.mark.usefixtures("small_tasks")
@pytest.mark.parametrize("options", [["--format", form] for form in ("csv", "json", "parquet")] + [["--runs"]])
def test_the_bytes_do_not_hang_on_the_number_of_processes(
    folder: Path, options: list[str], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path_factory.mktemp("out")
    said = []
    for jobs in ("1", "3"):
        assert main([*options, "--jobs", jobs, "-o", str(out / f"{jobs}.csv"), str(folder)]) == 1
        said.append(capsys.readouterr().err)
    assert (out / "1.csv").read_bytes() == (out / "3.csv").read_bytes()
    assert said[0] == said[1]
    assert f"{folder}/empty: empty file" in said[0].splitlines()
    assert f"{folder}/prose: not a recognised log" in said[0].splitlines()


@pytest.mark.usefixtures("small_tasks")
def test_of_no_run_at_all_the_table_is_empty(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("prose\n")
    for form in ("csv", "json"):
        printed = []
        for jobs in ("1", "2"):
            assert main(["--format", form, "--jobs", jobs, str(tmp_path)]) == 1
            printed.append(capfd.readouterr().out)
        assert printed[0] == printed[1]


def _killed(_task: object) -> object:
    os.kill(os.getpid(), signal.SIGKILL)
    return None


@pytest.mark.usefixtures("small_tasks")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of processes are those of Unix")
@pytest.mark.parametrize(("options", "work"), [([], "_piece"), (["--runs"], "_read_without_series")])
def test_a_process_that_is_killed_is_one_sentence(
    folder: Path,
    options: list[str],
    work: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(many, work, _killed)
    out = tmp_path_factory.mktemp("out")
    assert main([*options, "--jobs", "2", "-o", str(out / "facts.csv"), str(folder)]) == 1
    assert capfd.readouterr().err == "error: a process was killed: too little memory? use fewer --jobs\n"
    assert list(out.iterdir()) == []


def test_neighbours_share_a_task_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_TASK_BYTES", 10)
    files = [Source(name, size) for name, size in (("a", 4), ("b", 5), ("c", 6), ("d", 30), ("e", 1))]
    assert [[source.name for source in task] for task in many.tasks(files)] == [["a", "b", "c"], ["d"], ["e"]]
    monkeypatch.setattr(many, "_TASK_FILES", 2)
    assert [len(task) for task in many.tasks([Source("x", 0)] * 5)] == [2, 2, 1]


def test_little_is_read_in_this_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> object:
        raise AssertionError("no process is worth it")

    monkeypatch.setattr(processes, "in_processes", refuse)
    assert many.write("csv", list(sources([str(folder / "empty")] * 3)), 2, io.BytesIO())[0].reason == "empty file"


def test_row_groups_hang_on_the_rows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.tables.parquet.GROUP_ROWS", 4)
    rows = [("log", number) for number in range(11)]

    def written(cuts: list[int]) -> bytes:
        out = io.BytesIO()
        with RowGroups(out, FACTS[:2]) as groups:
            for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
                groups.add(table_of(FACTS[:2], rows[start:end]))
        return out.getvalue()

    whole = written([])
    assert [written(cuts) == whole for cuts in ([1, 2, 3], [4, 8], [5], [10])] == [True] * 4
    file = parquet.ParquetFile(io.BytesIO(whole))
    assert [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)] == [4, 4, 3]
    assert file.read()["run"].to_pylist() == list(range(11))
