from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from scripts.logs.folder import load_folder
from scripts.logs.owners import owned
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
    assert capsys.readouterr().err == "b\\n\\x1b[31m.log: not a recognised log\n"


def test_an_archive_gives_a_log_for_each_file_that_holds_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").mkdir()
    with zipfile.ZipFile(tmp_path / "logs" / "hw.zip", "w") as archive:
        for name, text in (("a.log", LOG), ("deep/b.log", LOG), ("prose.md", "nothing\n"), ("../c.log", LOG)):
            archive.writestr(name, text)
    logs = load_folder(tmp_path / "logs")
    assert [log.entry.path for log in logs] == ["hw.zip!a.log", "hw.zip!deep/b.log"]
    assert [log.entry.slug for log in logs] == ["hw-zip-a", "hw-zip-deep-b"]
    assert capsys.readouterr().err.splitlines() == [
        "hw.zip!prose.md: not a recognised log",
        "hw.zip!../c.log: its name leads out of the archive; not read",
    ]
    assert [log.entry.path for log in load_folder(tmp_path / "logs" / "hw.zip")] == [log.entry.path for log in logs]
    (alone,) = load_folder(tmp_path / "logs" / "hw.zip!deep" / "b.log")
    assert alone.facts.runs == logs[1].facts.runs


def test_people_may_hand_in_archives(tmp_path: Path) -> None:
    (tmp_path / "course" / "dora").mkdir(parents=True)
    (tmp_path / "course" / "dora" / "my.zip!b.log").write_text(LOG)
    for name in ("ann.zip", "bob.tar.gz"):
        (tmp_path / "a.log").write_text(LOG)
        if name == "ann.zip":
            with zipfile.ZipFile(tmp_path / "course" / name, "w") as archive:
                archive.write(tmp_path / "a.log", "hw/a.log")
        else:
            with tarfile.open(tmp_path / "course" / name, "w:gz") as made:
                made.add(tmp_path / "a.log", "./a.log")
    logs = owned(load_folder(tmp_path / "course"), "folders")
    assert [(log.entry.author, log.entry.path) for log in logs] == [
        ("ann", "ann.zip!hw/a.log"),
        ("bob", "bob.tar.gz!a.log"),
        ("dora", "dora/my.zip!b.log"),
    ]


def test_one_archive_may_hold_a_whole_course(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as archive:
        for name in ("ann/a.log", "bob/deep/a.log", "c.log"):
            archive.writestr(name, LOG)
    logs = owned(load_folder(tmp_path / "course.zip"), "folders")
    assert [log.entry.author for log in logs] == ["ann", "bob", ""]
