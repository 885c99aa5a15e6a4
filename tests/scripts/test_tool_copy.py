"""A wheel of an installed package: what is in it, and that pip installs it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

from scripts.reader import __version__
from scripts.tool_copy import files_of, wheel

INFO = f"testbed_report-{__version__}.dist-info"
FILES = {
    "testbed_report/__init__.py": "",
    "testbed_report/site/run/cpu.sh": "#!/bin/sh\n",
    "testbed_report/__pycache__/__init__.cpython-311.pyc": "",
    f"{INFO}/METADATA": f"Metadata-Version: 2.1\nName: testbed-report\nVersion: {__version__}\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/INSTALLER": "pip\n",
    f"{INFO}/direct_url.json": '{"url": "file:///home/jdoe/checkout"}',
}


def test_an_installed_package_becomes_a_wheel_that_pip_installs(tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    for name, text in FILES.items():
        (installed / name).parent.mkdir(parents=True, exist_ok=True)
        (installed / name).write_text(text)
    (installed / "testbed_report/site/run/cpu.sh").chmod(0o755)
    (installed / INFO / "RECORD").write_text("".join(f"{name},,\n" for name in ["../../bin/testbed-report", *FILES]))
    files = files_of(PathDistribution(installed / INFO))
    assert wheel(files) == wheel(files)
    path = tmp_path / f"testbed_report-{__version__}-py3-none-any.whl"
    path.write_bytes(wheel(files))
    with zipfile.ZipFile(path) as archive:
        kept = [name for name in FILES if not any(part in name for part in ("__pycache__", "INSTALLER", "direct_url"))]
        assert sorted(archive.namelist()) == sorted([*kept, f"{INFO}/RECORD"])
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(tmp_path / "again"), str(path)], check=True)
    assert (tmp_path / "again/testbed_report/site/run/cpu.sh").stat().st_mode & 0o100
