from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from scripts import build, catalog, fresh
from scripts.build import MANIFEST, check, put
from scripts.catalog import DOCS
from scripts.files import LOCK
from scripts.logs import load_log
from scripts.report.render import Rendered, render
from scripts.report.results import Results, collect
from scripts.report.verification import last
from tests.scripts.conftest import LOG
from tests.scripts.test_transcribe import ORIGINALS


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    made = (DOCS / MANIFEST).read_text().splitlines()
    paths = {path.relative_to(DOCS).as_posix(): path for path in DOCS.rglob("*.md")}
    return {page: path.read_text() for page, path in paths.items() if page not in made}


@pytest.fixture(scope="module")
def rendered(results: Results, pages: dict[str, str]) -> Rendered:
    return render(results, pages, last(DOCS))


def test_the_committed_pages_are_what_the_build_makes(rendered: Rendered) -> None:
    assert check(DOCS, rendered) == []


def test_building_twice_changes_nothing(rendered: Rendered, tmp_path: Path) -> None:
    written, removed = put(tmp_path, rendered)
    assert (len(written), removed) == (len(rendered.files), [])
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert put(tmp_path, rendered) == ([], [])
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == times


def test_rendering_filled_pages_again_gives_the_same_bytes(results: Results, rendered: Rendered) -> None:
    again = render(results, {page: content.decode() for page, content in rendered.filled.items()}, last(DOCS))
    assert again.files == rendered.files


def test_what_is_no_longer_made_is_removed_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, Rendered({"runs/a-1.md": b"a", "runs/b-1.md": b"b"}, {}))
    (tmp_path / "mine.md").write_text("mine")
    fewer = Rendered({"runs/a-1.md": b"a"}, {})
    assert check(tmp_path, fewer) == ["runs/b-1.md (no longer made)"]
    assert put(tmp_path, fewer) == ([], ["runs/b-1.md"])
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [MANIFEST, LOCK, "a-1.md", "mine.md"]


def test_check_names_what_is_stale_and_writes_nothing(tmp_path: Path) -> None:
    put(tmp_path, Rendered({"a.md": b"a", "b.md": b"b"}, {}))
    (tmp_path / "a.md").write_text("edited")
    (tmp_path / "b.md").unlink()
    assert check(tmp_path, Rendered({"a.md": b"a", "b.md": b"b"}, {})) == ["a.md", "b.md"]
    assert (tmp_path / "a.md").read_text() == "edited"


def test_the_command_says_what_it_read_and_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--check"]) == 0
    assert "0 stale" in capsys.readouterr().out


