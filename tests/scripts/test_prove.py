"""The proof of the built site, and that it fails on planted errors."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import verify
from scripts.cache import Cache
from scripts.catalog import DOCS
from scripts.files import sha256
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.figures import pictures
from scripts.report.known import Known
from scripts.report.prove import Proof, prove
from scripts.report.results import Results
from scripts.report.verification import last
from tests.scripts.test_transcribe import ORIGINALS

# A log of our own, whose lines have a page here.
OWN = "cpu-digits-learning-rate-0-05-seed-1-20261123t180413z"


@pytest.fixture(scope="module")
def figures(results: Results, known: Known, cohort: Cohort, shared_figures: Cache) -> list[str]:
    """What stands in place of the figures."""
    return [picture.alt for picture in pictures(Answers(results, known, cohort), shared_figures).values()]


def _wrong(site: Path, results: Results, known: Known, figures: list[str]) -> list[Proof]:
    return [proof for proof in prove(site, results, known, {}, figures) if not proof.ok]


def test_every_number_of_every_page_is_proven(site: Path, results: Results, known: Known, figures: list[str]) -> None:
    proofs = list(prove(site, results, known, {}, figures))
    assert [proof for proof in proofs if not proof.ok] == []
    pages = {proof.page for proof in proofs}
    assert {"index.html", "sambanova/index.html", "runs/index.html", "constants/index.html"} <= pages
    assert len(proofs) > 1500


def _plant(site: Path, tmp_path: Path, page: str, change: Callable[[str], str]) -> Path:
    copy = tmp_path / "site"
    (copy / page).parent.mkdir(parents=True, exist_ok=True)
    text = (site / page).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (copy / page).write_text(changed, encoding="utf-8")
    return copy


# A sentence of a page that no log changes.
_SENTENCE = "<p>The log prints no time for the build."


@pytest.mark.parametrize(
    ("page", "old", "new", "why"),
    [
        ("sambanova/index.html", ">2\u202f293<", ">2\u202f294<", "the fact says 2\u202f293"),
        (
            "sambanova/index.html",
            "ntasks08-1/#throughput",
            "ntasks16-1/#throughput",
            "the fact says 4\u202f608",
        ),
        ("groq/index.html", _SENTENCE, "<p>The log prints 12.5 s for the build.", "a number without a link"),
        ("groq/index.html", "#groq_latency", "#nothing", "links to no fact"),
        ("runs/groq-groq-2/index.html", ">12802.18<", ">12802.19<", "the fact says 12\u202f802"),
        (f"runs/{OWN}-1/index.html", ">96.67</span>", ">96.68</span>", "the fact says 96.67"),
        (f"runs/{OWN}-1/index.html", f"logs/{OWN}/#L19", f"logs/{OWN}/#L2000", "links to no fact"),
        (f"runs/{OWN}-1/index.html", '">19</a>', '">18</a>', "no fact of that line says so"),
        (f"runs/{OWN}-1/index.html", "<mark>96.67</mark>", "<mark>96.68</mark>", "the fact has other evidence"),
        (f"runs/{OWN}-1/index.html", "learning rate 0.05 · completed", "learning rate 0.5 · completed", "is called"),
        ("runs/cerebras-cerebras-1/index.html", ">7.55469<", ">7.55470<", "no fact of that line says so"),
        ("runs/cerebras-cerebras-1/index.html", ', line 945">', ', line 944">', "its title says"),
        # A wrong number in a link with a title, and a wrong title of a link with the right number.
        (
            "sambanova/index.html",
            'title="throughput, 8 tasks, line 982">2\u202f293<',
            'title="throughput, 8 tasks, line 982">2\u202f294<',
            "the fact says 2\u202f293",
        ),
        ("sambanova/index.html", "throughput, 8 tasks, line 982", "throughput, 8 tasks, line 983", "its title says"),
        ("sambanova/index.html", ' title="throughput, 8 tasks, line 982"', "", "its title says ''"),
        ("sambanova/index.html", "facts of the 8-task run", "facts of the 9-task run", "the run is called 8 tasks"),
        ("sambanova/index.html", "2\u202f293 at 8 tasks; 4", "2\u202f294 at 8 tasks; 4", "shows something else"),
        ("constants/index.html", ">60\u202f000<", ">60\u202f001<", "the fact says 60\u202f000"),
        ("sambanova/index.html", ">completed<", ">killed<", "the fact says completed"),
        *(
            ("groq/index.html", _SENTENCE, f"<p>The log prints no time{link}.", why)
            for link, why in (
                (' <a href="../sambanova/">12345</a>', "links to no fact"),
                (' <a href="#nothing">about 999 samples/s</a>', "links to no fact"),
                (' <a href="../runs/no-such-run-1/">77.5</a>', "links to no fact"),
                (' <a href="../runs/groq-groq-2/#throughputx">5 times as fast</a>', "links to no fact"),
                (' <a href="https://example.org/">31415</a>', "leads to no fact but out of the site"),
            )
        ),
    ],
)
def test_a_planted_error_is_found(
    site: Path,
    results: Results,
    known: Known,
    figures: list[str],
    tmp_path: Path,
    page: str,
    old: str,
    new: str,
    why: str,
) -> None:
    copy = _plant(site, tmp_path, page, lambda text: text.replace(old, new))
    wrong = _wrong(copy, results, known, figures)
    assert wrong
    assert why in wrong[0].wrong


@pytest.mark.originals
@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the original logs are not at hand")
def test_the_command_proves_the_site_from_the_originals(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["--from", str(ORIGINALS), "--site", str(site), "--quiet"]) == 0
    right, _, total = capsys.readouterr().out.strip().rpartition("\n")[2].split()
    assert right == total
    assert int(total) > 1500
    kept = last(DOCS)
    assert kept is not None, "`make verify` keeps a record"
    if kept.facts_sha256 == sha256(site / verify.FACTS):  # else the home page says that the data have changed since
        assert kept.numbers == int(total), "`make verify build` brings the kept record up to date"


@pytest.mark.originals
@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the original logs are not at hand")
def test_a_changed_figure_or_table_is_found(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    (copy / "data" / "runs.csv").write_text("id\n")
    assert verify.main(["--from", str(ORIGINALS), "--site", str(copy), "--quiet"]) == 1
    assert "data/runs.csv  whole file  made from the originals  data/runs.csv  differs" in capsys.readouterr().out


def test_without_site_or_originals_the_command_says_so(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main(["--site", str(tmp_path)]) == 1
    assert "no built site" in capsys.readouterr().err
    assert verify.main(["--site", str(site), "--from", str(tmp_path)]) == 1
    assert "no such file" in capsys.readouterr().err


def test_a_site_without_its_facts_is_no_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index.html").touch()
    assert verify.main(["--site", str(tmp_path)]) == 1
    assert "no built site (data/facts.csv is missing)" in capsys.readouterr().err
