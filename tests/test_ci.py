"""What the check of a clean checkout installs, and how it spreads the tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts import ROOT

APT = """\
#!/bin/sh
echo "$*" >> "$0.log"
case "$*" in *unavailable*) exit 100 ;; esac
"""


def bring(folder: Path, user: int, *wanted: str) -> tuple[int, str, str]:
    """Run `.ci/bring` with an apt-get of our own; return its exit status, what it printed, and apt-get's calls."""
    for name, text in (("apt-get", APT), ("id", f"#!/bin/sh\necho {user}\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        [ROOT / ".ci" / "bring", *wanted], capture_output=True, text=True, check=False, env=environment
    )
    calls = folder / "apt-get.log"
    return done.returncode, done.stdout + done.stderr, calls.read_text() if calls.exists() else ""


def test_only_what_is_missing_is_installed_and_one_unavailable_package_spoils_no_other(tmp_path: Path) -> None:
    status, printed, calls = bring(tmp_path, 0, "sh=unavailable", "nowhere-1=unavailable", "nowhere-2=first second")
    assert (status, printed) == (1, "nowhere-1 is missing, and apt-get could not install unavailable\n")
    install = "install -qq -y --no-install-recommends"
    assert calls == f"update -qq\n{install} unavailable\n{install} first second\n"


def test_nothing_is_installed_where_nothing_is_missing(tmp_path: Path) -> None:
    assert bring(tmp_path, 0, "sh=dash") == (0, "", "")


def test_who_is_not_root_is_told_what_to_install(tmp_path: Path) -> None:
    printed = "nowhere is missing, so its tests are skipped; to run them: apt install first second\n"
    assert bring(tmp_path, 1000, "nowhere=first second") == (0, printed, "")


def test_the_tests_of_a_module_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    if not hasattr(request.config, "workerinput"):
        pytest.skip("one process runs all tests")
    assert request.node.nodeid.endswith(f"@{request.path}"), "pytest-xdist does not know the groups"
