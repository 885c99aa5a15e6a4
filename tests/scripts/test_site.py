"""The pages build with the builder they are made for and with its makers' successor, both strictly."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT


def test_the_successor_builds_the_same_tree_strictly(tmp_path: Path) -> None:
    for name in ("docs", "scripts/theme", "mkdocs.yml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path)
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict"]
    if not Path(command[0]).exists():
        pytest.skip("zensical is not installed")
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    assert "No issues found" in built.stdout + built.stderr
    made = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.html")}
    pages = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    folders = {page.removesuffix("index").removesuffix("/") for page in pages}
    assert {f"{folder}/index.html".lstrip("/") for folder in folders} <= made
