"""A folder for a site of one's own: what is in it, and that each command works there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.logs import catalog
from scripts.logs.author import with_declared
from scripts.logs.load import load_log
from scripts.navigation import FOLDER
from scripts.new import main as new
from scripts.report.questions import ASKED, NOTHING, ask
from tests.scripts.conftest import LOG

# As a terminal on Windows keeps it.
PRIVATE = "Password:\r\n" + LOG.replace("srun:", "ana@host-7:/home/ana$ srun:", 1)


def call(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the command for a site."""
    command = [sys.executable, "-m", "testbed_report", "-C", str(site), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a site that are published or kept."""
    hidden = (".cache", "site", ".lock")
    found = (
        path for path in folder.rglob("*") if path.is_file() and not set(path.relative_to(folder).parts) & set(hidden)
    )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder of two logs."""
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "monday.log").write_text(PRIVATE)
    (folder / "tuesday.log").write_text(LOG.replace("97.25", "96.50"))
    return folder


@pytest.fixture
def site(tmp_path: Path, logs: Path) -> Path:
    """A new site of them."""
    folder = tmp_path / "mine"
    assert new([str(folder), "--logs", str(logs), "--author", "me", "--title", "My runs: '24"]) == 0
    return folder


def test_a_new_site_asks_what_the_logs_do_not_state(
    tmp_path: Path, logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "mine"
    assert new([str(site), "--logs", str(logs), "--title", "My runs: '24"]) == 0
    told = capsys.readouterr().out
    assert "2 logs, 2 runs" in told
    assert "4 questions that the logs leave open" in told
    assert "no run of SambaNova, Cerebras and Groq: `testbed-report explain FILE` says why" in told
    assert b"ana" not in (site / "raw_logs/graphcore/monday.log").read_bytes()
    assert "# My runs: '24\n" in (site / "README.md").read_text()
    asked = (site / "raw_logs/declared.toml").read_text()
    assert "# Which learning rate had run 1 (lines 2 to 5, test accuracy 97.25)?" in asked
    assert "# Which batch size had run 1 (lines 2 to 5, test accuracy 97.25)?" in asked


def answered(site: Path) -> None:
    """Answer every question of a site."""
    path = site / "raw_logs/declared.toml"
    marks = ("[[", "path", "run", "name", "value", "source")
    lines = [
        line[2:].replace('""', '"0.05"') if line[2:].startswith(marks) else line
        for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines) + "\n")


def test_an_answer_is_what_is_declared(site: Path) -> None:
    answered(site)
    folder = site / "raw_logs"
    loaded = with_declared([load_log(entry, folder) for entry in catalog.load(folder)], folder)
    assert [[(said.name, said.value) for said in log.entry.declared] for log in loaded] == [
        [("learning_rate", "0.05"), ("batch_size", "0.05")]
    ] * 2
    assert {log.entry.author for log in loaded} == {"me"}


def test_a_log_that_is_added_later_is_asked_about_too(site: Path, logs: Path) -> None:
    answered(site)
    before = (site / "raw_logs/declared.toml").read_text()
    (logs / "friday.log").write_text(LOG.replace("97.25", "95.00") + LOG.replace("97.25", "94.00"))
    assert "raw_logs/declared.toml: 4 new questions" in call(site, "add-log", str(logs / "friday.log")).stdout
    asked = (site / "raw_logs/declared.toml").read_text()
    assert asked.startswith(before)
    assert asked.count("# Which learning rate had run") == before.count("# Which learning rate had run") + 2
    call(site, "add-log", str(logs / "friday.log"))
    assert (site / "raw_logs/declared.toml").read_text() == asked


def test_a_file_without_questions_gets_the_first_one(tmp_path: Path, site: Path) -> None:
    path = site / "raw_logs/declared.toml"
    path.write_text(NOTHING)
    ask(site / "raw_logs")
    assert path.read_text().startswith(ASKED)
    assert NOTHING not in path.read_text()


