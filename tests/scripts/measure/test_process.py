"""A process is measured as a user starts it, and one that fails is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.measure.process import Command, Cost, Failed, median, medians, output, python, run


def test_a_command_that_fails_is_named_and_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    commands = {
        "good": python("-c", "pass"),
        "bad": python("-c", "raise SystemExit('no such thing')"),
        "allowed": python("-c", "raise SystemExit(1)", statuses=(0, 1)),
        "not allowed": python("-c", "raise SystemExit(2)", statuses=(0, 1)),
    }
    assert list(medians(commands, 2)) == ["good", "allowed"]
    assert capsys.readouterr().err.splitlines() == [
        "bad FAILED and is left out: exit status 1 (no such thing)",
        "not allowed FAILED and is left out: exit status 2",
    ]


def test_a_command_that_cannot_be_started_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert medians({"missing": Command([missing])}, 1) == {}
    assert capsys.readouterr().err == f"missing FAILED and is left out: {missing}: No such file or directory\n"


def test_what_a_command_costs_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.measure.process._own_memory", lambda: 300.0)  # a process of tests may hold more
    cost = run(python("-c", "b'a' * 300_000_000; open('here', 'w')", folder=tmp_path))
    assert (tmp_path / "here").exists()
    assert cost.memory > 300
    assert cost.peak == f"{cost.memory:.0f}"
    assert 0 < cost.cpu == cost.user + cost.system


def test_memory_below_our_own_is_not_told() -> None:
    assert Cost(0, 0, 0, 0.5).peak.startswith("< ")


def test_medians_are_of_each_time_and_memory_is_the_most() -> None:
    costs = [Cost(1, 30, 5, 7), Cost(2, 10, 5, 9), Cost(9, 20, 6, 8)]
    assert median(costs) == Cost(2, 20, 5, 9)


def test_measured_processes_may_keep_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    question = "import sys; sys.exit(sys.dont_write_bytecode)"
    run(python("-c", question))
    assert output(python("-c", "import sys; print(sys.dont_write_bytecode)")) == ("False\n", "")


def test_output_of_a_command_that_fails_is_not_used() -> None:
    with pytest.raises(Failed, match=r"exit status 1 \(stopped\)"):
        output(python("-c", "print('a part'); raise SystemExit('stopped')"))
