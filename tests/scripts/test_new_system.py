"""The command that begins a new system: what it writes reads the logs, and it says what is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT, new_system
from scripts.new_system import template

LOG = """\
abacus-runtime 3.2
batch size 16
step 10: loss 2.5000
step 20: loss 2.1250
trained 320 samples in 8.0 s, 40.0 samples/s
abacus: done
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project for which a first dialect has been written."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("parsers", "scripts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests/parsers/cases").mkdir(parents=True)
    (copy / "abacus.log").write_text(LOG)
    assert command(copy, "scripts.new_system", "Abacus", "abacus.log").returncode == 0
    return copy


def command(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=project, capture_output=True, text=True, check=False)


def test_numbers_become_holes_with_the_names_of_the_glossary() -> None:
    assert template("learning rate 0.05") == "learning rate {learning_rate}"
    assert template("epochs: 3, seed = 7") == "epochs: {epochs:int}, seed = {seed:int}"
    assert template("took 01:05 on 3.4.5") == "took {:clock} on {:version}"
    assert template("5 of 10") == "of {:int}"
    assert template("5/10") == ""


def test_the_first_dialect_reads_the_log(project: Path) -> None:
    done = command(project, "parsers", "abacus.log", "--explain")
    assert "6 (100.0%) gave facts" in done.stdout
    facts = command(project, "parsers", "abacus.log", "--format", "csv").stdout
    assert ",system,,,Abacus," in facts
    assert ",batch_size,,,16," in facts
    assert ",throughput,,,40.0," in facts
    assert ",loss,,20,2.1250," in facts


def test_the_check_says_what_is_missing_and_writes_the_facts_when_nothing_is(project: Path) -> None:
    missing = command(project, "scripts.new_system", "--check", "Abacus")
    assert missing.returncode == 1
    assert "run 1 is truncated: no line with ends= says how it ended" in missing.stdout
    dialect = project / "parsers/dialects/abacus.py"
    dialect.write_text(dialect.read_text().replace('line("abacus: done")', 'line("abacus: done"), ends="completed"'))
    done = command(project, "scripts.new_system", "--check", "Abacus")
    assert (done.returncode, done.stderr) == (0, "")
    facts = (project / "tests/parsers/cases/abacus.csv").read_text()
    assert ",outcome,,,completed," in facts


def test_a_broken_dialect_is_one_sentence(project: Path) -> None:
    dialect = project / "parsers/dialects/abacus.py"
    before = dialect.read_text()
    dialect.write_text(before.replace("batch_size:int", "beads:int"))
    for words in (["scripts.new_system", "--check", "Abacus"], ["parsers", "abacus.log"]):
        done = command(project, *words)
        assert len(done.stderr.splitlines()) == 1
        assert "'beads' is not a name in parsers/vocabulary.py" in done.stderr
    dialect.write_text(before)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Abacus", "abacus.log"], "parsers/dialects/abacus.py is there already"),
        (["a-b", "abacus.log"], "'a-b' is not a name of a Python file"),
        (["Other", "none.log"], "none.log: no such file"),
        (["--check", "Nothing"], "parsers/dialects/nothing.py: no such file, or no DIALECT in it"),
    ],
)
def test_what_cannot_be_done_is_said(project: Path, words: list[str], message: str) -> None:
    done = command(project, "scripts.new_system", *words)
    assert done.returncode == 1
    assert message in done.stderr


def test_the_installed_command_writes_into_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("INSTALLED", True), ("ROOT", tmp_path)):
        monkeypatch.setattr(new_system, name, value)
    monkeypatch.setattr(new_system, "DIALECTS", tmp_path / "dialects")
    monkeypatch.setattr(new_system, "CASES", tmp_path / "cases")
    (tmp_path / "run.log").write_text("quux-runtime 3.2\nbatch size 16\nstep 10: loss 2.5000\n")
    assert new_system.main(["quux", str(tmp_path / "run.log")]) == 0
    assert "testbed-report read --dialect dialects/quux.py LOG" in capsys.readouterr().out
    assert "from testbed_report.grammar import" in (tmp_path / "dialects/quux.py").read_text()
    assert (tmp_path / "cases/quux.log").read_text().startswith("quux-runtime")
