"""The proof of the built site, and that it fails on planted errors."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import verify
from scripts.logs.catalog import DOCS
from scripts.others import load_others
from scripts.report.__main__ import build_site
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.derive import constants, derive
from scripts.report.figures import pictures
from scripts.report.known import Known
from scripts.report.prove import prove
from scripts.report.quantities import quantities
from scripts.report.render import render
from scripts.report.results import Results, collect
from scripts.report.verification import last
from scripts.store.files import sha256, write_all
from tests.scripts.test_transcribe import ORIGINALS, at_hand

# A log of the sample whose lines have a page.
OWN = "cpu-digits-two-runs"


@pytest.fixture(scope="module")
def sample_known(results: Results) -> Known:
    """The quantities of a report of the sample."""
    documented = (constant for constant in constants().values() if not constant.measured_here)
    return quantities(results, derive(results), documented, None, Cohort(results), own=False)


@pytest.fixture(scope="module")
def sample_site(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a report of the sample."""
    folder = tmp_path_factory.mktemp("report")
    write_all(folder / "pages", render(results, {}).made)
    build_site(folder / "pages", folder / "site")
    return folder / "site"


def _figures(results: Results, known: Known, cohort: Cohort) -> list[str]:
    """Return what stands in place of the figures."""
    return [picture.alt for picture in pictures(Answers(results, known, cohort)).values()]


@pytest.fixture(scope="module")
def figures(results: Results, sample_known: Known) -> list[str]:
    """What stands in place of the figures of the sample."""
    return _figures(results, sample_known, Cohort(results))


def test_every_number_of_every_page_is_proven(site: Path, repository_results: Results, repository_known: Known) -> None:
    cohort = Cohort(repository_results, collect(load_others()))
    texts = _figures(repository_results, repository_known, cohort)
    proofs = list(prove(site, repository_results, repository_known, {}, texts))
    assert [proof for proof in proofs if not proof.ok] == []
    pages = {proof.page for proof in proofs}
    assert {"index.html", "runs/index.html", "constants/index.html"} <= pages
    assert {f"runs/{run.id}/index.html" for run in repository_results.runs} <= pages


def test_every_number_of_a_report_is_proven(
    sample_site: Path, results: Results, sample_known: Known, figures: list[str]
) -> None:
    proofs = list(prove(sample_site, results, sample_known, {}, figures))
    assert [proof for proof in proofs if not proof.ok] == []
    sorts = {"logged", "declared", "derived", "documented", "counted", "line", "evidence", "figure", "named"}
    assert sorts <= {proof.sort for proof in proofs}


def _plant(site: Path, tmp_path: Path, page: str, change: Callable[[str], str]) -> Path:
    copy = tmp_path / "site"
    (copy / page).parent.mkdir(parents=True, exist_ok=True)
    text = (site / page).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (copy / page).write_text(changed, encoding="utf-8")
    return copy


# A sentence of a page that no log changes.
_SENTENCE = "<p>The log does not state how long the build took."


