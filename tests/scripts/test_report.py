"""The command that reports on other logs: what it makes, and what it never touches."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.logs import folder
from scripts.logs.catalog import DOCS
from scripts.logs.folder import load_folder
from scripts.report import __main__ as command
from scripts.report.__main__ import LIST
from scripts.report.__main__ import main as report
from scripts.report.answers import Answers
from scripts.report.derive import derive
from scripts.report.figures import pictures
from scripts.report.quantities import quantities
from scripts.report.results import collect
from scripts.store.files import LOCK, STAGE
from tests.made import untitled
from tests.scripts.conftest import LOG


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by path, without the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder of one log."""
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.log").write_text(LOG)
    return folder


@pytest.fixture
def without_mkdocs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let copies of the pages stand for the site, which takes a second less."""

    def build(pages: Path, site: Path) -> None:
        site.mkdir()
        shutil.copy(pages / "index.md", site / "index.html")
        for page in (pages / "runs").glob("*.md"):
            (site / page.stem).mkdir()
            shutil.copy(page, site / page.stem / "index.html")

    monkeypatch.setattr(command, "build_site", build)


def test_another_folder_of_logs_gets_the_pages_made_by_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs, out = tmp_path / "logs", tmp_path / "out" / "pages"
    (logs / "deep").mkdir(parents=True)
    (logs / "a.txt").write_text(LOG)
    (logs / "a.log").write_text(LOG.replace("97.25", "96.00"))
    (logs / "deep" / "b.txt").write_text(LOG.replace("701", "702"))
    (logs / "notes.md").write_text("# Notes\n")
    assert report([str(logs), str(out.parent)]) == 0
    said = capsys.readouterr()
    assert "runs      3" in said.out
    assert "notes.md: not a recognised log" in said.err
    assert sorted(path.name for path in (out / "runs").iterdir()) == [
        "a-log-1.md",
        "a-txt-1.md",
        "deep-b-1.md",
        "index.md",
    ]
    assert "96.00" in (out / "runs" / "a-log-1.md").read_text()
    home = untitled((out / "index.md").read_text())
    assert "Logs: [3](runs/index.md#count-logs). Runs: [3](runs/index.md#count-runs)" in home
    assert "96.00" in (out / "graphcore.md").read_text()
    compared = (out / "compare.md").read_text()
    assert "| completed | [3](runs/index.md#count-graphcore-completed)" in untitled(compared)
    assert "[<code>test&#95;accuracy</code>](glossary.md#test_accuracy)" in compared
    assert "on&#95;chip" not in compared
    for name in ("report.css", "report.js", "card.js"):
        assert (out / "assets" / name).read_bytes() == (DOCS / "assets" / name).read_bytes()


def test_every_page_that_a_report_on_another_folder_links_to_is_in_it(tmp_path: Path) -> None:
    logs, out = tmp_path / "logs", tmp_path / "out" / "pages"
    logs.mkdir()
    (logs / "a.log").write_text(LOG)
    assert report([str(logs), str(out.parent)]) == 0
    linked = {
        (page.parent / target).resolve()
        for page in out.rglob("*.md")
        for target in re.findall(r"\]\(([^)#: ]+\.md)[)# ]", page.read_text())
    }
    assert out / "constants.md" in linked
    assert [path for path in linked if not path.is_file()] == []


def test_a_folder_without_logs_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    assert report([str(logs), str(tmp_path / "out")]) == 1
    assert "no file in it holds a run" in capsys.readouterr().err
    assert report([str(tmp_path / "none"), str(tmp_path / "out")]) == 1
    assert "no such file or folder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_report_is_built_inside_its_folder_and_once_more_changes_nothing(logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    before = tree(out)
    assert sorted(path.name for path in out.iterdir()) == [LOCK, LIST, "pages", "site"]
    assert b"97.25" in before["site/runs/a-1/index.html"]
    assert sorted(set(before) - {LIST}) == before[LIST].decode().splitlines()
    times = {name: (out / name).stat().st_mtime_ns for name in before}
    assert report([str(logs), str(out)]) == 0
    assert tree(out) == before
    assert {name: (out / name).stat().st_mtime_ns for name in before} == times
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "out"]


@pytest.mark.parametrize(
    "name",
    ["two words", 'it\'s "quoted"', "größe 記録", "-rf", "a$(reboot)`x`;b", "$HOME", "a\nb", "a: b # c", "\udcff"],
)
def test_any_path_will_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / f"{name}.log").write_text(LOG)
    monkeypatch.chdir(tmp_path)
    assert report(["--", name, f"{name}2"]) == 0
    one = tree(tmp_path / f"{name}2")
    assert "site/index.html" in one
    assert report([str(tmp_path / name), str(tmp_path / "absolute")]) == 0
    assert one == tree(tmp_path / "absolute")


@pytest.mark.parametrize("lock", ["mine", None])
def test_a_lock_of_somebody_else_is_not_touched(lock: str | None, logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "precious").write_text("precious")
    if lock is None:
        (out / LOCK).symlink_to(tmp_path / "precious")
    else:
        (out / LOCK).write_text(lock)
    before = tree(tmp_path), (out / LOCK).read_text()
    assert report([str(logs), str(out)]) == 1
    (out / LIST).touch()  # marked as a report, it is still not what a report leaves
    if lock is None:
        assert report([str(logs), str(out)]) == 1
    (out / LIST).unlink()
    assert (tree(tmp_path), (out / LOCK).read_text()) == before


@pytest.mark.parametrize("name", ["two words", "it's", "-rf", "a$b"])
def test_make_hands_paths_on_as_they_are(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "a.log").write_text(LOG)
    done = make(f"LOGS={tmp_path / name}", f"OUT={tmp_path / name}2")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"{name}2" / "site" / "index.html").is_file()


@pytest.mark.parametrize("given", [[], ["LOGS=x"], ["OUT=x"]])
def test_make_says_what_is_missing(given: list[str]) -> None:
    done = make(*given)
    assert done.returncode == 2
    assert "an empty path; name LOGS, then OUT (make report LOGS=FOLDER OUT=FOLDER)" in done.stderr
    assert "Traceback" not in done.stderr


def make(*given: str) -> subprocess.CompletedProcess[str]:
    """Run `make report` with this interpreter, and without installing anything."""
    line = ["make", "-s", "-o", ".venv/site.stamp", f"RUN={sys.executable} -m", "report", *given]
    environment = {name: value for name, value in os.environ.items() if name not in ("LOGS", "OUT")}
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["logs"], ["", "out"], ["logs", ""], ["logs", "out", "more"]])
def test_both_paths_are_needed(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        report(arguments)
    assert stop.value.code == 2


@pytest.mark.usefixtures("without_mkdocs")
def test_one_log_is_enough(logs: Path, tmp_path: Path) -> None:
    assert report([str(logs / "a.log"), str(tmp_path / "out")]) == 0
    assert "97.25" in (tmp_path / "out" / "pages" / "runs" / "a-1.md").read_text()


@pytest.mark.parametrize(
    "out", [ROOT, ROOT / ".", DOCS, DOCS / "data" / "..", DOCS / "new", ROOT / "scripts" / "new", Path("/")]
)
def test_the_projects_own_folders_are_refused(
    out: Path, logs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "publish", lambda *_: pytest.fail("this would write to a folder of somebody else"))
    assert report([str(logs), str(out)]) == 1
    assert f"error: {out}: " in capsys.readouterr().err


@pytest.mark.parametrize("out", [".", "..", "logs", "logs/deep", "link", "link/deep", "full", "full/file", "site"])
def test_a_folder_that_holds_something_else_is_refused(
    out: str, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("full/file", "site/index.html", "site/mine.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    (tmp_path / "link").symlink_to("logs")
    before = tree(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert report([str(logs), out]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"error: {out}: ")
    assert "name a" in told
    assert tree(tmp_path) == before


@pytest.mark.usefixtures("without_mkdocs")
def test_a_file_of_somebody_else_survives(logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    mine = ("mine.txt", "site/mine.html", "pages/runs/mine.md", "site/a-1/mine.html")
    for name in mine:
        (out / name).write_text("mine")
    (logs / "a.log").rename(logs / "b.log")
    assert report([str(logs), str(out)]) == 0
    after = tree(out)
    assert [after.get(name) for name in mine] == [b"mine"] * 4
    assert "pages/runs/a-1.md" not in after
    assert "site/a-1/index.html" not in after
    assert "site/b-1/index.html" in after


@pytest.mark.usefixtures("without_mkdocs")
@pytest.mark.parametrize("name", ["pages/runs/c-1.md", "site/c-1/index.html"])
def test_a_file_of_somebody_else_in_a_place_that_is_needed_is_refused(
    name: str, logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    (logs / "c.log").write_text(LOG)
    before = tree(out)
    capsys.readouterr()
    assert report([str(logs), str(out)]) == 1
    assert capsys.readouterr().err == (
        f"error: {out / name}: is not a file that this command made; it stays as it is. Move it away, and try again\n"
    )
    assert tree(out) == before


@pytest.mark.usefixtures("without_mkdocs")
def test_folders_that_are_empty_afterwards_go(logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    (logs / "a.log").rename(logs / "b.log")
    assert report([str(logs), str(out)]) == 0
    assert not (out / "site" / "a-1").exists()


@pytest.mark.usefixtures("without_mkdocs")
@pytest.mark.parametrize(
    "line", ["../precious", "pages/../../precious", "{top}/precious", "site/out/precious", "site/a\x00b", "", "{list}"]
)
def test_a_list_that_leads_out_removes_nothing(
    line: str, logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    (tmp_path / "precious").write_text("precious")
    (out / "site" / "out").symlink_to(tmp_path)
    with (out / LIST).open("a") as file:
        file.write(line.format(top=tmp_path, list=LIST) + "\n")
    (logs / "b.log").write_text(LOG)
    before = tree(tmp_path)
    capsys.readouterr()
    assert report([str(logs), str(out)]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"error: {out / LIST}:")
    assert tree(tmp_path) == before


@pytest.mark.usefixtures("without_mkdocs")
def test_a_place_that_a_link_leads_out_of_is_not_written_to(
    logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    shutil.move(out / "site", tmp_path / "elsewhere")
    (out / "site").symlink_to(tmp_path / "elsewhere")
    before = tree(tmp_path / "elsewhere")
    (logs / "a.log").write_text(LOG.replace("97.25", "96.25"))
    assert report([str(logs), str(out)]) == 1
    assert "leads out of" in capsys.readouterr().err
    assert tree(tmp_path / "elsewhere") == before


@pytest.mark.usefixtures("without_mkdocs")
def test_what_a_killed_report_left_is_removed(logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / STAGE / "pages").mkdir(parents=True)
    (out / STAGE / "pages" / "half.md").write_text("half")
    (out / LIST).write_text("")
    (out / LOCK).touch()
    assert report([str(logs), str(out)]) == 0
    assert not (out / STAGE).exists()
    assert "pages/half.md" not in tree(out)


def test_what_mkdocs_says_is_told_and_the_report_stays(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert report([str(logs), str(out)]) == 0
    before = tree(out)
    (tmp_path / "wrong.yml").write_text(
        "site_name: Logs\ntheme:\n  name: none-such\ndocs_dir: !ENV PAGES\nsite_dir: !ENV SITE\n"
    )
    monkeypatch.setattr(command, "CONFIG", tmp_path / "wrong.yml")
    (logs / "a.log").write_text(LOG.replace("97.25", "96.25"))
    capsys.readouterr()
    assert report([str(logs), str(out)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "error: MkDocs cannot build the site:"
    assert any("none-such" in line for line in told)
    assert len(told) <= 21
    assert tree(out) == before


@pytest.mark.usefixtures("without_mkdocs")
def test_odd_files_have_a_sentence_each_and_the_rest_is_reported(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(logs / "pipe")
    (logs / "itself").symlink_to("itself")
    (logs / "around").symlink_to(".")
    (logs / "nowhere").symlink_to("none")
    (logs / "device").symlink_to(os.devnull)
    with (logs / "sparse").open("wb") as file:
        file.truncate(40 << 30)
    monkeypatch.chdir(logs)  # so that the path of the socket is short enough
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert report([str(logs), str(tmp_path / "out")]) == 0
    told = dict(line.split(": ", 1) for line in capsys.readouterr().err.splitlines())
    assert told["around"] == "a link to a folder, which is not followed"
    assert "Too many levels of symbolic links" in told["itself"]
    assert "larger than" in told["sparse"]
    assert "no such file" in told["nowhere"]
    assert all("pipe" in told[name] or "device" in told[name] for name in ("pipe", "device", "socket"))
    assert len(told) == 7
    assert (tmp_path / "out" / "pages" / "runs" / "a-1.md").is_file()


@pytest.mark.usefixtures("without_mkdocs")
def test_a_file_that_goes_while_the_folder_is_read_has_a_sentence(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(folder, "walked", lambda path: [path / "a.log", path / "b.log"])
    assert report([str(logs), str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err == "b.log: no such file\n"


def test_a_catalog_that_is_a_pipe_is_said(logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(logs / "catalog.toml")
    assert report([str(logs), str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == (f"error: {logs / 'catalog.toml'}: not a file but a pipe, a device or a socket\n")


ODD_NUMBERS = ("1e308", "-1e308", "1e400", "nan", "inf", "-inf", "-0", "5e-324", "1e-400", "9" * 5000, "1e999999999")


def _odd_logs(number: str) -> dict[str, str]:
    """Return a log of each system's kind that says a number wherever one stands."""
    stamp = "2024-05-01 10:00:00,250 INFO:   "
    train = "| Train Device=CSX, Step={}, Loss={}, Rate={}"
    rates = f" samples/sec, GlobalRate={number} samples/sec"
    cerebras = ["Effective batch size is 512.", "Compiling the model.", "Beginning appliance run"]
    cerebras += [train.format(1, "9.5", number) + rates, train.format(2, number, number) + rates]
    cerebras += [train.format("9" * 400, "8.5", number) + rates, f"Processed 1024 sample(s) in {number} seconds."]
    table = "|Source |end-to-end latency (ms)|end-to-end IPS|on-chip latency (ms)|on-chip IPS|"
    return {
        "cerebras.log": "".join(f"{stamp}{line}\n" for line in cerebras),
        "graphcore.log": LOG.replace("97.25", number).replace("10.25", number),
        "groq.log": f'Building "bert_tiny"\nRunning inference on GroqChip\n{table}\n|cpu|2.5|400.5|--|--|\n'
        f"|groq|{number}|{number}|{number}|{number}|\n+----+\nProof point a finished!\n",
        "sambanova.log": f"SLURM_NTASKS=1\nRUN COMMAND: python a.py run -b {number} --learning_rate {number}\n"
        f"inner train loop time : {number} for 1 epochs, number of global steps: {number}, "
        f"e2e samples_per_sec: {number}\n",
    }


