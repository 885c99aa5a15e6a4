"""The owner of a catalogued log has it kept whole instead of its transcription."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from parsers.facts import rows
from scripts import transcribe
from scripts.logs import addition, catalog
from scripts.logs.load import LoadedLog, load_log
from scripts.privacy.stand_ins import redact
from scripts.report.results import collect
from scripts.store.files import digest, swhid
from tests.scripts.conftest import LOG, catalog_text
from tests.scripts.test_add_log import PRIVATE_LOG, added
from tests.scripts.test_report import tree


def owned_log(folder: Path, text: str) -> Path:
    """Have the catalog name a log of somebody, with declared values and a transcription; return its original."""
    other = catalog_text(path='"graphcore/other.txt"', sha256='"' + "0" * 64 + '"')
    declared = '\n[[log.declared]]\nrun = 1\nname = "learning_rate"\nvalue = "0.05"\nsource = "the owner"\n'
    mine = catalog_text(text, note='"a note"  # kept') + declared
    last = catalog_text(path='"groq/x.txt"', sha256='"' + "1" * 64 + '"')
    (folder / "catalog.toml").write_text(f"# first\n{other}\n{mine}\n# last\n{last}")
    original = folder.parent / "originals" / "session.txt"
    original.write_text(text)
    assert transcribe.main(["--logs", str(folder), "--from", str(original.parent)]) == 1  # the other two are not there
    assert (folder / "graphcore" / "session.txt.facts.csv").is_file()
    return original


@pytest.mark.parametrize("text", [PRIVATE_LOG, LOG])
def test_the_owner_of_a_log_keeps_it_whole_and_its_facts_and_ids_stay(folder: Path, text: str) -> None:
    original = owned_log(folder, text)
    entries = catalog.load(folder)
    before = load_log(entries[1], folder)
    assert added(folder, "--replace-transcription", original) == 0
    copy = (folder / "graphcore" / "session.txt").read_bytes()
    assert copy == redact(text.encode()).data
    assert (copy == text.encode()) == (text == LOG)
    after = catalog.load(folder)
    assert after == (entries[0], after[1], entries[2])
    assert after[1] == replace(
        entries[1],
        kept=True,
        sha256=digest(copy),
        swhid=swhid(copy),
        size=len(copy),
        original_sha256=entries[1].sha256,
    )
    assert not (folder / "graphcore" / "session.txt.facts.csv").exists()
    assert "!/graphcore/session.txt\n" in (folder / ".gitignore").read_text()
    now = load_log(after[1], folder)
    assert facts_of(now) == facts_of(before)
    assert [run.id for run in collect([now]).runs] == [run.id for run in collect([before]).runs]
    kept = (folder / "catalog.toml").read_text()
    assert kept.startswith("# first\n")
    assert "# last\n" in kept
    assert 'note = "a note"  # kept\n' in kept


def facts_of(log: LoadedLog) -> list[tuple[object, ...]]:
    """Return the facts of a log without the text around them."""
    return [row[:-1] for row in rows("", log.facts.runs)]


def test_keeping_a_log_whole_again_does_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = owned_log(folder, PRIVATE_LOG)
    added(folder, "--replace-transcription", original)
    before = tree(folder)
    assert added(folder, "--replace-transcription", original) == 0
    assert "already kept whole, nothing to do" in capsys.readouterr().out
    assert tree(folder) == before


def test_a_log_that_is_not_in_the_catalog_replaces_no_transcription(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = owned_log(folder, LOG)
    own = tmp_path / "own.log"
    own.write_text(PRIVATE_LOG)
    before = tree(folder)
    assert added(folder, "--replace-transcription", own) == 1
    said = capsys.readouterr().err
    assert "--replace-transcription takes the unchanged original of one of these: graphcore/other.txt (000" in said
    assert f"graphcore/session.txt ({digest(original.read_bytes())})" in said
    assert tree(folder) == before


@pytest.mark.parametrize("failing", ["put", "place"])
def test_a_failure_leaves_the_transcription_and_the_catalog(
    folder: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = owned_log(folder, PRIVATE_LOG)
    before = tree(folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "catalog.toml")

    monkeypatch.setattr(addition, failing, full)
    assert added(folder, "--replace-transcription", original) == 1
    assert tree(folder) == before


def test_a_writer_killed_before_the_catalog_is_replaced_leaves_the_log_readable(folder: Path) -> None:
    original = owned_log(folder, PRIVATE_LOG)
    entry = catalog.load(folder)[1]
    before = facts_of(load_log(entry, folder))
    (folder / "graphcore" / "session.txt").write_bytes(redact(PRIVATE_LOG.encode()).data)  # the first of its files
    assert facts_of(load_log(entry, folder)) == before
    assert added(folder, "--replace-transcription", original) == 0
    assert catalog.load(folder)[1].kept


def test_a_fetched_original_makes_way_for_the_copy_unless_it_is_the_file_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = owned_log(folder, PRIVATE_LOG)
    fetched = folder / "graphcore" / "session.txt"
    fetched.write_text(PRIVATE_LOG)
    assert added(folder, "--replace-transcription", fetched) == 1
    assert "move this file to another folder, and name it there" in capsys.readouterr().err
    assert fetched.read_text() == PRIVATE_LOG
    assert added(folder, "--replace-transcription", original) == 0
    assert fetched.read_bytes() == redact(PRIVATE_LOG.encode()).data


def test_another_file_in_the_place_of_the_copy_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = owned_log(folder, LOG)
    (folder / "graphcore" / "session.txt").write_text("other")
    assert added(folder, "--replace-transcription", original) == 1
    assert "is another file, which stays as it is" in capsys.readouterr().err
    assert (folder / "graphcore" / "session.txt").read_text() == "other"


@pytest.mark.parametrize(
    "trap", ['note = """\n[[log]]\nsize = 1\n"""', '"sha256" = "SHA"'], ids=["a header in a text", "a quoted name"]
)
def test_a_catalog_of_unusual_layout_is_not_changed(
    folder: Path, trap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    original = owned_log(folder, LOG)
    listed = folder / "catalog.toml"
    text = listed.read_text()
    if trap.startswith("note"):
        text = text.replace('note = ""', trap, 1)
    else:
        line = f'sha256 = "{digest(LOG.encode())}"'
        text = text.replace(line, f'"sha256" = "{digest(LOG.encode())}"')
    listed.write_text(text)
    assert added(folder, "--replace-transcription", original) == 1
    assert "cannot be changed safely" in capsys.readouterr().err
    assert listed.read_text() == text
    assert not (folder / "graphcore" / "session.txt").exists()


def test_a_catalog_with_windows_line_ends_keeps_them(folder: Path) -> None:
    original = owned_log(folder, LOG)
    listed = folder / "catalog.toml"
    listed.write_bytes(listed.read_bytes().replace(b"\n", b"\r\n"))
    assert added(folder, "--replace-transcription", original) == 0
    assert catalog.load(folder)[1].kept
    assert listed.read_bytes().count(b"\n") == listed.read_bytes().count(b"\r\n")
