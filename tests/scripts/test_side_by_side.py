"""Runs side by side, on small logs of our own: change, scatter, first difference, and targets of links."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import compare
from scripts.logs import catalog
from scripts.logs.load import LoadedLog, load_log
from scripts.report.cohort import FEWEST, Cohort
from scripts.report.results import collect
from scripts.report.side_by_side import Measure, Pair, pairs
from scripts.report.side_by_side_page import texts, verdict
from tests import made
from tests.scripts.conftest import catalog_text
from tests.scripts.facts import log, trained


def beside(*logs: LoadedLog, chosen: int = 2) -> list[Pair]:
    """Return the first runs of some logs side by side; the rest is known too."""
    runs = collect(logs).runs
    return pairs(runs[:chosen], Cohort(collect(logs)))


def measure(pair: Pair, name: str = "throughput") -> Measure:
    return next(measure for measure in pair.measures if measure.new.name == name)


def test_a_difference_is_held_against_the_known_runs_with_the_same_settings() -> None:
    near = [trained(f"r{place}", f"p{place:02}", 100 + place) for place in range(3)]
    (inside,) = beside(trained("a", "us", 100), trained("b", "us", 101.5), *near)
    (outside,) = beside(trained("a", "us", 100), trained("b", "us", 103), *near)
    assert (measure(inside).outside, measure(outside).outside) == (False, True)
    scatter = measure(outside).scatter
    assert scatter is not None
    assert scatter.runs == 4
    assert scatter.percent == pytest.approx(2.0)
    assert [verdict(measure(pair)) for pair in (inside, outside)] == ["within", "outside"]


def test_what_is_judged_does_not_count_as_known() -> None:
    logs = [trained("a", "us", 100), trained("b", "us", 150), trained("c", "us", 151), trained("d", "us", 101)]
    assert [measure(pair).outside for pair in beside(*logs, chosen=3)] == [True, True]


def test_an_outlier_widens_no_scatter() -> None:
    near = [trained(f"r{place}", f"p{place:02}", 100 + place / 10) for place in range(FEWEST)]
    (pair,) = beside(trained("a", "us", 100), trained("b", "us", 103), *near, trained("far", "p99", 40))
    assert measure(pair).outside


@pytest.mark.parametrize("known", [[], [trained("c", "p01", 100, tasks=64)]])
def test_of_one_known_run_no_scatter_is_known(known: list[LoadedLog]) -> None:
    (pair,) = beside(trained("a", "us", 100), trained("b", "us", 103), *known)
    assert (measure(pair).scatter, measure(pair).outside) == (None, None)
    assert verdict(measure(pair)) == "scatter not known"


def test_of_two_settings_the_wider_scatter_counts() -> None:
    known = [trained("c", "p01", 101), trained("d", "p01", 206, tasks=16), trained("e", "p02", 200, tasks=16)]
    (pair,) = beside(trained("a", "us", 100), trained("b", "us", 204, tasks=16), *known)
    scatter = measure(pair).scatter
    assert scatter is not None
    assert scatter.percent == pytest.approx(3.0)
    assert [both[0][0].value for both in pair.settings] == ["8"]
    assert pair.unlike == ()


def test_a_value_of_nothing_has_no_change() -> None:
    (pair,) = beside(trained("a", "us", 100, compile_time=0), trained("b", "us", 103, compile_time=4))
    assert (measure(pair, "compile_time").change, measure(pair, "compile_time").outside) == (None, None)
    (back,) = beside(trained("a", "us", 100, compile_time=4), trained("b", "us", 103, compile_time=0))
    assert measure(back, "compile_time").change is not None


def test_the_loss_is_that_of_the_last_step_of_both() -> None:
    (pair,) = beside(trained("a", "us", 100, loss=[9.5, 8.5, 8.25]), trained("b", "us", 103, loss=[9.5, 8.25]))
    loss = measure(pair, "loss")
    assert (loss.step, loss.old.value, loss.new.value) == (2, "8.5", "8.25")
    assert texts(loss) == ["8.50", "8.25"]


def test_values_that_look_alike_are_shown_with_all_digits() -> None:
    (pair,) = beside(trained("a", "us", 2293.25), trained("b", "us", 2293.4))
    assert texts(measure(pair)) == ["2\u202f293.25", "2\u202f293.40"]


def test_a_declared_setting_comes_after_those_of_the_logs() -> None:
    fact = {"system": "Graphcore", "stage": "train", "workload": "mnist", "test_accuracy": "98"}
    logs = [log("a", "us", fact | {"epochs": "10"}, learning_rate="0.5", batch_size="8")]
    logs += [log("b", "us", fact | {"epochs": "20"}, learning_rate="0.05")]
    (pair,) = beside(*logs)
    named = [((one or other)[0].name, (one or other)[0].line) for one, other in pair.settings]
    assert named == [("epochs", 5), ("learning_rate", 0), ("batch_size", 0)]
    assert set(pair.unlike) == {"batch_size", "epochs"}


def test_the_same_run_in_two_logs_is_known() -> None:
    (pair,) = beside(trained("a", "us", 100, job="7"), trained("b", "you", 100, job="7"))
    assert pair.same_run


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of two logs: one of another author, and one that is kept whole."""
    logs = {"there.txt": made.cerebras(512, 2900.0), "kept.log": made.cerebras(1024, 4800.0)}
    entries = []
    for name, text in logs.items():
        fields = {"path": f'"cerebras/{name}"', "system": '"Cerebras"'}
        kept = {"kept": "true", "url": '""'} if name == "kept.log" else {}
        entries.append(catalog_text(text, **fields, **kept))
        (folder / "cerebras").mkdir(exist_ok=True)
        (folder / "cerebras" / name).write_text(text)
    (folder / "catalog.toml").write_text("".join(entries))
    listed = catalog.load(folder)
    monkeypatch.setattr("scripts.logs.catalog.load", lambda: listed)
    monkeypatch.setattr("scripts.compare.load_log", lambda entry, cache: load_log(entry, folder, cache))
    monkeypatch.setattr("scripts.compare.load_others", tuple)
    monkeypatch.chdir(folder.parent)
    return folder


