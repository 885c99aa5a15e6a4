from __future__ import annotations

import hashlib
from pathlib import Path

import pooch
import pytest
import requests

from scripts import fetch_logs
from tests.scripts.conftest import LOG, catalog_text


def _fetch(folder: Path) -> int:
    return fetch_logs.main(["--logs", str(folder), "--from", str(folder.parent / "originals")])


def test_a_log_is_fetched_from_a_folder_and_then_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _fetch(folder) == 0
    assert (folder / "graphcore" / "session.txt").read_text() == LOG
    assert _fetch(folder) == 0
    assert "already here, sha256 right" in capsys.readouterr().out


def test_a_log_that_is_kept_here_is_not_fetched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "catalog.toml").write_text(catalog_text(kept="true", url='""'))
    assert _fetch(folder) == 0
    assert capsys.readouterr() == ("", "")


def test_a_wrong_file_is_an_error_and_is_not_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "originals" / "session.txt").write_text("another\n")
    assert _fetch(folder) == 1
    said = capsys.readouterr().err
    assert "error: graphcore/session.txt: " in said
    assert "session.txt: sha256 expected" in said
    assert f"got {hashlib.sha256(b'another' + bytes([10])).hexdigest()}" in said
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["catalog.toml"]


def test_a_file_in_the_way_is_named_and_left_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "graphcore" / "session.txt"
    path.parent.mkdir()
    path.write_text("mine\n")
    assert _fetch(folder) == 1
    assert "it stays as it is" in capsys.readouterr().err
    assert path.read_text() == "mine\n"


def test_a_folder_without_the_log_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "originals" / "session.txt").unlink()
    assert _fetch(folder) == 1
    assert "error: graphcore/session.txt" in capsys.readouterr().err


def test_without_a_connection_the_error_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise requests.exceptions.ConnectionError("HTTPSConnectionPool: Max retries exceeded")

    monkeypatch.setattr(pooch, "retrieve", refuse)
    assert fetch_logs.main(["--logs", str(folder)]) == 1
    assert "no connection to example.org; make logs FROM=folder" in capsys.readouterr().err


def test_a_log_that_is_gone_is_an_error_with_its_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    response = requests.Response()
    response.status_code = 404

    def refuse(**_: object) -> None:
        raise requests.exceptions.HTTPError("404", response=response)

    monkeypatch.setattr(pooch, "retrieve", refuse)
    assert fetch_logs.main(["--logs", str(folder)]) == 1
    assert "the server answers 404 to https://example.org/raw/1/session.txt" in capsys.readouterr().err


def test_no_such_folder_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch_logs.main(["--logs", str(folder), "--from", str(folder / "nowhere")]) == 1
    assert "no such folder" in capsys.readouterr().err
