"""What the programs of the reader's own machine share."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.run.machine import Problem, imported, introduce, processor, run, whole


def test_linux_tells_the_processors_model(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t: Abacus 3000\nprocessor\t: 1\nmodel name\t: Abacus 3000\n")
    assert processor(cpuinfo) == "Abacus 3000"


@pytest.mark.parametrize("content", [None, "processor\t: 0\n"])
def test_elsewhere_python_tells_it(tmp_path: Path, content: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    if content is not None:
        cpuinfo.write_text(content)
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "abacus")
    assert processor(cpuinfo) == "abacus"


def test_the_opening_lines(capsys: pytest.CaptureFixture[str]) -> None:
    introduce("counting", "train", {"beads": "1.2", "wire": "3"}, 2)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "testbed-cpu: workload counting, stage train"
    assert said[1].startswith("testbed-cpu: processor ")
    assert said[2:] == ["testbed-cpu: software beads 1.2, wire 3", "testbed-cpu: threads 2"]


@pytest.mark.parametrize("text", ["3", "12"])
def test_a_whole_number(text: str) -> None:
    assert whole(3, 12)(text) == int(text)


@pytest.mark.parametrize("text", ["2", "13", "-5", "4.5", "five", "", "²"])
def test_what_is_no_whole_number_within_bounds(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="from 3 to 12"):
        whole(3, 12)(text)


def test_packages_that_are_there_are_imported() -> None:
    assert [module.__name__ for module in imported("json", "csv")] == ["json", "csv"]


# pyenv's own first: its python3.8 on the path may be a shim that leads nowhere.
OLDEST = next(map(str, Path.home().glob(".pyenv/versions/3.8.*/bin/python")), None) or shutil.which("python3.8")


@pytest.mark.skipif(OLDEST is None, reason="no Python 3.8 at hand, the oldest that log-in nodes have")
@pytest.mark.parametrize("program", ["bert_tiny", "digits"])
def test_the_programs_begin_on_the_oldest_python(program: str) -> None:
    """Such a Python has no packages here. The program says so in a sentence, after all of its code was read."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    call = f"from scripts.run import bert_inputs, bert_model, {program} as program; sys.exit(program.main([]))"
    command = [str(OLDEST), "-I", "-c", f"{start}; {call}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: the Python package 'torch' cannot be imported by ")


def test_a_problem_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> None:
        raise Problem("the beads are missing; buy some")

    assert run(program) == 2
    assert capsys.readouterr().err == "error: the beads are missing; buy some\n"
    assert run(lambda: None) == 0
