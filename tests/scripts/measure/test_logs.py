"""Logs to measure with contain runs, and fill a folder to the size asked for."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from parsers.reading import read
from scripts.measure import logs
from scripts.measure.logs import CASES, NoLogs, fill, find, joined, repeated, up_to

LOG = CASES / "cerebras_two_runs.log"


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prose.txt").write_text("nothing of a run\n")
    with pytest.raises(NoLogs, match=f"^{re.escape(str(tmp_path))}: no file in it contains a run$"):
        find(tmp_path)


def test_only_files_with_runs_are_taken(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.log").write_bytes(LOG.read_bytes())
    (tmp_path / "prose.txt").write_text("nothing of a run\n")
    assert find(tmp_path) == (f"the logs of {tmp_path.name}", [tmp_path / "deep" / "a.log"])


def test_the_cases_are_taken_where_nothing_else_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "COURSE", tmp_path / "course")
    monkeypatch.setattr(logs, "RAW_LOGS", tmp_path)
    (tmp_path / "catalog.toml").write_text("")
    assert find().title == "the tests' cases"
    assert LOG in find().paths


def test_copies_differ_and_hold_the_runs_of_the_log(tmp_path: Path) -> None:
    size = LOG.stat().st_size
    filled = fill(tmp_path / "many", islice(repeated([LOG], least=3 * size), 3))
    paths = sorted(filled.folder.iterdir())
    texts = {path.read_bytes() for path in paths}
    assert (filled.files, len(texts), filled.size) == (3, 3, sum(map(len, texts)))
    assert min(map(len, texts)) > 3 * size
    assert {len(read(path).runs) for path in paths} == {3 * len(read(LOG).runs)}


def test_a_size_is_reached_and_not_passed_by_more_than_a_log(tmp_path: Path) -> None:
    filled = fill(tmp_path / "many", up_to(10_000, repeated([LOG, CASES / "several_systems.log"])))
    last = max(filled.folder.iterdir()).stat().st_size
    assert filled.size - last < 10_000 <= filled.size


def test_one_file_holds_the_same_bytes(tmp_path: Path) -> None:
    filled = fill(tmp_path / "many", [b"a\n", b"b\n"])
    whole = joined(filled, tmp_path / "one")
    assert (whole.files, whole.size) == (1, 4)
    assert [path.read_bytes() for path in whole.folder.iterdir()] == [b"a\nb\n"]