@pytest.mark.parametrize(
    ("page", "old", "new", "why"),
    [
        ("sambanova/index.html", ">10.00<", ">10.10<", "the fact says 10.0"),
        ("sambanova/index.html", ">10.00<", ">10<", "the fact says 10.0"),
        ("cerebras/index.html", ">100.0<", ">100.1<", "the fact says 100"),
        (
            "sambanova/index.html",
            "ntasks08-1/#throughput",
            "ntasks16-1/#throughput",
            "the fact says 20.25",
        ),
        ("groq/index.html", _SENTENCE, "<p>The log prints 12.5 s for the build.", "a number without a link"),
        ("groq/index.html", "#groq_latency", "#nothing", "links to no fact"),
        ("runs/groq-session-2/index.html", ">12800.50<", ">12800.51<", "the fact says 12\u202f801"),
        (f"runs/{OWN}-1/index.html", ">10.28</span>", ">10.29</span>", "the fact says 10.28"),
        (f"runs/{OWN}-1/index.html", f"logs/{OWN}/#L10", f"logs/{OWN}/#L2000", "links to no fact"),
        (f"runs/{OWN}-1/index.html", '">10</a>', '">9</a>', "no fact of that line says so"),
        (f"runs/{OWN}-1/index.html", "<mark>10.28</mark>", "<mark>10.29</mark>", "the fact has other evidence"),
        (f"runs/{OWN}-1/index.html", "learning rate 5e-05 · completed", "learning rate 5e-04 · completed", "is called"),
        ("runs/cerebras-session-1/index.html", ">8.12500<", ">8.12501<", "no fact of that line says so"),
        ("runs/cerebras-session-1/index.html", ', line 9">', ', line 8">', "its title says"),
        # A wrong number in a link with a title, and a wrong title of a link with the right number.
        (
            "sambanova/index.html",
            'title="throughput, 8 tasks, line 32">10.00<',
            'title="throughput, 8 tasks, line 32">10.10<',
            "the fact says 10.0",
        ),
        ("sambanova/index.html", "throughput, 8 tasks, line 32", "throughput, 8 tasks, line 33", "its title says"),
        ("sambanova/index.html", ' title="throughput, 8 tasks, line 32"', "", "its title says ''"),
        ("sambanova/index.html", "facts of the 8-task run", "facts of the 9-task run", "the run is called 8 tasks"),
        ("sambanova/index.html", "10.0 at 8 tasks; 2", "10.1 at 8 tasks; 2", "shows something else"),
        ("constants/index.html", ">60\u202f000<", ">60\u202f001<", "the fact says 60\u202f000"),
        ("sambanova/index.html", ">failed<", ">killed<", "the fact says failed"),
        *(
            ("groq/index.html", _SENTENCE, f"<p>The log prints no time{link}.", why)
            for link, why in (
                (' <a href="../sambanova/">12345</a>', "links to no fact"),
                (' <a href="#nothing">about 999 samples/s</a>', "links to no fact"),
                (' <a href="../runs/no-such-run-1/">77.5</a>', "links to no fact"),
                (' <a href="../runs/groq-session-2/#throughputx">5 times as fast</a>', "links to no fact"),
                (' <a href="https://example.org/">31415</a>', "leads to no fact but out of the site"),
            )
        ),
    ],
)
def test_a_planted_error_is_found(
    sample_site: Path,
    results: Results,
    sample_known: Known,
    figures: list[str],
    tmp_path: Path,
    page: str,
    old: str,
    new: str,
    why: str,
) -> None:
    copy = _plant(sample_site, tmp_path, page, lambda text: text.replace(old, new))
    wrong = [proof for proof in prove(copy, results, sample_known, {}, figures) if not proof.ok]
    assert wrong
    assert why in wrong[0].wrong


@pytest.mark.originals
@pytest.mark.skipif(not at_hand(), reason="the original logs are not at hand")
def test_the_command_proves_the_site_from_the_originals(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["--from", str(ORIGINALS), "--site", str(site), "--quiet"]) == 0
    right, _, total = capsys.readouterr().out.strip().rpartition("\n")[2].split()
    assert right == total
    assert int(total) > 0
    kept = last(DOCS)
    assert kept is not None, "`make verify` keeps a record"
    if kept.facts_sha256 == sha256(site / verify.FACTS):  # else the home page says that the data have changed since
        assert kept.numbers == int(total), "`make verify build` brings the kept record up to date"


@pytest.mark.originals
@pytest.mark.skipif(not at_hand(), reason="the original logs are not at hand")
def test_a_changed_figure_or_table_is_found(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    (copy / "data" / "runs.csv").write_text("id\n")
    assert verify.main(["--from", str(ORIGINALS), "--site", str(copy), "--quiet"]) == 1
    assert "data/runs.csv  whole file  made from the originals  data/runs.csv  differs" in capsys.readouterr().out


def test_without_site_or_originals_the_command_says_so(
    site: Path,
    results: Results,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verify.main(["--site", str(tmp_path)]) == 1
    assert "no built site" in capsys.readouterr().err
    monkeypatch.setattr("scripts.logs.catalog.load", lambda: [log.entry for log in results.logs])
    assert verify.main(["--site", str(site), "--from", str(tmp_path)]) == 1
    assert "no such file" in capsys.readouterr().err


def test_a_site_without_its_facts_is_no_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index.html").touch()
    assert verify.main(["--site", str(tmp_path)]) == 1
    assert "no built site (data/facts.csv is missing)" in capsys.readouterr().err
