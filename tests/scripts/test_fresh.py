from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.store import fresh


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project: a page, a log, a parser."""
    for name, text in (("docs/a.md", "one"), ("raw_logs/x/log.txt", "two"), ("parsers/p.py", "three")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def changed(root: Path, before: fresh.State) -> bool:
    return not fresh.same(before, fresh.state(root, before))


def test_nothing_has_changed_where_files_are_only_touched(root: Path) -> None:
    before = fresh.state(root)
    assert sorted(before) == ["docs/a.md", "parsers/p.py", "raw_logs/x/log.txt"]
    os.utime(root / "docs" / "a.md", ns=(1, 1))
    os.utime(root / "raw_logs" / "x" / "log.txt", ns=(1, 1))
    assert not changed(root, before)


@pytest.mark.parametrize("name", ["docs/a.md", "raw_logs/x/log.txt", "parsers/p.py"])
def test_a_change_of_any_file_is_seen(root: Path, name: str) -> None:
    before = fresh.state(root)
    (root / name).write_text("other")
    assert changed(root, before)
    (root / name).unlink()
    assert changed(root, before)


def test_a_file_is_told_from_what_the_last_build_left(root: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.json"

    def lie_as_noted() -> list[bool]:
        names = ("docs/a.md", "docs/made.md", "docs/never.md")
        return [fresh.lies_as_noted(root / name, root, note) for name in names]

    assert lie_as_noted() == [False] * 3  # there is no note
    fresh.leave(fresh.expected(fresh.state(root), {"docs/made.md": b"made"}, []), 1, note)
    assert lie_as_noted() == [True, False, True]
    (root / "docs" / "made.md").write_text("made")
    (root / "docs" / "a.md").unlink()
    (root / "docs" / "never.md").touch()
    assert lie_as_noted() == [False, True, False]
    assert not fresh.lies_as_noted(root.parent / "elsewhere.md", root, note)


def test_a_new_file_is_seen(root: Path) -> None:
    before = fresh.state(root)
    (root / "raw_logs" / "y.txt").touch()
    assert changed(root, before)


def test_only_a_raw_log_of_the_same_size_and_time_is_believed(root: Path) -> None:
    before = fresh.state(root)
    for name, seen in before.items():
        (root / name).write_text("X" * seen.size)
        os.utime(root / name, ns=(seen.written, seen.written))
    after = fresh.state(root, before)
    assert [name for name in after if after[name] == before[name]] == ["raw_logs/x/log.txt"]


def test_a_file_that_changed_while_the_build_ran_is_a_change(root: Path) -> None:
    before = fresh.state(root)
    (root / "raw_logs" / "x" / "log.txt").write_text("changed while it ran")
    (root / "docs" / "b.md").write_text("made")
    after = fresh.expected(before, {"docs/b.md": b"made"}, ["docs/a.md"])
    (root / "docs" / "a.md").unlink()
    assert changed(root, after)
    (root / "raw_logs" / "x" / "log.txt").write_text("two")
    assert not changed(root, after)


def test_a_note_comes_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = root / ".cache" / "build.json"
    assert fresh.noted(note) is None
    before = fresh.state(root)
    fresh.leave(before, 52, note)
    assert fresh.noted(note) == (before, 52)
    assert capsys.readouterr().err == ""


def test_a_note_under_other_libraries_says_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = root / "build.json"
    fresh.leave(fresh.state(root), 1, note)
    monkeypatch.setattr(fresh, "libraries", lambda: ["another interpreter"])
    assert fresh.noted(note) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("", "Expecting value"),
        ("[]", "[] is not an object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"made": ' + "9" * 10_000 + "}", "an integer has too many digits"),
        ({"made": "many"}, "made = 'many': expected int, got str"),
        ({"files": {"docs/a.md": [1, 2]}}, "array of length 3"),
        ({"file": "x"}, "'file' is not known"),
    ],
)
def test_a_damaged_note_is_said(
    root: Path, change: str | dict[str, object], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    note = root / "build.json"
    fresh.leave(fresh.state(root), 1, note)
    note.write_text(change if isinstance(change, str) else json.dumps(json.loads(note.read_text()) | change))
    assert fresh.noted(note) is None
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert problem in told
    assert "damaged" in told


def test_it_is_told_before_any_library_of_weight_is_imported() -> None:
    heavy = "{'pandas', 'matplotlib', 'pyarrow', 'numpy', 'filelock'}"
    imports = "import sys; from scripts import build; from scripts.store import fresh"
    code = f"{imports}; fresh.state(); sys.exit(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == "set()\n"
