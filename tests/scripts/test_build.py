from __future__ import annotations

import hashlib
import html
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from scripts import ROOT, build
from scripts.build import MANIFEST, check, check_beside, put, put_beside
from scripts.logs import catalog
from scripts.logs.author import remarks
from scripts.logs.catalog import DOCS, RAW_LOGS
from scripts.logs.load import load_log
from scripts.report.render import Rendered, render
from scripts.report.results import Results, collect
from scripts.report.verification import last
from scripts.store import fresh
from scripts.store.files import LOCK
from scripts.store.structured import Broken
from tests.scripts.conftest import LOG
from tests.scripts.test_transcribe import ORIGINALS, at_hand


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    made = (DOCS / MANIFEST).read_text().splitlines()
    paths = {path.relative_to(DOCS).as_posix(): path for path in DOCS.rglob("*.md")}
    return {page: path.read_text() for page, path in paths.items() if page not in made}


@pytest.fixture(scope="module")
def rendered(repository_results: Results, pages: dict[str, str]) -> Rendered:
    """What the build makes of the repository, whatever logs it has."""
    beside = {name: (ROOT / name).read_text() for name in build.BESIDE}
    return render(repository_results, pages, last(DOCS), beside=beside, remarks=remarks(RAW_LOGS))


@pytest.fixture(scope="module")
def of_sample(results: Results) -> Rendered:
    """What it makes of the sample, with the table of logs."""
    beside = dict.fromkeys(build.BESIDE, "<!-- begin logs -->\n<!-- end logs -->\n")
    return render(results, {}, beside=beside)


def test_the_committed_pages_are_what_the_build_makes(rendered: Rendered) -> None:
    assert check(DOCS, rendered) == []


def test_the_committed_table_of_logs_is_what_the_build_makes(rendered: Rendered) -> None:
    assert list(rendered.beside) == ["raw_logs/README.md"]
    assert check_beside(ROOT, rendered) == []


def test_the_table_of_logs_has_a_row_for_each_log(repository_results: Results, rendered: Rendered) -> None:
    text = rendered.beside["raw_logs/README.md"].decode()
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(repository_results.logs)
    for log, row in zip(repository_results.logs, rows, strict=True):
        assert f"| {len(log.facts.runs)} |" in row
        assert row.endswith("| here |") == log.entry.kept
        assert (f"[permalink]({log.entry.url}) or <code>make logs</code>" in row) != log.entry.kept
        assert all((RAW_LOGS / unquote(target)).is_file() for target in re.findall(r"\]\((?!https:)(.*?)\)", row))


@pytest.mark.parametrize(
    ("path", "varied", "shows"),
    [
        (
            "graphcore/session.txt",
            "learning rate 0.0005, 0.005, 0.05, 0.5",
            "mnist train: 4 completed; test accuracy 9.58 to 97.50 %",
        ),
        (
            "groq/session.txt",
            "sequence length 64, 128",
            "bert-tiny inference: 2 completed; end to end throughput (cpu) 320.01 to 450.00 inferences/s; "
            "end to end throughput (groq) 12801 to 18000 inferences/s",
        ),
        (
            "sambanova/run_ntasks16.out",
            "tasks 16, 32",
            "bert-large train: 1 completed, 1 failed its own check after finishing; throughput 20.25 to 39.5 samples/s",
        ),
        ("sambanova/compile.out", "–", "bert-large compile: 1 completed"),
    ],
)
def test_the_table_of_logs_says_what_was_varied_and_what_came_of_it(
    of_sample: Rendered, path: str, varied: str, shows: str
) -> None:
    text = html.unescape(of_sample.beside["raw_logs/README.md"].decode())
    text = re.sub(r"(?<=\d)[^\S ](?=\d{3})", "", text)  # the thin spaces between groups of digits
    row = next(line for line in text.splitlines() if f"<code>{path}</code>" in line)
    assert row.split(" | ")[2] == varied
    assert row.split(" | ")[3] == shows


def test_a_table_of_logs_that_is_not_as_made_is_named_and_then_written(results: Results, tmp_path: Path) -> None:
    page = tmp_path / "raw_logs" / "README.md"
    page.parent.mkdir()
    page.write_text("mine\n\n<!-- begin logs -->\nold\n<!-- end logs -->\nmine too\n")
    made = render(results, {}, beside={"raw_logs/README.md": page.read_text()})
    assert check_beside(tmp_path, made) == ["raw_logs/README.md"]
    assert put_beside(tmp_path, made) == ["raw_logs/README.md"]
    assert check_beside(tmp_path, made) == put_beside(tmp_path, made) == []
    text = page.read_text()
    assert "old" not in text
    assert text.startswith("mine\n\n<!-- begin logs -->\n\n| log |")
    assert text.endswith("<!-- end logs -->\nmine too\n")


