from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from parsers.__main__ import main as read_logs
from parsers.many import cluster
from parsers.many.sources import sources
from parsers.many.task import work
from scripts.report.__main__ import main as report
from tests.parsers.samples import CASES

NAMES = ("sambanova_two_runs", "groq_proof_point", "cerebras_train_and_eval")


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of logs, named from the folder above."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(CASES / f"{name}.log", folder)
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    folder = folder / "pages"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def test_the_report_on_facts_states_what_the_report_on_the_logs_does(
    logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "facts.parquet"
    assert read_logs([*(f"{name}.log" for name in sorted(NAMES)), "-o", str(data)]) == 0
    assert report([str(logs), str(tmp_path / "one")]) == 0
    assert report([str(data), str(tmp_path / "two")]) == 0
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert set(one) == set(two)
    for name in ("data/facts.csv", "index.md", "glossary.md"):
        assert one[name] == two[name]
    page = next(name for name in one if name.startswith("runs/groq"))
    tables = [text[page].split(b"\n## ", 1)[1].split(b"## Log")[0] for text in (one, two)]
    assert tables[0] == tables[1]
    assert b"from a data set of facts, without the log" in two[page]
    assert "runs      4" in capsys.readouterr().out


def test_a_partitioned_data_set_gives_the_same_pages(logs: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "facts.parquet", tmp_path / "set"
    names = [f"{name}.log" for name in sorted(NAMES)]
    assert read_logs([*names, "-o", str(data)]) == 0
    out.mkdir()
    with cluster._claimed(out) as claim:
        cluster._settle(out, [work(task) for task in cluster.planned(list(sources(names)), out, claim)])
    for name, source in (("one", data), ("two", out)):
        assert report([str(source), str(tmp_path / name)]) == 0
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_what_is_not_complete_or_no_table_of_facts_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").write_text("PAR1: no Parquet")
    (tmp_path / "set").mkdir()
    cluster._mark(tmp_path / "set", complete=False)
    read_logs(["--runs", str(CASES / "groq_proof_point.log"), "-o", str(tmp_path / "runs.parquet")])
    for name, reason in (("text", "no Parquet file"), ("set", "not complete"), ("runs.parquet", "no column 'kind'")):
        assert report([str(tmp_path / name), str(tmp_path / "out")]) == 1
        assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "[] is not an object"),
        ("{}", "complete = None, but must be true or false"),
        ('{"complete": "yes"}', "complete = 'yes', but must be true or false"),
        ("[" * 100_000, "nested too deeply"),
        ('{"complete": ' + "1" * 10_000 + "}", "an integer has too many digits"),
    ],
)
def test_a_data_set_that_does_not_say_whether_it_is_complete(
    said: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / cluster.MARK).write_text(said)
    assert report([str(tmp_path / "set"), str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"{tmp_path / 'set' / cluster.MARK}: {reason}" in told


def test_a_damaged_part_is_said(logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "facts.parquet"
    assert read_logs([str(logs), "-o", str(data)]) == 0
    whole = bytearray(data.read_bytes())
    whole[4:-2000] = bytes(len(whole) - 2004)  # its footer, which says what there is, stays
    for content in (whole, whole[:100]):
        data.write_bytes(content)
        assert report([str(data), str(tmp_path / "out")]) == 1
        assert f"{data}: no Parquet file, or a damaged one" in capsys.readouterr().err
