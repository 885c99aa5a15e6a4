from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from scripts import offline


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("offline") / "site.zip"
    assert offline.main([str(out)]) == 0
    return out


def test_every_page_is_a_file_and_the_search_is_a_script(archive: Path) -> None:
    names = zipfile.ZipFile(archive).namelist()
    assert {"testbed-report/index.html", "testbed-report/sambanova.html", "testbed-report/runs/index.html"} <= set(
        names
    )
    assert "testbed-report/search/search_index.js" in names
    home = zipfile.ZipFile(archive).read("testbed-report/index.html").decode()
    assert 'href="sambanova.html"' in home


def test_the_same_pages_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    assert offline.main([str(again)]) == 0
    assert again.read_bytes() == archive.read_bytes()


def test_where_it_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(offline, "build", lambda site: site.mkdir() or "")
    (tmp_path / "file").write_text("")
    assert offline.main([str(tmp_path / "file" / "site.zip")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_what_mkdocs_says_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(offline, "build", lambda _site: "a link leads nowhere")
    assert offline.main([str(tmp_path / "site.zip")]) == 1
    assert "a link leads nowhere" in capsys.readouterr().err
