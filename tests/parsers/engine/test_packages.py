"""Dialects that installed packages bring."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parsers.engine.test_loading import LOG, ROOT, TOY


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder of an installed package that brings a dialect."""
    package = tmp_path / "toy_logs"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "words.py").write_text('SYSTEM = "Toy"\n')
    text = TOY.replace("DIALECT =", "from .words import SYSTEM\n\nDIALECT =").replace('system="Toy"', "system=SYSTEM")
    (package / "dialect.py").write_text(text)
    info = tmp_path / "toy_logs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-logs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[testbed_report.dialects]\ntoy = toy_logs.dialect\n")
    (tmp_path / "toy.log").write_text(LOG)
    return tmp_path


def read(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parsers", *words]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)


def test_a_dialect_of_a_package_reads_a_log(installed: Path) -> None:
    done = read(installed, str(installed / "toy.log"))
    assert (done.returncode, done.stderr) == (0, "")
    assert ",1,run,system,,,Toy,," in done.stdout
    assert "Toy" in read(installed, "--systems").stdout


def test_a_broken_dialect_of_a_package_is_one_sentence(installed: Path) -> None:
    path = installed / "toy_logs" / "dialect.py"
    path.write_text(path.read_text().replace("{loss}", "{los}"))
    done = read(installed, str(installed / "toy.log"))
    told = "error: the package toy-logs, module toy_logs.dialect: shape 'step {step:int}: loss {los}': 'los' is "
    assert done.returncode == 2
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == 1


def test_a_package_without_a_dialect_is_one_sentence(installed: Path) -> None:
    (installed / "toy_logs" / "dialect.py").write_text("")
    done = read(installed, str(installed / "toy.log"))
    assert done.stderr == (
        "error: the package toy-logs, module toy_logs.dialect: there is no DIALECT in it; "
        "uninstall the package or correct it\n"
    )


def test_where_no_package_brings_one_none_is_looked_for() -> None:
    code = (
        "import sys; from parsers.engine.loading import known; known(); sys.exit('importlib.metadata' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
