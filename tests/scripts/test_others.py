"""Other people's runs as facts: what is carried into the project, what is refused, and how it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.logs import catalog
from scripts.logs.catalog import DOCS, Entry
from scripts.others import COLUMNS, OTHERS, BrokenOthers, load_others, main, others_table, table

SHA = "ab" * 32
ROWS = (
    ("p02/01", SHA, "1", "run", "system", "", "", "Cerebras", "", "3", "3"),
    ("p02/01", SHA, "1", "parameter", "batch_size", "", "", "64", "samples", "4", "4"),
    ("p02/01", SHA, "1", "metric", "throughput", "", "", "120.5", "samples/s", "9", "11"),
    ("p02/01", SHA, "1", "series", "loss", "", "10", "7.5", "", "7", "7"),
    ("p02/01", SHA, "1", "series", "loss", "", "20", "7.25", "", "8", "8"),
    ("p02/01", SHA, "1", "environment", "platform", "", "", "somewhere", "", "1", "1"),
    ("p02/01", SHA, "1", "environment", "execute_job_id", "", "", "wsjob-x", "", "2", "2"),
    ("p03/01", "cd" * 32, "2", "run", "system", "", "", "Groq", "", "5", "5"),
)


OURS, AS_IT_WAS = "ef" * 32, "01" * 32


def in_catalog(monkeypatch: pytest.MonkeyPatch, sha256: str, original_sha256: str) -> None:
    """Let the catalog have one log."""
    entry = Entry("a.log", "Groq", sha256, 1, "", "us", "", (), "a", True, original_sha256)
    monkeypatch.setattr("scripts.others.catalog.load", lambda: (entry,))


def written(path: Path, rows: tuple[tuple[str, ...], ...] = ROWS) -> Path:
    path.write_text("\n".join(",".join(row) for row in (COLUMNS, *rows)) + "\n")
    return path


def test_what_pages_need_is_carried_and_our_own_logs_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_catalog(monkeypatch, OURS, AS_IT_WAS)
    ours = [(f"p01/0{place}", checksum, *ROWS[0][2:]) for place, checksum in enumerate((OURS, AS_IT_WAS), 1)]
    source, kept = written(tmp_path / "facts.csv", (*ours, *ROWS)), tmp_path / "others.csv"
    assert main(["--from", str(source), "--to", str(kept)]) == 0
    assert capsys.readouterr().out == "others.csv: written\n2 people, 2 logs, 2 runs, 7 facts\n"
    names = list(table(kept)["name"])
    assert names == ["system", "batch_size", "throughput", "loss", "loss", "execute_job_id", "system"]
    assert main(["--from", str(source), "--to", str(kept)]) == 0
    assert "unchanged" in capsys.readouterr().out


def test_a_run_has_its_facts_with_their_lines_and_its_log_the_checksum(tmp_path: Path) -> None:
    first, second = load_others(written(tmp_path / "others.csv"))
    assert (first.entry.author, first.entry.path, first.entry.sha256) == ("p02", "p02/01", SHA)
    run = first.facts.runs[0]
    fact = run.fact("throughput")
    assert fact is not None
    assert (fact.value, fact.line, fact.view_line) == ("120.5", 9, 11)
    assert (run.series[0].steps, run.series[0].values, run.series[0].lines) == ([10, 20], ["7.5", "7.25"], [7, 8])
    assert (second.entry.system, second.facts.runs[0].ordinal) == ("Groq", 2)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("log", "somebody/01"),
        ("log", "p02/session.txt"),
        ("sha256", "ab"),
        ("run", "0"),
        ("kind", "guess"),
        ("name", "nodes_of_mine"),
        ("line", "0"),
        ("step", "x"),
        ("value", "/home/somebody/log"),
        ("value", "somebody@example.org"),
        ("value", "10.20.30.40"),
    ],
)
def test_a_cell_that_is_not_allowed_is_named_with_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, value: str
) -> None:
    row = dict(zip(COLUMNS, ROWS[1], strict=True)) | {column: value}
    source = written(tmp_path / "facts.csv", (ROWS[0], tuple(row.values())))
    assert main(["--from", str(source), "--to", str(tmp_path / "others.csv")]) == 1
    assert capsys.readouterr().err == f"error: {source}:3: {column} = {value!r} is not allowed here\n"
    assert not (tmp_path / "others.csv").exists()


def test_a_file_that_is_no_table_of_facts_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("log,value\np02/01,1\n")
    with pytest.raises(BrokenOthers, match="there is no column 'sha256'"):
        table(path)
    path.write_text("")
    with pytest.raises(BrokenOthers, match="not a CSV table"):
        table(path)
    assert main(["--from", str(tmp_path / "none.csv")]) == 1
    assert "none.csv: no such file" in capsys.readouterr().err


@pytest.mark.parametrize("ours", [(SHA, ""), (OURS, SHA)])
def test_a_log_that_came_into_the_catalog_is_no_longer_another_persons(
    ours: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_catalog(monkeypatch, *ours)
    path = written(tmp_path / "others.csv")
    assert [log.entry.path for log in load_others(path)] == ["p03/01"]
    assert list(others_table(path)["log"]) == ["p03/01"]


def test_no_other_persons_log_is_in_the_catalog() -> None:
    kept, ours = table(OTHERS), catalog.load()
    checksums = {checksum for entry in ours for checksum in (entry.sha256, entry.original_sha256)}
    assert {log.entry.sha256 for log in load_others()} == set(kept["sha256"]) - checksums
    published = (DOCS / "data" / "others.csv").read_text(encoding="utf-8")
    assert [checksum for checksum in checksums - {""} if checksum in published] == []