def test_another_folder_of_logs_gets_the_pages_made_by_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs, out = tmp_path / "logs", tmp_path / "out"
    (logs / "deep").mkdir(parents=True)
    (logs / "a.txt").write_text(LOG)
    (logs / "a.log").write_text(LOG.replace("97.25", "96.00"))
    (logs / "deep" / "b.txt").write_text(LOG.replace("701", "702"))
    (logs / "notes.md").write_text("# Notes\n")
    assert build.main(["--logs", str(logs), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "runs      3" in said.out
    assert "notes.md: no line of a known log" in said.err
    assert sorted(path.name for path in (out / "runs").iterdir()) == [
        "a-log-1.md",
        "a-txt-1.md",
        "deep-b-1.md",
        "index.md",
    ]
    assert "96.00" in (out / "runs" / "a-log-1.md").read_text()
    assert "| Graphcore | <code>3</code> |" in (out / "index.md").read_text()
    compared = (out / "compare.md").read_text()
    assert "| <code>completed</code> | <code>3</code> |" in compared
    assert "| [<code>test&#95;accuracy</code>](glossary.md#test_accuracy) | <code>3</code> |" in compared
    assert "on&#95;chip" not in compared
    assert (out / "assets" / "report.css").read_bytes() == (DOCS / "assets" / "report.css").read_bytes()


def test_every_page_that_a_report_on_another_folder_links_to_is_in_it(tmp_path: Path) -> None:
    logs, out = tmp_path / "logs", tmp_path / "out"
    logs.mkdir()
    (logs / "a.log").write_text(LOG)
    assert build.main(["--logs", str(logs), "--out", str(out)]) == 0
    linked = {
        (page.parent / target).resolve()
        for page in out.rglob("*.md")
        for target in re.findall(r"\]\(([^)#:]+\.md)[)#]", page.read_text())
    }
    assert out / "constants.md" in linked
    assert [path for path in linked if not path.is_file()] == []


@pytest.mark.parametrize("out", [[], ["--out", str(DOCS)], ["--out", str(DOCS / "data" / "..")]])
def test_another_folder_of_logs_does_not_take_the_place_of_the_catalogs_pages(
    out: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "_build", lambda *_: pytest.fail("this would write to docs"))
    with pytest.raises(SystemExit) as stop:
        build.main(["--logs", str(tmp_path), *out])
    assert stop.value.code == 2
    assert "--logs needs --out FOLDER" in capsys.readouterr().err


def test_a_page_that_is_not_utf_8_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.md").write_bytes(b"gr\xf6\xdfer\n")
    monkeypatch.setattr(build, "DOCS", tmp_path)
    assert build.main(["--check"]) == 1
    assert f"error: {tmp_path / 'mine.md'}: not UTF-8 (invalid" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied", "docs/a.md"), "docs/a.md: cannot be read (Permission denied)"),
        (OSError(5, "Input/output error"), "a file: cannot be read (Input/output error)"),
    ],
)
def test_what_cannot_be_read_is_said_before_anything_is_built(
    error: OSError, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_path: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(fresh, "noted", lambda: None)
    assert build.main([]) == 1
    assert capsys.readouterr().err == f"error: {said}\n"


def test_a_folder_without_logs_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--logs", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "no file in it holds a run" in capsys.readouterr().err
    assert build.main(["--logs", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 1
    assert "no such folder" in capsys.readouterr().err


def test_a_kept_log_has_a_page_with_its_lines(tmp_path: Path) -> None:
    folder = tmp_path / "raw_logs"
    shutil.copytree(catalog.RAW_LOGS, folder)
    (folder / "own").mkdir()
    (folder / "own" / "mine.log").write_text(LOG + "<b>bold</b> <!-- end -->\n")
    entry = '\n[[log]]\npath = "own/mine.log"\nsystem = "Graphcore"\nsha256 = "{}"\nsize = {}\n'
    tail = 'url = ""\nauthor = "us"\nnote = ""\nkept = true\n'
    text = (folder / "own" / "mine.log").read_bytes()
    sha = hashlib.sha256(text).hexdigest()
    with (folder / "catalog.toml").open("a") as file:
        file.write(entry.format(sha, len(text)) + tail)
    made = render(collect(load_log(entry, folder) for entry in catalog.load(folder)), {}).made
    page = made["logs/own-mine.md"].decode()
    assert "exclude: true" in page
    assert '<span id="L4" class=cited>Accuracy on test set: 97.25%</span>' in page
    assert "<b>" not in page
    run = made["runs/own-mine-1.md"].decode()
    assert "[97.25](../logs/own-mine.md#L4)" in run


@pytest.mark.originals
@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the original logs are not at hand")
def test_originals_and_transcriptions_give_the_same_bytes(
    rendered: Rendered, pages: dict[str, str], tmp_path: Path
) -> None:
    shutil.copy(catalog.RAW_LOGS / "catalog.toml", tmp_path)
    for entry in catalog.load():
        path = entry.original(tmp_path)
        path.parent.mkdir(exist_ok=True)
        shutil.copy(entry.original(catalog.RAW_LOGS) if entry.kept else ORIGINALS / path.name, path)
    logs = [load_log(entry, tmp_path) for entry in catalog.load(tmp_path)]
    assert all(log.from_original for log in logs)
    assert render(collect(logs), pages, last(DOCS)).files == rendered.files