def test_the_page_leads_to_run_pages_and_to_lines(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.log").write_text(made.cerebras(512, 2842.0) + made.cerebras(512, 1450.0))
    names = ["cerebras-there-1", "cerebras-kept-1", "mine.log:2"]
    assert compare.main([*names, "-o", "pages/side.md"]) == 0
    assert capsys.readouterr().out == ""
    text = Path("pages/side.md").read_text()
    assert "in A ([line 1](https://example.org/blob/1/session.txt#L1))" in text
    assert "docs/runs/cerebras-there-1.md#batch_size)" in text
    assert "docs/logs/cerebras-kept.md#L1)" in text
    assert "No setting that both runs state differs." in text
    throughput = next(line for line in text.splitlines() if "[1 450](../mine.log#L20)" in line.replace("\u202f", " "))
    assert "<code>0.5000</code> | <code>-50.00</code> | <code>2.04</code> | <code>2</code> | outside |" in throughput
    assert "## C beside A" in text


def test_an_original_of_the_site_is_its_run(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main(["cerebras-kept-1", str(site / "cerebras/there.txt")]) == 0
    assert "| B | [cerebras-there-1]" in capsys.readouterr().out


@pytest.mark.parametrize(("names", "said"), [
    (["cerebras-there-1", "nowhere.log"], "nowhere.log: no such file"),
    (["cerebras-there-1", "two.log"], "two.log: holds 2 runs; choose one of"),
])  # fmt: skip
def test_what_is_not_one_run_is_named(
    names: list[str], said: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.parent / "two.log").write_text(made.cerebras(512, 2900.0) + made.cerebras(512, 1450.0))
    assert compare.main(names) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("names", [["a"], ["a", "a"]])
def test_one_run_is_not_compared(names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        compare.main(names)
    assert raised.value.code == 2
    assert "name two different runs at least" in capsys.readouterr().err
