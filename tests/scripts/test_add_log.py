from __future__ import annotations

import gzip
import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts import ROOT, add_log
from scripts.logs import catalog
from scripts.logs.load import load_log
from tests.scripts.conftest import LOG, catalog_text

PRIVATE_LOG = f"jdoe@janes-laptop:~$ cat log\n{LOG}saved to /home/jdoe/mnist.pt from 10.1.2.3\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A log of one's own, of which a good deal is private."""
    path = tmp_path / "My run (jdoe).log"
    path.write_text(PRIVATE_LOG)
    return path


def added(folder: Path, *arguments: str | Path) -> int:
    return add_log.main(["--logs", str(folder), *map(str, arguments)])


def test_a_log_is_shown_copied_with_stand_ins_and_listed(
    folder: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "catalog.toml").read_text() + "# a comment\n"
    (folder / "catalog.toml").write_text(before)
    assert added(folder, own, "--author", "handle", "--note", 'a "note"\n') == 0
    out = capsys.readouterr().out
    assert "Graphcore" in out
    assert "1: lines 2-6 completed" in out
    assert "account 1, host name 1, home path 1, IP address 1" in out
    copy = folder / "graphcore" / "My-run-user1.log"
    text = copy.read_text()
    assert text == f"user1@host1:~$ cat log\n{LOG}saved to /home/user1/mnist.pt from 192.0.2.1\n"
    assert (folder / "catalog.toml").read_text().startswith(before)
    entry = catalog.load(folder)[1]
    assert (entry.path, entry.system, entry.kept) == ("graphcore/My-run-user1.log", "Graphcore", True)
    assert (entry.author, entry.note) == ("handle", 'a "note" ')
    assert entry.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert entry.original_sha256 == hashlib.sha256(PRIVATE_LOG.encode()).hexdigest()
    assert load_log(entry, folder).lines[5].startswith("saved to /home/user1")