def test_a_name_of_the_author_in_a_file_name_is_warned_of(
    tmp_path: Path, logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (logs / "monday.log").rename(logs / "Jane_Doe_mnist.log")
    assert new([str(tmp_path / "mine"), "--logs", str(logs), "--author", "janeDoe"]) == 0
    told = capsys.readouterr().err
    assert "warning: graphcore/Jane_Doe_mnist.log: the name of the log has 'Jane', 'Doe'. That may be your name" in told
    assert "tuesday" not in told


def test_every_command_works_in_a_site(site: Path) -> None:
    answered(site)
    (site / "raw_logs/notes/graphcore.md").write_text("I expected more.\n")
    (site / "docs").mkdir()
    (site / "docs/thoughts.md").write_text("# Thoughts\n\n[?](runs/graphcore-monday-1.md#test_accuracy) %\n")
    built = call(site, "build")
    assert (built.returncode, built.stderr) == (0, "")
    assert "[97.25](runs/graphcore-monday-1.md#test_accuracy" in (site / "docs/thoughts.md").read_text()
    assert "I expected more." in (site / "docs/graphcore.md").read_text()
    assert "My runs: '24" in (site / "site/index.html").read_text()
    assert "Thoughts" in (site / "site/index.html").read_text()
    before = files(site)
    assert call(site, "build").stdout.startswith("nothing has changed since the last build")
    assert files(site) == before
    checked = call(site, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    verified = call(site, "verify", "--quiet")
    right, _, numbers = verified.stdout.strip().rpartition("\n")[2].partition(" of ")
    assert (verified.returncode, right) == (0, numbers)


def test_an_update_of_the_tool_changes_generated_parts_only(site: Path) -> None:
    (site / "docs").mkdir()
    (site / "docs/mine.md").write_text("# Mine\n")
    assert call(site, "build").returncode == 0
    before = files(site)
    generated = {f"docs/{name}" for name in (site / "docs/.generated").read_text().split()}
    for name in [*generated, f"{FOLDER}/base.yml"]:  # as an older version made them
        (site / name).write_bytes(b"older\n")
    assert call(site, "check").returncode == 1
    assert call(site, "build").returncode == 0
    assert files(site) == before


@pytest.mark.parametrize("name", ["taken", "logs/inside"])
def test_a_folder_that_holds_something_is_refused(
    name: str, tmp_path: Path, logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/a.txt").write_text("mine")
    assert new([str(tmp_path / name), "--logs", str(logs)]) == 2
    assert "name" in capsys.readouterr().err
    assert sorted(path.name for path in logs.iterdir()) == ["monday.log", "tuesday.log"]


@pytest.mark.parametrize("there", [True, False])
def test_a_site_without_runs_is_not_made(there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "prose.txt").write_text("Nothing.\n")
    if there:
        (tmp_path / "mine").mkdir()
    assert new([str(tmp_path / "mine"), "--logs", str(tmp_path / "prose.txt")]) == 1
    assert "no log was added" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == [*(["mine"] if there else []), "prose.txt"]


@pytest.mark.parametrize("command", [["build"], ["check"], ["leaks"], ["add-log", str(ROOT / "examples/cpu")]])
def test_a_folder_that_is_no_site_is_named_with_what_to_do(command: list[str], tmp_path: Path) -> None:
    done = call(tmp_path, *command)
    assert done.returncode == 1
    assert f"{tmp_path}: not the folder of a site" in done.stderr
    assert "`testbed-report -C FOLDER COMMAND`" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_site_installs_the_tool_from_its_own_folder(site: Path) -> None:
    (line,) = [line for line in (site / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    path, extra = line.removesuffix("]").split("[")
    assert (extra, path.startswith("./tool/")) == ("report", True)
    with tarfile.open(site / path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "hatch_build.py", "parsers/__init__.py", "docs/assets/report.css"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("raw_logs", "tests"))]


def test_a_site_installs_the_tool_from_an_address(tmp_path: Path, logs: Path) -> None:
    address = "git+https://example.org/testbed-report@main"
    assert new([str(tmp_path / "mine"), "--logs", str(logs), "--tool", address]) == 0
    text = (tmp_path / "mine/requirements.txt").read_text()
    assert text.endswith(f"\ntestbed-report[report] @ {address}\n")
    assert not (tmp_path / "mine/tool").exists()


def test_an_address_that_is_none_is_refused(tmp_path: Path, logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new([str(tmp_path / "mine"), "--logs", str(logs), "--tool", "my tool"]) == 2
    assert "--tool my tool: not an address; allowed: https://" in capsys.readouterr().err
