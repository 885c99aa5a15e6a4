from __future__ import annotations

from pathlib import Path

import pytest

from parsers.tables.transcription import load
from scripts import ROOT, transcribe
from scripts.logs import catalog
from scripts.store.files import swhid
from tests.scripts.conftest import LOG, catalog_text

ORIGINALS = ROOT.parent / "shared" / "logs" / "files" / "akozlov0"


def at_hand() -> bool:
    """Return whether the original of every log of the catalog is at hand."""
    return all(entry.kept or (ORIGINALS / Path(entry.path).name).is_file() for entry in catalog.load())


def test_a_transcription_holds_facts_counts_and_where_the_original_is(folder: Path) -> None:
    assert transcribe.main(["--logs", str(folder), "--from", str(folder.parent / "originals")]) == 0
    said = load(folder / "graphcore" / "session.txt.facts.csv")
    assert (said.size, said.lines, said.url) == (len(LOG), 4, "https://example.org/blob/1/session.txt")
    assert (said.lines_with_facts, said.lines_of_noise, said.lines_unknown) == (4, 0, 0)
    assert {fact.name: fact.value for fact in said.runs[0].facts}["test_accuracy"] == "97.25"


def test_check_tells_a_transcription_that_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--logs", str(folder), "--from", str(folder.parent / "originals")]
    transcribe.main(command)
    assert transcribe.main([*command, "--check"]) == 0
    path = folder / "graphcore" / "session.txt.facts.csv"
    changed = path.read_text().replace("97.25", "97.26")
    path.write_text(changed)
    assert transcribe.main([*command, "--check"]) == 1
    assert "differs from the parse" in capsys.readouterr().out
    assert path.read_text() == changed


def test_the_catalog_gets_the_identifier_of_an_original_and_keeps_its_other_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--logs", str(folder), "--from", str(folder.parent / "originals")]
    listed = folder / "catalog.toml"
    before = f"# a person's words\n{listed.read_text()}# more\n"
    listed.write_text(before)
    assert transcribe.main(command) == 0
    line = f'swhid = "{swhid(LOG.encode())}"\n'
    assert listed.read_text().replace(line, "") == before
    assert catalog.load(folder)[0].swhid == swhid(LOG.encode())
    listed.write_text(before)
    assert transcribe.main([*command, "--check"]) == 1
    assert "the catalog has no swhid" in capsys.readouterr().out


def test_another_identifier_than_the_originals_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "catalog.toml").write_text(catalog_text(swhid=f'"{swhid(b"other")}"'))
    assert transcribe.main(["--logs", str(folder), "--from", str(folder.parent / "originals")]) == 1
    assert "the catalog says swhid" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "said"), [(None, "no such file"), ("other\n", "sha256 expected")])
def test_a_wrong_original_is_an_error(
    folder: Path, text: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    original = folder.parent / "originals" / "session.txt"
    original.unlink()
    if text is not None:
        original.write_text(text)
    assert transcribe.main(["--logs", str(folder), "--from", str(original.parent)]) == 1
    assert said in capsys.readouterr().err
    assert not (folder / "graphcore").exists()


@pytest.mark.originals
@pytest.mark.skipif(not at_hand(), reason="the original logs are not at hand")
def test_the_repositorys_transcriptions_equal_the_parse_of_the_originals() -> None:
    assert transcribe.main(["--check", "--from", str(ORIGINALS)]) == 0