def test_a_dry_run_shows_each_changed_line_and_writes_nothing(
    folder: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert added(folder, own, "--dry-run") == 0
    out = capsys.readouterr().out
    assert "@@ 6 @@\n-saved to /home/jdoe/mnist.pt from 10.1.2.3\n+saved to /home/user1/mnist.pt from 192.0.2.1" in out
    assert out.count("@@") == 4
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_adding_again_does_nothing(folder: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(folder, own)
    before = (folder / "catalog.toml").read_bytes()
    assert added(folder, own) == 0
    assert "already in the catalog" in capsys.readouterr().out
    assert (folder / "catalog.toml").read_bytes() == before


def test_an_addition_that_was_cut_short_is_completed(folder: Path, own: Path) -> None:
    added(folder, own)
    (folder / "catalog.toml").write_text(catalog_text())
    assert added(folder, own) == 0
    assert len(catalog.load(folder)) == 2


def test_nothing_is_overwritten(folder: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = folder / "graphcore" / "My-run-user1.log"
    other.parent.mkdir()
    other.write_text("other")
    assert added(folder, own) == 1
    said = capsys.readouterr().err
    assert "the name graphcore/My-run-user1.log is taken by another log, which stays as it is" in said
    assert f"use: python -m scripts.add_log --name My-run-user1-2.log '{own}'\n" in said
    assert (other.read_text(), len(catalog.load(folder))) == ("other", 1)
    assert added(folder, own, "--name", "mine.log") == 0
    assert catalog.load(folder)[1].path == "graphcore/mine.log"


def test_runs_of_the_same_id_are_refused(folder: Path, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert added(folder, own, "--name", "session.log") == 1
    assert f"use: python -m scripts.add_log --name session-2.log '{own}'\n" in capsys.readouterr().err
    assert not (folder / "graphcore").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no log\n", "not a recognised log"),
        (LOG + "USER=Accuracy\n", "line 4: the fact "),
        ("", "empty file"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_the_others_are(
    folder: Path, own: Path, tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.log").write_text(text)
    assert added(folder, tmp_path / "bad.log", own, tmp_path / "none.log") == 1
    err = capsys.readouterr().err
    assert f"bad.log: {said}" in err
    assert "none.log: no such file" in err
    assert len(catalog.load(folder)) == 2


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("-rf", "rf"),
        ("..log", "log"),
        ("a\nb\x1b[31m.log", "a-b-31m.log"),
        ("=cmd|' -C calc'!A0.log", "cmd--C-calc-A0.log"),
        ("<script>.log", "script.log"),
        ("x" * 250 + ".log", "x" * 100 + ".log"),
        ("記録.log", "log"),
        ("mine.log.gz", "mine.log"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(folder: Path, tmp_path: Path, name: str, copy: str) -> None:
    data = PRIVATE_LOG.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert add_log.main(["--logs", str(folder), "--", str(tmp_path / name)]) == 0
    assert catalog.load(folder)[1].path == f"graphcore/{copy}"


def test_git_keeps_the_copy_though_it_ignores_originals(folder: Path, own: Path) -> None:
    (folder.parent / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    subprocess.run(["git", "init", "-q"], cwd=folder.parent, check=True)
    added(folder, own)
    (folder / "graphcore" / "original.txt").write_text("another's")
    listed = ["git", "ls-files", "--others", "--exclude-standard", "raw_logs"]
    told = subprocess.run(listed, cwd=folder.parent, check=True, capture_output=True, text=True).stdout.split()
    assert told == ["raw_logs/.gitignore", "raw_logs/catalog.toml", "raw_logs/graphcore/My-run-user1.log"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--name", "x", "a.log", "b.log"), "--name goes with one file"),
        (("--name", "x", "."), "--name goes with one file"),
        (("--replace-transcription", "--author", "x", "a.log"), "keeps the name, author and note of the catalog"),
    ],
)
def test_options_that_do_not_go_together_are_named(
    folder: Path, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(folder, *options) == 2
    assert said in capsys.readouterr().err


def logs_in(folder: Path, **logs: str) -> Path:
    """Return a new folder with a folder of each name; each has a run.log with a text after its run."""
    for number, (name, text) in enumerate(logs.items()):
        (folder / name).mkdir(parents=True)
        (folder / name / "run.log").write_text(f"{LOG.replace('701', str(800 + number))}{text}\n")
    return folder


def test_what_one_log_betrays_is_replaced_in_all_logs_of_a_call(folder: Path, tmp_path: Path) -> None:
    mine = logs_in(
        tmp_path / "mine",
        a="jdoe was here, and msmith on janes-laptop",  # betrays nothing by itself
        b="saved to /home/jdoe/mnist.pt",
        c="USER=msmith\nHOSTNAME=janes-laptop",
    )
    assert added(folder, *(mine / name / "run.log" for name in "abc")) == 0
    last_lines = [
        (folder / entry.path).read_text().splitlines()[4:]
        for entry in catalog.load(folder)
        if entry.path != "graphcore/session.txt"
    ]
    user, other, host = "user1", "user2", "host1"
    assert last_lines == [
        [f"{user} was here, and {other} on {host}"],
        [f"saved to /home/{user}/mnist.pt"],
        [f"USER={other}", f"HOSTNAME={host}"],
    ]


def test_a_folder_is_walked_and_files_without_a_run_are_skipped(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = logs_in(tmp_path / "mine", a="")
    (mine / "notes.txt").write_text("nothing\n")
    (mine / "a" / "empty").touch()
    (mine / "loop").symlink_to(mine)
    assert added(folder, mine) == 0
    assert [entry.path for entry in catalog.load(folder)] == ["graphcore/session.txt", "graphcore/run.log"]
    assert capsys.readouterr().err.splitlines() == [
        f"skipped: {mine / 'a' / 'empty'}: empty file",
        f"skipped: {mine / 'loop'}: a link to a folder, which is not followed",
        f"skipped: {mine / 'notes.txt'}: not a recognised log",
    ]


def test_a_folder_with_a_refused_log_gives_1_and_the_others_are_added(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = logs_in(tmp_path / "mine", bad="USER=Accuracy", good="")
    assert added(folder, mine) == 1
    assert f"error: {mine / 'bad' / 'run.log'}: line 4: the fact " in capsys.readouterr().err
    assert [entry.path for entry in catalog.load(folder)[1:]] == ["graphcore/run.log"]


def test_a_folder_without_a_log_gives_1(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert added(folder, tmp_path / "empty") == 1
    assert "no file in it holds a run" in capsys.readouterr().err


def test_logs_of_one_name_are_told_apart_by_their_folders(folder: Path, tmp_path: Path) -> None:
    mine = logs_in(tmp_path / "mine", monday="", tuesday="", wednesday="")
    logs_in(mine / "again", monday="again")
    assert added(folder, mine) == 0
    assert [entry.path for entry in catalog.load(folder)[1:]] == [
        "graphcore/again-monday-run.log",
        "graphcore/mine-monday-run.log",
        "graphcore/tuesday-run.log",
        "graphcore/wednesday-run.log",
    ]


def test_an_account_in_the_path_of_a_log_is_not_in_the_name_of_its_copy(folder: Path, tmp_path: Path) -> None:
    mine = logs_in(tmp_path / "home", jdoe="", msmith="")
    assert added(folder, mine) == 0
    names = [entry.path for entry in catalog.load(folder)[1:]]
    assert names == ["graphcore/user1-run.log", "graphcore/user2-run.log"]


def test_logs_that_their_folders_do_not_tell_apart_are_told_by_command(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = logs_in(tmp_path / "mine", a="")
    (mine / "a" / "run.txt").write_text(LOG + "another\n")
    assert added(folder, mine) == 1
    assert f"--name run-2.txt {mine / 'a' / 'run.txt'}\n" in capsys.readouterr().err
    assert added(folder, "--name", "run-2.txt", mine / "a" / "run.txt") == 0
    assert len(catalog.load(folder)) == 3


ONE = LOG.replace("701", "703")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of two logs and prose, as it is handed in."""
    path = tmp_path / "hw.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("hw/one.log", ONE)
        made.writestr("hw/two.log", PRIVATE_LOG.replace("701", "702"))
        made.writestr("hw/readme.md", "prose\n")
    return path


def test_each_log_of_an_archive_is_added(folder: Path, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert added(folder, archive) == 0
    assert f"skipped: {archive}!hw/readme.md: " in capsys.readouterr().err
    assert (folder / "graphcore" / "one.log").read_text() == ONE
    assert "saved to /home/user1/mnist.pt" in (folder / "graphcore" / "two.log").read_text()
    assert [entry.path for entry in catalog.load(folder)[1:]] == ["graphcore/one.log", "graphcore/two.log"]


def test_one_log_of_an_archive_is_added_under_a_name(
    folder: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert added(folder, archive, "--name", "x.log") == 2
    assert "name one file of the archive" in capsys.readouterr().err
    assert added(folder, f"{archive}!hw/none.log") == 1
    assert "no such file in the archive" in capsys.readouterr().err
    assert added(folder, f"{archive}!hw/one.log", "--name", "x.log") == 0
    assert (folder / "graphcore" / "x.log").read_text() == ONE
    assert not (folder / "graphcore" / "two.log").exists()


def test_an_archive_without_a_run_is_an_error(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(tmp_path / "prose.zip", "w") as made:
        made.writestr("a.txt", "prose\n")
    assert added(folder, tmp_path / "prose.zip") == 1
    assert capsys.readouterr().err.startswith("error: ")
