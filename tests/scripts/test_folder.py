from __future__ import annotations

from pathlib import Path

import pytest

from scripts.folder import load_folder
from scripts.report.results import collect
from scripts.report.run_page import sed
from tests.scripts.conftest import LOG
from tests.scripts.hostile import NAMES, hostile_folder


def test_hostile_names_are_shown_printable_and_give_ids_of_their_own(tmp_path: Path) -> None:
    hostile_folder(tmp_path)
    logs = load_folder(tmp_path)
    assert len(logs) == len(NAMES) + 2
    slugs = [log.entry.slug for log in logs]
    assert len(set(slugs)) == len(slugs)
    assert all(slug and len(slug) < 140 and set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for slug in slugs)
    assert all(log.entry.path.isprintable() for log in logs)
    assert [log.entry.path for log in logs if log.entry.path.startswith(("=", "+", "-", "@"))] == []


def test_ids_of_names_that_differ_in_their_signs_alone_stay_apart(tmp_path: Path) -> None:
    for name in ("a b.log", "a-b.log", "a-b.txt", "c.log"):
        (tmp_path / name).write_text(LOG)
    assert [log.entry.slug for log in load_folder(tmp_path)] == ["a-b-log", "a-b-log-2", "a-b-txt", "c"]


def test_a_command_that_is_shown_runs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "$(reboot) x.log").write_text(LOG)
    (run,) = collect(load_folder(tmp_path)).runs
    assert sed(run, 4) == "sed -n 4p '$(reboot) x.log'"


def test_what_holds_no_run_is_named_on_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.log").write_text(LOG)
    (tmp_path / "b\n\x1b[31m.log").write_text("nothing\n")
    load_folder(tmp_path)
    assert capsys.readouterr().err == "b\\n\\x1b[31m.log: no line of a known log\n"