def test_the_note_of_a_build_has_the_pages_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: fresh.State = {}
    monkeypatch.setattr(fresh, "leave", lambda after, _made: noted.update(after))
    build._leave_note({}, Rendered({}, {}, {"raw_logs/README.md": b"table"}), [])
    assert noted["raw_logs/README.md"].sha256 == hashlib.sha256(b"table").hexdigest()


def test_the_command_names_a_stale_table_and_a_broken_marker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "raw_logs" / "README.md"
    page.parent.mkdir()
    page.write_text("<!-- begin logs -->\n<!-- end logs -->\n")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    assert build.main(["--check"]) == 1
    assert "stale: raw_logs/README.md\n" in capsys.readouterr().out
    assert page.read_text() == "<!-- begin logs -->\n<!-- end logs -->\n"
    page.write_text("<!-- begin logs -->\n")
    assert build.main(["--check"]) == 1
    assert "raw_logs/README.md:1: block 'logs' begins and never ends" in capsys.readouterr().err


def test_building_twice_changes_nothing(rendered: Rendered, tmp_path: Path) -> None:
    written, removed = put(tmp_path, rendered)
    assert (len(written), removed) == (len(rendered.files), [])
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert put(tmp_path, rendered) == ([], [])
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == times


def test_rendering_filled_pages_again_gives_the_same_bytes(repository_results: Results, rendered: Rendered) -> None:
    filled = {page: content.decode() for page, content in rendered.filled.items()}
    again = render(repository_results, filled, last(DOCS), remarks=remarks(RAW_LOGS))
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

    monkeypatch.setattr(fresh, "sha256", refuse)
    monkeypatch.setattr(fresh, "noted", lambda: None)
    assert build.main([]) == 1
    assert capsys.readouterr().err == f"error: {said}\n"


@pytest.mark.parametrize("line", ["../precious", "{top}/precious", "link/precious", "a/../../precious", "..", ""])
def test_a_list_that_leads_out_removes_nothing(line: str, tmp_path: Path) -> None:
    out = tmp_path / "docs"
    put(out, Rendered({"a.md": b"a"}, {}))
    (tmp_path / "precious").write_text("precious")
    (out / "link").symlink_to(tmp_path)
    with (out / MANIFEST).open("a") as file:
        file.write(line.format(top=tmp_path) + "\n")
    with pytest.raises(Broken, match=rf"{MANIFEST}:2: .*Nothing was removed"):
        put(out, Rendered({"a.md": b"b"}, {}))
    assert (tmp_path / "precious").read_text() == "precious"
    assert (out / "a.md").read_text() == "a"


def test_a_hand_written_page_in_a_generated_pages_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("mine")
    with pytest.raises(Broken, match=r"a\.md: is not a file that this command made; it stays as it is"):
        put(tmp_path, Rendered({"a.md": b"made"}, {}))
    assert (tmp_path / "a.md").read_text() == "mine"


def test_a_kept_log_has_a_page_with_its_lines(tmp_path: Path) -> None:
    folder = tmp_path / "raw_logs"
    (folder / "own").mkdir(parents=True)
    (folder / "own" / "mine.log").write_text(LOG + "<b>bold</b> <!-- end -->\n")
    entry = '[[log]]\npath = "own/mine.log"\nsystem = "Graphcore"\nsha256 = "{}"\nsize = {}\n'
    tail = 'url = ""\nauthor = "us"\nnote = ""\nkept = true\n'
    text = (folder / "own" / "mine.log").read_bytes()
    sha = hashlib.sha256(text).hexdigest()
    (folder / "catalog.toml").write_text(entry.format(sha, len(text)) + tail)
    made = render(collect(load_log(entry, folder) for entry in catalog.load(folder)), {}).made
    page = made["logs/own-mine.md"].decode()
    assert "exclude: true" in page
    assert '<span id="L4" class=cited>Accuracy on test set: 97.25%</span>' in page
    assert "<b>" not in page
    run = made["runs/own-mine-1.md"].decode()
    assert '<span id="test_accuracy">97.25</span>' in run
    assert '[4](../logs/own-mine.md#L4 "test accuracy, learning rate not stated, line 4")' in run


@pytest.mark.originals
@pytest.mark.skipif(not at_hand(), reason="the original logs are not at hand")
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
    assert render(collect(logs), pages, last(DOCS), remarks=remarks(RAW_LOGS)).files == rendered.files


def test_a_heading_says_whether_more_or_less_of_a_fact_is_better(of_sample: Rendered) -> None:
    page = of_sample.made["cerebras.md"].decode()
    assert '| batch size, samples | samples/s <abbr title="more is better">↑</abbr> |' in page
    assert 'compile, s <abbr title="less is better">↓</abbr>' in page
