"""The action for jobs: its script is run with the command of the checkout, and a file in place of the job's page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import yaml

from scripts import ROOT
from tests.scripts.conftest import LOG

ACTION = yaml.decode((ROOT / "action.yml").read_bytes())


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The folder of a job: a log, a text, and the command on its path."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/a.log").write_text(LOG)
    (tmp_path / "page.md").write_text("The test accuracy was 97.25 %.\n")
    command = tmp_path / "bin/testbed-report"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m testbed_report "$@"\n')
    command.chmod(0o755)
    return tmp_path


def run(job: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PATH": f"{job / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(job / "summary"),
        "GITHUB_OUTPUT": str(job / "outputs"),
    }
    command = [str(ROOT / "scripts/job.sh"), *words]
    return subprocess.run(command, cwd=job, env=environment, capture_output=True, text=True, check=False)


def test_a_job_reports_and_proofreads(job: Path) -> None:
    done = run(job, "logs", "out", "*.md")
    assert done.returncode == 0, done.stderr
    assert (job / "out/site/index.html").is_file()
    assert (job / "outputs").read_text() == "site=out/site\n"
    summary = (job / "summary").read_text()
    assert "## Runs\n\n| log | run |" in summary
    assert "| page.md, line 1 | 97.25 | ✓ confirmed |" in summary
    assert ",confirmed," in (job / "out/proofread.csv").read_text()


def test_a_wrong_number_fails_the_job(job: Path) -> None:
    (job / "page.md").write_text("The test accuracy was 91.25 %.\n")
    done = run(job, "logs", "out", "page.md")
    assert done.returncode == 1
    assert "| 91.25 | ? missing |" in (job / "summary").read_text()


def test_logs_that_are_not_there_fail_the_job(job: Path) -> None:
    done = run(job, "no-logs", "out")
    assert done.returncode == 1
    assert "no-logs: no such file or folder" in done.stderr


def test_the_action_gives_its_script_every_input() -> None:
    (step,) = ACTION["runs"]["steps"]
    given = set(step["env"].values())
    assert {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]} <= given
    assert '"$ACTION/scripts/job.sh" "$LOGS" "$OUT" "$PAGES"' in step["run"]
