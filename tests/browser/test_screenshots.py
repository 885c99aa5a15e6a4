from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT, screenshots

pytestmark = pytest.mark.xdist_group("site")
PNG = b"\x89PNG"


@pytest.mark.skipif(screenshots.find_browser() is None, reason="no chromium on this machine")
def test_the_pictures_are_taken_of_the_built_site(site: Path, tmp_path: Path) -> None:
    # In a process of its own: this one may have a browser at work already.
    command = [sys.executable, "-m", "scripts.screenshots", "--site", str(site), "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == set(screenshots.PICTURES.values())
    assert all(path.read_bytes().startswith(PNG) for path in tmp_path.iterdir())


def test_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: "chromium")
    assert screenshots.main(["--site", str(tmp_path)]) == 1
    assert "no built site" in capsys.readouterr().err
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert screenshots.main([]) == 1
    assert "chromium is not installed" in capsys.readouterr().err
