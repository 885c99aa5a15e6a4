"""The record of the last verification: kept, read, void when the data changed, and equal to a new one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.logs.catalog import DOCS
from scripts.report.package import data_files
from scripts.report.prove import Proof
from scripts.report.quantities import quantities
from scripts.report.reference import verification_page
from scripts.report.render import render
from scripts.report.results import Results
from scripts.report.verification import LIST, RECORD, BrokenRecord, Verification, last, newest_input
from scripts.store.files import digest
from scripts.verify import followed
from tests.made import untitled

SAID = Verification("0" * 64, 12, 11, 3, {"logged": 12})


def test_a_record_is_read_as_it_was_kept(tmp_path: Path) -> None:
    assert last(tmp_path) is None
    (tmp_path / "data").mkdir()
    (tmp_path / RECORD).write_bytes(SAID.content())
    assert last(tmp_path) == SAID


def test_a_list_that_is_not_the_records_own_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    listed = followed([Proof("a/index.html", "-b 256", "batch_size (logged)", "a.log:3", sort="evidence")])
    kept = replace(SAID, list_sha256=digest(listed))
    (tmp_path / RECORD).write_bytes(kept.content())
    assert last(tmp_path) == replace(kept, list_sha256="")
    (tmp_path / LIST).write_bytes(listed)
    assert last(tmp_path) == kept
    (tmp_path / LIST).write_bytes(listed + b"x\n")
    assert last(tmp_path) == replace(kept, list_sha256="")


def test_the_list_has_a_row_for_each_number_and_no_formula_for_a_spreadsheet() -> None:
    proofs = [
        Proof("a/index.html", "-b 256", "batch_size (logged)", "a.log:3", sort="evidence"),
        Proof("a/index.html", "7", "", "", "a number without a link"),
        Proof("a/index.html", "12", "numbers (verified)", "verification.md#numbers", sort="verified"),
    ]
    assert followed(proofs).decode().splitlines() == [
        "page,number,fact,line,ok",
        "a/index.html,'-b 256,batch_size (logged),a.log:3,yes",
        "a/index.html,7,,,a number without a link",
    ]


def test_the_page_says_the_newest_input_the_commit_and_where_the_list_is(results: Results) -> None:
    newest = max(day for run in results.runs for name in ("started_at", "ended_at") if (day := run.word(name)[:10]))
    assert newest_input(results) == newest
    about = Verification("0" * 64, 1, 1, 1, {"logged": 1}, newest, "c0ffee", changed=True, list_sha256="1" * 64)
    known = quantities(results, (), (), about)
    page = verification_page(known, about)
    assert f"| newest input that bears a date | {newest} |" in page
    assert '<span id="commit">c0ffee, with changes that were not committed</span>' in page
    assert "](data/verification.csv)" in page
    assert "](data/verification.csv)" not in verification_page(known, replace(about, list_sha256=""))


@pytest.mark.parametrize("text", ["{", "[]", '{"numbers": 3}'])
def test_a_broken_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(BrokenRecord, match=r"verification\.json.*make verify"):
        last(tmp_path)


def test_home_shows_what_was_found_of_this_data_and_nothing_of_other(results: Results) -> None:
    now = replace(SAID, facts_sha256=data_files(results)[0].sha256, commit="c0ffee", changed=True)
    home = untitled(render(results, {"x.md": ""}, now).made["index.md"].decode())
    assert "[11](verification.md#right) of [12](verification.md#numbers) numbers were right" in home
    assert "of commit [c0ffee, with changes that were not committed](verification.md#commit)" in home
    assert f"[{max(run.word('started_at') for run in results.runs if run.system != 'CPU')}](runs/" in home
    for other in (SAID, None):
        home = render(results, {"x.md": ""}, other).made["index.md"].decode()
        assert "not verified since the data changed" in home


def test_the_record_is_of_the_committed_data_or_home_says_that_it_is_not(repository_results: Results) -> None:
    kept = last(DOCS)
    assert kept is not None
    home = (DOCS / "index.md").read_text()
    current = kept.facts_sha256 == data_files(repository_results)[0].sha256
    assert ("not verified since the data changed" in home) != current
    assert kept.right == kept.numbers == sum(kept.sorts.values())
    assert json.loads((DOCS / RECORD).read_text())["numbers"] == kept.numbers
