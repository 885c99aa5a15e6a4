"""The loop: one more log is added, the pages are built again, and every sentence follows the new runs.

It is tried in a copy of the project whose catalog has only logs that are made up for it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import made

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")

# Of each system: the logs there are, what its page then says, the logs that are added, and what it says after that.
LOOPS = {
    "cerebras": (
        [made.cerebras(512, 2900.0), made.cerebras(1024, 4800.0)],
        ["Throughput rises with the batch size", "2 900 at 512 and 4 800 at 1 024", "Each batch size was run once"],
        [made.cerebras(2048, 4000.0)],
        ["Throughput does not rise with every larger batch: 2 900 at 512, 4 800 at 1 024 and 4 000 at 2 048"],
        ["Throughput rises"],
    ),
    "sambanova": (
        [made.sambanova(8, 10.0), made.sambanova(16, 20.0)],
        ["Throughput grows with the tasks: 10.0 with 8 and 20.0 with 16 tasks", "weak scaling, close to ideal"],
        [made.sambanova(32, 20.5), made.sambanova(8, 10.5)],
        [
            "though less than in proportion",
            "10.0 and 10.5 with 8; 20.0 with 16; 20.5 with 32 tasks",
            "The runs with 8 tasks differ",
        ],
        ["close to ideal", "Each task count was run once"],
    ),
    "graphcore": (
        [made.graphcore(0.05, 97.5), made.graphcore(0.005, 97.4)],
        [
            "The best two learning rates do equally well: 97.50 % test accuracy at 0.05",
            "Each learning rate was run once",
        ],
        [made.graphcore(0.1, 99.1), made.graphcore(0.005, 96.9)],
        ["The learning rate 0.1 is best: 99.10 % test accuracy", "were run more than once: 0.005"],
        ["do equally well", "Each learning rate was run once"],
    ),
    "groq": (
        [made.groq(64, 20000.0), made.groq(128, 15000.0)],
        ["With an input of 128 instead of 64 tokens", "Each length was run once"],
        [made.groq(256, 16000.0), made.groq(64, 20500.0)],
        ["A longer input does not always take longer", "were run more than once: 64 tokens"],
        ["With an input of", "Each length was run once"],
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project without logs of its own; the facts of other people's are there."""
    for name in ("docs", "parsers", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".lock"))
    (tmp_path / "raw_logs").mkdir()
    for name in ("README.md", "others.facts.csv"):
        shutil.copy(ROOT / "raw_logs" / name, tmp_path / "raw_logs")
    (tmp_path / "raw_logs" / "catalog.toml").write_text("")
    return tmp_path


def run(project: Path, *command: str) -> str:
    """Run a command of the project; return what it prints."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add(project: Path, logs: list[str], name: str) -> None:
    """Add logs of our own to the project, and build."""
    for number, text in enumerate(logs):
        (project / f"{name}-{number}.log").write_text(text)
        run(project, "scripts.add_log", "--author", "us", f"{name}-{number}.log")
    run(project, "scripts.build")


def told(project: Path, page: str) -> str:
    """Return the text of a page without its links, in one line."""
    text = _LINK.sub(r"\1", (project / "docs" / page).read_text(encoding="utf-8"))
    return " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("system", LOOPS)
def test_every_sentence_follows_a_new_run(system: str, project: Path) -> None:
    before, said_before, more, said_after, gone = LOOPS[system]
    add(project, before, "first")
    page = told(project, f"{system}.md")
    assert [sentence for sentence in said_before if sentence not in page] == []
    home, figures = told(project, "index.md"), _titles(project, system)
    add(project, more, "more")
    page = told(project, f"{system}.md")
    assert [sentence for sentence in said_after if sentence not in page] == []
    assert [sentence for sentence in gone if sentence in page] == []
    assert told(project, "index.md") != home
    assert _titles(project, system) != figures
    assert f"Runs: {len(before) + len(more)}" in told(project, "index.md")


def _titles(project: Path, system: str) -> list[str]:
    pictures = sorted((project / "docs" / "figures").glob(f"{system}-*.svg"))
    return [re.findall("<title>(.*?)</title>", picture.read_text())[0] for picture in pictures]


def test_the_same_job_counts_once_and_is_named(project: Path) -> None:
    logs = [made.cerebras(512, 2900.0), made.cerebras(1024, 4800.0)]
    add(project, [*logs, f"pasted once more\n{logs[0]}"], "first")
    page = told(project, "cerebras.md")
    assert (
        "A run that was published more than once counts once: cerebras-first-2-1 states the run cerebras-first-0-1."
        in page
    )
    assert "Each batch size was run once" in page
    assert "2 900 at 512 and 4 800 at 1 024" in page
    assert "Runs that were published more than once, and count once in all answers: 1." in told(project, "index.md")


def test_a_run_of_other_settings_is_in_the_table_and_compared_with_none(project: Path) -> None:
    other = made.sambanova(32, 99.0).replace("-b 32 ", "-b 64 ")
    add(project, [made.sambanova(8, 10.0), made.sambanova(16, 20.0), other], "first")
    page = told(project, "sambanova.md")
    assert "that differ in the number of tasks only: sambanova-first-0-1 and sambanova-first-1-1." in page
    assert "No run differs from sambanova-first-2-1 in the tasks only" in page
    assert "| batch size | outcome | run |" in page
    assert "10.0 with 8 and 20.0 with 16 tasks" in page


def test_a_value_that_nobody_states_is_asked_for(project: Path) -> None:
    unstated = made.graphcore(0.05, 97.5).split("\n", 1)[1]
    add(project, [unstated, made.graphcore(0.005, 97.4)], "first")
    page = told(project, "graphcore.md")
    assert "No log states the learning rate of graphcore-first-0-1." in page
    assert "? learning rate not stated" in page
    assert "learning rate not varied" not in page
