"""Whose logs are whose: folders or the catalog's authors, pseudonyms unless names are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.logs.owners import owned, owners, pseudonymous, several
from scripts.report.__main__ import main as report
from tests.scripts.facts import log, trained

TRAINING = (
    "srun: job {job} has been allocated resources\n"
    "SLURM_NTASKS={tasks}\nSLURM_JOB_ID={job}\nRUN COMMAND: python a.py run -b 256 --learning_rate 0.5\n"
    "{{'e2e_train_time': 10.5, 'training_samples_per_second': {speed}, 'final_loss': 8.5}}\nDuration: 20\n"
)


def test_an_owner_is_the_author_or_the_outermost_folder() -> None:
    logs = [trained("ann/deep/a.out", "", 1), trained("bob/a.out", "", 2), trained("c.out", "", 3)]
    assert owners(owned(logs, "folders")) == ["", "ann", "bob"]
    assert owners(owned(logs, "catalog")) == [""]


def test_pseudonyms_keep_what_logs_say_and_nothing_that_names_somebody() -> None:
    declaring = log("bob/x.txt", "bob", {"system": "Graphcore", "test_accuracy": 97}, learning_rate="0.5")
    renamed = pseudonymous([trained("ann/b.out", "ann", 1), declaring, trained("ann/a.log", "ann", 2)])
    assert [entry.entry.path for entry in renamed] == ["p01/01.out", "p02/01.txt", "p01/02.log"]
    assert [entry.entry.author for entry in renamed] == ["p01", "p02", "p01"]
    assert [entry.entry.slug for entry in renamed] == ["p01-01", "p02-01", "p01-02"]
    assert renamed[1].entry.declared[0].value == "0.5"
    assert "bob" not in repr(renamed)


def test_several_owners_are_those_of_one_system() -> None:
    other = log("b", "bob", {"system": "Groq"})
    assert not several([trained("a", "ann", 1), other])
    assert several([trained("a", "ann", 1), trained("b", "bob", 2), other])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The logs of two people; the second published a run of the first too."""
    runs = {
        "annabel/small.out": {"job": 1, "tasks": 8, "speed": 2000.5},
        "annabel/large.out": {"job": 2, "tasks": 16, "speed": 3900.25},
        "bertram/copy.out": {"job": 1, "tasks": 8, "speed": 2000.5},
        "bertram/mine.out": {"job": 3, "tasks": 8, "speed": 2010.75},
    }
    for name, said in runs.items():
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TRAINING.format(**said))
    return tmp_path / "course"


def test_a_report_on_a_course_has_pages_over_all_people(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert report([str(course), str(out), "--owners", "folders"]) == 0
    assert "p02/01.out  bertram/copy.out" in capsys.readouterr().out
    pages = {path.relative_to(out / "pages").as_posix(): path.read_text() for path in (out / "pages").rglob("*.md")}
    assert {"others.md", "others/sambanova.md", "people/p01.md", "people/p02.md"} <= set(pages)
    assert not [name for name, text in pages.items() if "annabel" in text or "bertram" in text]
    assert "p02-01-1" in pages["others.md"].partition("## The same run in two logs")[2]
    assert "figures/all-sambanova.svg" in pages["others/sambanova.md"]
    assert "**Answer:** Throughput grows with the tasks" in pages["people/p01.md"]
    assert '](../runs/p01-01-1.md#ntasks "ntasks, 16 tasks' in pages["people/p01.md"]
    assert "Throughput grows" not in pages["people/p02.md"]  # two runs of one setting
    assert "[all known runs](others.md)" in pages["index.md"]
    assert (out / "site" / "others" / "sambanova" / "index.html").is_file()


def test_names_are_shown_where_they_are_asked_for(course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert report([str(course), str(out), "--owners", "folders", "--names"]) == 0
    page = (out / "pages" / "others.md").read_text()
    assert "annabel" in page
    assert "pseudonym" not in page
    assert (out / "pages" / "people" / "bertram.md").is_file()


def test_without_owners_a_folder_is_one_persons(course: Path, tmp_path: Path) -> None:
    assert report([str(course), str(tmp_path / "out")]) == 0
    assert not (tmp_path / "out" / "pages" / "others.md").exists()
