"""The command says what it cannot measure, and begins with what the times depend on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.measure import browser, jobs, reading
from scripts.measure.__main__ import main
from scripts.measure.contestants import CSV, PARQUET, PLAIN
from scripts.measure.logs import CASES, Logs
from scripts.measure.machine import description
from scripts.measure.setting import Setting
from tests.scripts.conftest import catalog_text


def test_an_unknown_commit_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--against", "no-such-commit"]) == 1
    assert capsys.readouterr().err == "error: no-such-commit: not a commit of this repository\n"


def test_a_folder_without_logs_cannot_be_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "--from", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"error: {tmp_path}: no file in it contains a run\n"


def test_the_head_names_the_machine_and_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    lines = dict(line.split(None, 1) for line in description().replace("load average", "load").splitlines())
    assert list(lines) == ["processor", "load", "system", "Python", "PYTHONDONTWRITEBYTECODE", "date", "commit"]
    assert lines["PYTHONDONTWRITEBYTECODE"] == "set here; the measured processes run without it"
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert "PYTHONDONTWRITEBYTECODE  not set here; " in description()


def setting(tmp_path: Path) -> Setting:
    """Return a setting with two small logs, for one round."""
    logs = Logs("two logs", [CASES / "sambanova_two_runs.log", CASES / "cerebras_two_runs.log"])
    return Setting(scratch=tmp_path, logs=logs, own_logs=True, size=100_000, small=3, rounds=1)


def test_reading_is_measured_beside_other_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "available", lambda: [CSV, PARQUET, PLAIN])
    reading.measure(setting(tmp_path))
    blocks = [block.strip().splitlines() for block in capsys.readouterr().out.split("\n\n")]
    titles = [block[0].partition("  ")[0].partition(" (")[0] for block in blocks]
    assert titles == ["two logs, each once", "two logs", "aims", "the same as one file", "small logs"]
    for block in (blocks[1], blocks[3], blocks[4]):
        assert [line.partition("  ")[0] for line in block[1:4]] == [CSV, PARQUET, PLAIN]


def test_two_processes_write_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.measure(setting(tmp_path))
    assert "The same bytes; " in capsys.readouterr().out


def test_no_browser_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    assert main(["serve", "--from", str(CASES)]) == 0
    assert capsys.readouterr().err == ("serve is left out: it needs Chromium and playwright (requirements/dev.txt)\n")


def test_a_changed_log_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    raw = tmp_path / "raw_logs"
    raw.mkdir()
    (raw / "catalog.toml").write_text(catalog_text())
    browser._change(tmp_path, "91.00")
    before = (raw / "own" / "big.log").read_text()
    browser._change(tmp_path, "92.00")
    assert before.replace("91.00", "92.00") == (raw / "own" / "big.log").read_text()
    assert (raw / "catalog.toml").read_text().count("[[log]]") == 2
