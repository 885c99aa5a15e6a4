"""The proof-reader as a command: its forms of output and its exit status."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.proofread.__main__ import main
from scripts.proofread.output import COLUMNS
from tests.made import graphcore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "ipu.txt").write_text(graphcore(0.05, 97.25), encoding="utf-8")
    (tmp_path / "right.md").write_text("On Graphcore, the test accuracy was 97.25 %.\n", encoding="utf-8")
    (tmp_path / "wrong.md").write_text("On Graphcore, the test accuracy was 91.25 %.\n", encoding="utf-8")
    (tmp_path / "empty.md").write_text("Nothing is measured here.\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return main(
        [str(folder / name) if name in ("right.md", "wrong.md", "empty.md", "logs") else name for name in arguments]
    )


@pytest.mark.parametrize(("page", "status"), [("right.md", 0), ("wrong.md", 1), ("empty.md", 3)])
def test_the_exit_status_says_what_was_found(folder: Path, page: str, status: int) -> None:
    assert run(folder, page, "logs") == status


def test_bad_usage_is_told_in_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "none.md"), str(folder / "logs")]) == 2
    assert "none.md: no such file" in capsys.readouterr().err
    assert main([str(folder / "right.md"), str(folder / "nowhere")]) == 2
    assert "no such file or folder" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main([str(folder / "right.md")])


def test_the_table_as_csv_and_as_json_is_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "right.md", "logs", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    run(folder, "right.md", "logs", "--format", "json")
    objects = json.loads(capsys.readouterr().out)
    assert tuple(rows[0]) == COLUMNS
    assert [{name: str(value) for name, value in row.items()} for row in objects] == rows
    assert rows[0]["verdict"] == "confirmed"


def test_sarif_holds_what_is_wrong_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "wrong.md", "logs", "--format", "sarif")
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], region["startLine"], region["startColumn"]) == ("missing", 1, 37)


def test_the_marked_page_holds_the_text_and_the_evidence(folder: Path) -> None:
    run(folder, "right.md", "logs", "--html", str(folder / "out.html"))
    page = (folder / "out.html").read_text(encoding="utf-8")
    assert "On Graphcore, the test accuracy was " in page
    assert 'class="confirmed"' in page
    assert "Accuracy on test set: 97.25%" in page


def test_each_person_has_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = folder / "course"
    for person in ("p01", "p02"):
        (course / person).mkdir(parents=True)
        (course / person / "ipu.txt").write_text(graphcore(0.05, 97.25), encoding="utf-8")
    (course / "p01" / "page.md").write_text("The test accuracy was 97.25 %.\n", encoding="utf-8")
    assert main(["--each", str(course)]) == 0
    assert capsys.readouterr().out.splitlines() == ["p01: 1 page, 1 confirmed", "p02: 0 pages, no number"]


def test_the_end_says_what_a_confirmation_is_worth(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "right.md", "logs")
    assert "With another last digit, 0 of 9 numbers (0.0 %)" in capsys.readouterr().out


def test_a_text_is_proofread_without_pandas() -> None:
    code = "import sys, scripts.proofread.__main__; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
