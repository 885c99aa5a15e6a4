"""Texts that lie with each person's logs: proofread, and shown on the pages of the report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.logs.folder import load_folder
from scripts.logs.owners import owned, pseudonymous
from scripts.report.cohort import OTHERS_PAGE
from scripts.report.people_proofs import people_proofs
from scripts.report.render import render
from scripts.report.results import collect
from tests.made import graphcore


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Folders of two people, with a log and a text each, and of a third without a text."""
    for person, right in (("ann", 97.25), ("bob", 96.5), ("cleo", 95.0)):
        (tmp_path / person).mkdir()
        (tmp_path / person / f"{person}_ipu.txt").write_text(graphcore(0.05, right), encoding="utf-8")
    text = "See [my log](ann_ipu.txt): the test accuracy was 97.25 %.\n"
    (tmp_path / "ann" / "ann.md").write_text(text, encoding="utf-8")
    (tmp_path / "bob" / "home.md").write_text("On Graphcore, the test accuracy was 91.25 %.\n", encoding="utf-8")
    return tmp_path


def pages(course: Path) -> dict[str, str]:
    logs = owned(load_folder(course), "folders")
    shown = pseudonymous(logs)
    made = render(collect(shown), {}, proofs=people_proofs(course, logs, shown)).made
    return {path: data.decode() for path, data in made.items() if path.endswith(".md")}


def test_the_page_of_all_people_counts_verdicts_per_person(course: Path) -> None:
    (section,) = re.findall(r"## Their texts, proofread\n(.*?)\n## ", pages(course)[OTHERS_PAGE], re.DOTALL)
    rows = re.findall(r"^\| \[<code>(p\d\d)</code>\]\(people/(.*?)\.md.*?\) \|(.*)\|$", section, re.MULTILINE)
    counts = {person: re.findall(r"\[(\d+)\]\(people/", cells) for person, _, cells in rows}
    assert counts == {"p01": ["1", "0", "0", "0", "0"], "p02": ["0", "0", "0", "0", "1"]}


def test_the_page_of_a_person_leads_from_each_number_to_its_fact(course: Path) -> None:
    page = pages(course)["people/p01.md"]
    assert "## The texts, proofread" in page
    assert re.search(
        r"<code>97.25</code> \| confirmed \| test.*\[<code>97.25</code>\]\(\.\./runs/p01-01-1\.md#test_acc", page
    )
    assert '<span id="proofread-confirmed">1</span>' in page


def test_no_page_under_pseudonyms_has_a_name(course: Path) -> None:
    text = "".join(pages(course).values())
    assert not re.search(r"ann|bob|home\.md|cleo", text.replace("annot", ""))


def test_a_text_keeps_its_name_where_people_have_theirs(course: Path) -> None:
    logs = owned(load_folder(course), "folders")
    assert [(of.person, of.proofs[0].name) for of in people_proofs(course, logs, logs)] == [
        ("ann", "ann.md"),
        ("bob", "home.md"),
    ]
