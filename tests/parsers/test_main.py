"""The command: formats, messages and exit statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest
from pyarrow import parquet

from parsers import __version__
from parsers.__main__ import main
from parsers.tables.columns import FACT_NAMES
from tests.parsers.samples import CASES, case, table

ROOT = CASES.parents[2]
LOG = str(CASES / "groq_proof_point.log")
ROWS = len(table(case("groq_proof_point")))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parsers", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=CASES.parents[2])


def test_csv_is_the_default_off_a_terminal() -> None:
    done = run(LOG)
    assert (done.returncode, done.stderr) == (0, "")
    assert next(csv.reader(io.StringIO(done.stdout))) == list(FACT_NAMES)
    assert len(done.stdout.splitlines()) == ROWS + 1


def test_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "json", LOG]) == 0
    facts = json.loads(capfd.readouterr().out)
    assert len(facts) == ROWS
    assert list(facts[0]) == list(FACT_NAMES)


def test_table(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "table", LOG]) == 0
    assert len(capfd.readouterr().out.splitlines()) == ROWS + 1


def test_the_suffix_of_the_output_tells_the_format(tmp_path: Path) -> None:
    assert main([LOG, "-o", str(tmp_path / "facts.parquet")]) == 0
    facts = parquet.read_table(tmp_path / "facts.parquet")
    assert (facts.num_rows, tuple(facts.column_names)) == (ROWS, FACT_NAMES)
    assert [path.name for path in tmp_path.iterdir()] == ["facts.parquet"]


def test_one_row_a_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "--format", "csv", str(CASES / "groq_rebuilt.log")]) == 0
    found = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [row["sequence_length"] for row in found] == ["", "64"]
    assert [row["on_chip_throughput_groq"] for row in found] == ["30000.50", "30000.50"]


def test_a_folder_is_walked_in_the_order_of_names(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.log", "a.log", "deep/c.log"):
        shutil.copy(LOG, tmp_path / name)
    assert main(["--format", "csv", "--runs", "--jobs", "2", str(tmp_path)]) == 0
    logs = [row["log"] for row in csv.DictReader(io.StringIO(capfd.readouterr().out))]
    assert logs == [str(tmp_path / name) for name in ("a.log", "b.log", "deep/c.log")]


def test_what_is_no_log_has_one_line_on_stderr_and_the_others_are_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "two\nlines").write_text("prose\n")
    assert main(["--format", "csv", LOG, str(tmp_path), str(tmp_path / "none")]) == 1
    told = capfd.readouterr()
    assert len(told.out.splitlines()) == ROWS + 1
    assert told.err.splitlines() == [
        f"{tmp_path}/empty: empty file",
        f"{tmp_path}/two\\nlines: not a recognised log",
        f"{tmp_path}/none: no such file",
    ]


def test_an_output_that_cannot_be_written_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([LOG, "-o", str(tmp_path / "none" / "facts.csv")]) == 1
    assert "cannot be written (No such file or directory)" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as beside:
        got = beside.submit(pipe.read_text)
        assert main([LOG, "-o", str(pipe)]) == 0
        assert len(got.result().splitlines()) == ROWS + 1
    assert pipe.is_fifo()


def test_where_a_link_leads_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "link.csv").symlink_to("deep/facts.csv")
    (tmp_path / "deep" / "facts.csv.part").write_text("somebody's")
    for _ in range(2):
        assert main([LOG, "-o", str(tmp_path / "link.csv")]) == 0
        assert (tmp_path / "link.csv").is_symlink()
    assert len((tmp_path / "deep" / "facts.csv").read_text().splitlines()) == ROWS + 1
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["facts.csv", "facts.csv.part"]
    assert (tmp_path / "deep" / "facts.csv.part").read_text() == "somebody's"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--format", "xml", LOG],
        ["--jobs", "0", LOG],
        ["--jobs", "x", LOG],
        *([*pair, LOG] for pair in combinations(("--runs", "--explain", "--diff", "--cluster=tcp://x:1"), 2)),
    ],
)
def test_bad_usage(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage:" in capfd.readouterr().err


def test_an_unknown_suffix_is_bad_usage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([LOG, "-o", str(tmp_path / "facts.xlsx")]) == 2
    assert "allowed: csv, json, parquet, table" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_version(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert (stop.value.code, capfd.readouterr().out) == (0, f"testbed-report {__version__}\n")


@pytest.mark.parametrize(("logs", "given"), [([LOG], "only 1 is named"), ([LOG] * 3, "3 are named")])
def test_a_difference_is_one_of_two_runs(logs: list[str], given: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(logs, "diff") == 2
    assert capfd.readouterr().err == f"error: two runs are compared, and {given}; name two logs, or LOG:1 LOG:2\n"


def test_explain(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "prose").write_text("prose\n")
    assert main(["--explain", LOG, str(tmp_path / "prose")]) == 1
    told = capfd.readouterr().out
    assert "dialect  Groq, because it says" in told
    assert "Groq bert-tiny inference completed" in told
    assert "no runs  not a recognised log" in told


@pytest.mark.parametrize("options", [["-o", "facts.csv"], ["--format", "csv"]])
def test_an_explanation_is_no_table(options: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", LOG, *options]) == 2
    assert "takes no -o and no --format" in capfd.readouterr().err
    assert not Path("facts.csv").exists()


def test_an_explanation_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "größe.log").write_bytes(case("groq_proof_point"))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    command = [sys.executable, "-m", "parsers", "--explain", str(tmp_path / "größe.log")]
    done = subprocess.run(command, capture_output=True, check=False, cwd=CASES.parents[2])
    assert (done.returncode, done.stderr) == (0, b"")
    assert "größe.log".encode() in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
@pytest.mark.parametrize("form", ["csv", "json", "parquet", "table"])
def test_full_standard_output_is_one_sentence(form: str) -> None:
    command = [sys.executable, "-m", "parsers", "--format", form, LOG]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    sentence = "error: standard output: cannot be written (No space left on device)\n"
    assert (done.returncode, done.stderr) == (1, sentence)


@pytest.mark.parametrize("options", [["-o", "facts.parquet"], ["--format", "parquet"]])
def test_a_missing_package_is_named_before_a_log_is_read(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_arguments: object) -> object:
        raise AssertionError("a log was read")

    monkeypatch.setattr("parsers.many.files.read_source", refuse)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "parsers.tables.parquet", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main([*options, LOG]) == 2
    told = capfd.readouterr()
    assert (told.out, list(tmp_path.iterdir())) == ("", [])
    assert (
        told.err == "error: the package pyarrow is not installed; `pip install 'testbed-report[parquet]'` installs it\n"
    )


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = [sys.executable, "-m", "parsers", *[LOG] * 400]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=CASES.parents[2]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_start_up_brings_in_no_heavy_library() -> None:
    heavy = "{'pandas', 'matplotlib', 'pyarrow', 'numpy'}"
    code = f"import sys, parsers.__main__ as m; m.main([{LOG!r}]); sys.exit(str(sorted({heavy} & set(sys.modules))))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=CASES.parents[2], check=False
    )
    assert done.stderr == "[]\n"
    assert len(done.stdout.splitlines()) == ROWS + 1


def test_a_log_is_read_from_standard_input() -> None:
    data = case("groq_proof_point")
    done = subprocess.run([sys.executable, "-m", "parsers", "-"], input=data, capture_output=True, cwd=ROOT, check=True)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert {row["log"] for row in rows} == {"-"}
    assert len(rows) == len(table(data))


@pytest.mark.parametrize("option", ["--diff", "--cluster=tcp://127.0.0.1:1"])
def test_standard_input_is_refused_where_a_file_is_needed(option: str) -> None:
    done = subprocess.run([sys.executable, "-m", "parsers", "-", option], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert b"-: --" in done.stderr
