"""What an author adds in a folder of logs: declared values and remarks."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from scripts.logs.author import remarks
from scripts.logs.catalog import BrokenCatalog
from scripts.logs.folder import load_folder
from scripts.report.results import collect
from scripts.store.structured import Broken
from tests.scripts.conftest import LOG

DECLARED = """\
author = "jane"

[[log]]
path = "a.log"
note = "the first try"

[[log.declared]]
run = 1
name = "learning_rate"
value = "0.05"
source = "my notes"
"""


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder with a log, and what its author says."""
    (tmp_path / "a.log").write_text(LOG)
    (tmp_path / "declared.toml").write_text(DECLARED)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "Graphcore.md").write_text("It **learns**; see [why](https://example.org/a).\n")
    return tmp_path


def test_what_is_declared_goes_with_the_log(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run,) = collect(load_folder(logs)).runs
    assert (run.entry.author, run.entry.note) == ("jane", "the first try")
    assert run.stated("learning_rate") == "0.05"
    assert capsys.readouterr().err == "", "neither file is taken for a log"


def test_remarks_are_read_by_system(logs: Path) -> None:
    assert remarks(logs) == {"graphcore": "It **learns**; see [why](https://example.org/a).\n"}
    assert remarks(logs / "notes") == {}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"a.log"', '"b.log"', "no log 'b.log' with a run is in this folder"),
        ("run = 1", "run = 7", "declares learning_rate of run = 7"),
        ("learning_rate", "colour", "'colour' is not in the vocabulary"),
        ("author", "owner", "only a text `author`"),
        ("note =", "size =", "'size' is not known"),
        ('author = "jane"', "author = [", "declared.toml"),
        ('"0.05"', '""', r"declared.toml:10: log a.log: declared 1: learning_rate of run 1: value is empty; write"),
        ('"0.05"', '"abc"', r"declared.toml:10: .*: value 'abc' is not a number; allowed: digits"),
        ('"0.05"', '"0,05"', r"value '0,05' is not a number"),
        ("\n[[log.declared]]", '\n[[log]]\npath = "a.log"\n[[log.declared]]', "two tables .* have the path 'a.log'"),
    ],
)
def test_what_is_wrong_is_said(logs: Path, old: str, new: str, why: str) -> None:
    (logs / "declared.toml").write_text(DECLARED.replace(old, new))
    with pytest.raises(BrokenCatalog, match=why):
        load_folder(logs)


@pytest.mark.parametrize(
    "text", ["<script>", '--8<-- "pyproject.toml"', "[a](javascript:x)", "[a](data:x)", "[a]: javascript:x", "<!-- x"]
)
def test_remarks_are_plain_markdown(logs: Path, text: str) -> None:
    (logs / "notes" / "groq.md").write_text(f"fine\n{text}\n")
    with pytest.raises(Broken, match=r"groq\.md:2: .* is not allowed in remarks"):
        remarks(logs)


@pytest.mark.parametrize("inside", ["", "hw/"])
def test_an_archive_has_what_its_author_says(tmp_path: Path, inside: str, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(tmp_path / "hw.zip", "w") as made:
        made.writestr(f"{inside}a.log", LOG)
        made.writestr(f"{inside}declared.toml", DECLARED)
    (tmp_path / "other.log").write_text(LOG)
    for path in (tmp_path / "hw.zip", tmp_path):
        run = collect(load_folder(path)).runs[0]
        assert (run.entry.path, run.entry.author, run.entry.note) == (f"hw.zip!{inside}a.log", "jane", "the first try")
        assert run.stated("learning_rate") == "0.05"
    assert capsys.readouterr().err == "", "it is not taken for a log"


def test_a_setting_of_words_takes_words(logs: Path) -> None:
    text = DECLARED.replace("learning_rate", "precision").replace("0.05", "bfloat16")
    (logs / "declared.toml").write_text(text)
    assert collect(load_folder(logs)).runs[0].stated("precision") == "bfloat16"


def test_what_is_wrong_in_an_archive_is_said(tmp_path: Path) -> None:
    for text, why in ((DECLARED.replace("a.log", "b.log"), "no log"), (b"\xff", "not UTF-8")):
        with zipfile.ZipFile(tmp_path / "hw.zip", "w") as made:
            made.writestr("a.log", LOG)
            made.writestr("declared.toml", text)
        with pytest.raises(BrokenCatalog, match=why):
            load_folder(tmp_path / "hw.zip")