@pytest.mark.usefixtures("without_mkdocs")
@pytest.mark.parametrize("number", ODD_NUMBERS, ids=lambda number: number[:12])
def test_an_odd_number_stops_no_report(number: str, logs: Path, tmp_path: Path) -> None:
    for name, text in _odd_logs(number).items():
        (logs / name).write_text(text)
    assert report([str(logs), str(tmp_path / "out")]) == 0
    pages = tmp_path / "out" / "pages" / "runs"
    assert "97.25" in (pages / "a-1.md").read_text()
    assert {path.name for path in pages.glob("*-1.md")} >= {"a-1.md", "cerebras-1.md", "graphcore-1.md", "groq-1.md"}
    results = collect(load_folder(logs))
    assert pictures(Answers(results, quantities(results, derive(results), ())))


@pytest.mark.usefixtures("without_mkdocs")
def test_what_is_private_in_a_report_is_counted_and_placed_but_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "clean.log").write_text(LOG)
    run = 'Building "bert_tiny"\nRunning inference on GroqChip\nError: cannot open /home/jdoe/model.onnx\n'
    (logs / "private.log").write_text(f"# mail jdoe@example.org\n{run}")
    (logs / "user-jdoe.log").write_text(run)
    assert report([str(logs), str(tmp_path / "out")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("warning: the report shows private things (")
    assert any(line.startswith("  private.log:4: ") for line in told)
    assert any(line.startswith("  user-jdoe.log:3: ") for line in told)
    assert not any("clean.log" in line or "private.log:1:" in line for line in told)
    assert "jdoe@" not in "".join(told)
    assert "/home/jdoe" not in "".join(told)
    assert told[-1] == "To share it, make redacted copies of the logs with `python -m scripts.add_log`."
