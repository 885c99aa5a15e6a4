from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts import transcribe
from scripts.logs import catalog
from scripts.logs.load import MissingLog, load_log
from tests.scripts.conftest import LOG, catalog_text


@pytest.fixture
def transcribed(folder: Path) -> Path:
    assert transcribe.main(["--logs", str(folder), "--from", str(folder.parent / "originals")]) == 0
    return folder


def _original(folder: Path, text: str) -> Path:
    path = folder / "graphcore" / "session.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_the_original_is_read_where_it_lies_with_the_right_sha256(transcribed: Path) -> None:
    (entry,) = catalog.load(transcribed)
    from_transcription = load_log(entry, transcribed)
    _original(transcribed, LOG)
    from_original = load_log(entry, transcribed)
    assert (from_transcription.from_original, from_original.from_original) == (False, True)
    assert from_transcription.facts == from_original.facts
    assert [fact.value for fact in from_original.facts.runs[0].facts if fact.name == "test_accuracy"] == ["97.25"]


def test_another_file_in_the_originals_place_is_not_read(transcribed: Path) -> None:
    _original(transcribed, LOG.replace("97.25", "12.34"))
    (entry,) = catalog.load(transcribed)
    assert not load_log(entry, transcribed).from_original


def test_without_either_the_error_says_what_to_do(folder: Path) -> None:
    (entry,) = catalog.load(folder)
    with pytest.raises(MissingLog, match="make logs"):
        load_log(entry, folder)


def test_a_transcription_of_another_original_is_refused(transcribed: Path) -> None:
    (entry,) = catalog.load(transcribed)
    with pytest.raises(MissingLog, match="the catalog has 0000"):
        load_log(replace(entry, sha256="0" * 64), transcribed)


def test_a_damaged_transcription_is_an_error_with_its_line(transcribed: Path) -> None:
    path = transcribed / "graphcore" / "session.txt.facts.csv"
    path.write_text(path.read_text().replace(",4,4,", ",four,4,", 1))
    (entry,) = catalog.load(transcribed)
    with pytest.raises(MissingLog, match=r"session\.txt\.facts\.csv:\d+: not a row"):
        load_log(entry, transcribed)


def test_a_kept_log_is_read_whole_or_not_at_all(folder: Path) -> None:
    (folder / "catalog.toml").write_text(catalog_text(kept="true", url='""'))
    (entry,) = catalog.load(folder)
    with pytest.raises(MissingLog, match="no such file"):
        load_log(entry, folder)
    _original(folder, LOG)
    assert load_log(entry, folder).lines == tuple(LOG.splitlines())
