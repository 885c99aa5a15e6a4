"""The page that adds a made-up system: what it says is done, in a copy of the project, and works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made import untitled

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "add-a-system.md").read_text(encoding="utf-8")
# A file's name in the sentence before a block that holds it.
_FILE = re.compile(r"(?:Save this as|Write) `(?P<name>[^`]+)`:\n\n```\w+\n(?P<text>.*?)```\n", re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the files of the page."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("docs", "parsers", "raw_logs", "scripts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".lock"))
    (copy / "tests" / "parsers" / "cases").mkdir(parents=True)
    for file in _FILE.finditer(PAGE):
        (copy / file["name"]).write_text(file["text"], encoding="utf-8")
    shutil.copy(copy / "abacus.log", copy / "tests" / "parsers" / "cases")
    return copy


def _run(project: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_names_four_files() -> None:
    assert [file["name"] for file in _FILE.finditer(PAGE)] == [
        "abacus.log",
        "parsers/dialects/abacus.py",
        "scripts/report/systems/abacus.py",
        "scripts/report/words/abacus.md",
    ]


def test_without_the_dialect_the_log_is_not_understood() -> None:
    log = next(file["text"] for file in _FILE.finditer(PAGE) if file["name"] == "abacus.log")
    done = subprocess.run(
        [sys.executable, "-m", "parsers", "-"], cwd=ROOT, input=log, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1


def test_the_log_gives_what_the_page_shows(project: Path) -> None:
    printed = _run(project, "parsers", "abacus.log", "--format", "table")
    (shown,) = re.findall(r"^abacus\.log .*throughput.*$", PAGE, re.MULTILINE)
    rows = [line.split() for line in printed.splitlines()]
    assert any(row[: len(shown.split())] == shown.split() for row in rows)
    facts = {row[3]: row[4] for row in rows if row[2] in ("run", "parameter", "metric")}
    assert facts["outcome"] == "completed"
    assert (facts["batch_size"], facts["samples"], facts["train_time"]) == ("16", "320", "8.0")


def test_every_line_of_the_log_is_understood(project: Path) -> None:
    assert "0 (0.0%) were not understood" in _run(project, "parsers", "abacus.log", "--explain")


def test_the_page_of_the_system_has_the_run(project: Path) -> None:
    _run(project, "scripts.add_log", "abacus.log")
    _run(project, "scripts.build")
    page = untitled((project / "docs" / "abacus.md").read_text(encoding="utf-8"))
    assert "[40.0](runs/abacus-abacus-1.md#throughput)" in page
    assert "[0.025](runs/abacus-abacus-1.md#time_per_sample)" in page
    assert "Each of these batch sizes was run once: [16](runs/abacus-abacus-1.md#batch_size)." in page
    assert "These batch sizes were run more than once" not in page
    assert (project / "docs" / "runs" / "abacus-abacus-1.md").is_file()
