"""The benchmark says what it cannot measure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import bench, scale


def test_a_contestant_that_fails_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    commands = {
        "good": (sys.executable, "-c", "pass"),
        "bad": (sys.executable, "-c", "raise SystemExit(1)"),
        "ours": (sys.executable, "-c", "raise SystemExit(1)", "parsers"),
        "ours, broken": (sys.executable, "-c", "raise SystemExit(2)", "parsers"),
    }
    assert list(bench._costs(commands, 1)) == list(commands)
    assert [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()] == [
        "bad FAILED with exit status 1",
        "ours, broken FAILED with exit status 2",
    ]


def test_an_unknown_commit_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--against", "no-such-commit"]) == 1
    assert capsys.readouterr().err == "error: no-such-commit: no commit of this repository\n"


def test_a_folder_without_logs_cannot_be_scaled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scale.main(["jobs", "--from", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"error: {tmp_path}: no file in it holds a run\n"
