from __future__ import annotations

import gc
import math
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import regex
from matplotlib.figure import Figure

from parsers.facts import Series
from parsers.many import processes
from parsers.stopping import Killed
from scripts import ROOT
from scripts.report import figures
from scripts.report.answers import Answers
from scripts.report.figures import Draw, pictures
from scripts.report.known import Known
from scripts.report.picture import Picture
from scripts.report.plots.losses import peaks, thinned
from scripts.report.results import Results
from scripts.store.cache import Cache

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(results: Results, known: Known) -> dict[str, Picture]:
    return pictures(Answers(results, known))


def test_there_is_a_figure_a_question_and_one_a_logged_loss(drawn: dict[str, Picture], results: Results) -> None:
    questions = {name for name in drawn if not name.startswith("loss-")}
    assert questions == {
        "sambanova-throughput",
        "sambanova-phases",
        "sambanova-loss",
        "graphcore-error",
        "graphcore-phases",
        "cerebras-throughput",
        "cerebras-phases",
        "cerebras-loss",
        "groq-latency",
    }
    logged = [run for run in results.runs if any(series.name == "loss" for series in run.run.series)]
    assert {f"loss-{run.id}" for run in logged} == set(drawn) - questions


def test_figures_say_what_they_show_in_every_drawing(drawn: dict[str, Picture]) -> None:
    for name, picture in drawn.items():
        files = picture.files()
        drawings = [f"figures/{name}{end}.svg" for end in ("", "-dark", "-narrow", "-narrow-dark")]
        assert set(files) == {*drawings, f"figures/{name}.csv"}
        assert len({files[drawing] for drawing in drawings}) == 4
        for svg in (files[drawing] for drawing in drawings):
            root = ET.fromstring(svg)
            assert root.get("role") == "img"
            assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
            assert root[0].text == picture.finding
            assert len(svg) < 30_000
            assert b"#010101" not in svg
            assert b"#020202" not in svg
            assert b"#030303" not in svg


def test_a_page_shows_one_drawing_and_a_code_host_folds_the_others(drawn: dict[str, Picture]) -> None:
    text = drawn["groq-latency"].markdown("../")
    shown, _, folded = text.partition("<details")
    assert shown.count("![") == 1
    assert regex.findall(r"\.\./figures/(\S+)#(\S+?)\)", text) == [
        ("groq-latency.svg", "wide-light"),
        ("groq-latency-dark.svg", "wide-dark"),
        ("groq-latency-narrow.svg", "narrow-light"),
        ("groq-latency-narrow-dark.svg", "narrow-dark"),
    ]
    assert folded.count("{loading=lazy width=") == 3
    assert text.count("](#figure-groq-latency)") == text.count('id="figure-groq-latency"') == 1


def test_the_data_of_a_figure_are_the_facts_that_it_shows(drawn: dict[str, Picture], results: Results) -> None:
    rows = {name: picture.data.decode().splitlines() for name, picture in drawn.items()}
    assert rows["sambanova-throughput"][0] == "run,ntasks,throughput,outcome"
    assert "sambanova-run-ntasks16-1,16,20.25,completed" in rows["sambanova-throughput"]
    assert rows["groq-latency"][0] == "run,sequence_length,groq_latency,chip_latency,outcome"
    assert rows["cerebras-phases"][0] == "run,phase,seconds"
    points = sum(
        len(series.steps) for run in results.of("SambaNova") for series in run.run.series if series.name == "loss"
    )
    assert len(rows["sambanova-loss"]) == points + 1
    assert rows["loss-cerebras-session-1"][0] == "step,loss,line"
    assert rows["cerebras-throughput"][0] == "run,batch_size,throughput,outcome"


def test_drawing_twice_gives_the_same_bytes(results: Results, known: Known, drawn: dict[str, Picture]) -> None:
    again = pictures(Answers(results, known))
    assert {name: p.files() for name, p in again.items()} == {name: p.files() for name, p in drawn.items()}


def test_the_values_of_the_runs_are_written_beside_their_dots(drawn: dict[str, Picture]) -> None:
    svg = drawn["sambanova-throughput"].files()["figures/sambanova-throughput.svg"].decode()
    for text in ("10.0", "20.25", "39.5", "38.5"):
        assert text in svg


def test_a_setting_whose_run_failed_is_a_hatched_slot_with_the_reason(drawn: dict[str, Picture]) -> None:
    svg = drawn["sambanova-throughput"].files()["figures/sambanova-throughput.svg"].decode()
    assert svg.count("failed its check:") == 2
    assert "below its window" in svg
    assert "above its window" in svg
    assert "failed its check" not in drawn["cerebras-throughput"].files()["figures/cerebras-throughput.svg"].decode()


def test_titles_state_only_what_the_numbers_bear_out(results: Results, known: Known) -> None:
    slower, better = known.copy(), known.copy()
    place = "runs/sambanova-run-ntasks32-1.md#weak_scaling_efficiency"
    slower[place] = replace(known[place], value="61.5")
    finding = pictures(Answers(results, slower))["sambanova-throughput"].finding
    assert finding == "Throughput grows with the tasks, but less than in proportion."
    place = "runs/graphcore-session-4.md#test_accuracy"
    better[place] = replace(known[place], value="97.9")
    assert "collapses" not in pictures(Answers(results, better))["graphcore-error"].finding


def test_phases_add_up_to_what_the_logs_say(drawn: dict[str, Picture]) -> None:
    cerebras = drawn["cerebras-phases"].files()["figures/cerebras-phases.svg"].decode()
    assert cerebras.count("103 s") == 3
    assert "560 s" in drawn["sambanova-phases"].files()["figures/sambanova-phases.svg"].decode()


def test_long_curves_are_means_of_neighbours_and_short_ones_are_whole() -> None:
    short = Series("loss", "", [1, 2], ["9.5", "8.5"], [1, 2], [1, 2])
    assert thinned(short) == ([1, 2], [9.5, 8.5])
    count = 60
    steps = list(range(1, count + 1))
    long = Series("loss", "", steps, [str(step) for step in steps], steps, steps)
    places, values = thinned(long)
    assert places == values == [2.0, 5.0, *range(8, count, 3)]


def test_of_many_points_a_curve_keeps_the_peaks_and_the_gaps_in_their_order() -> None:
    steps, values = list(range(5000)), [float(step % 7) for step in range(5000)]
    values[1234], values[2345], values[3456] = 99.5, -99.5, math.nan
    drawn_steps, drawn_values = peaks(steps, values)
    assert len(drawn_steps) == len(drawn_values) <= 1001
    assert drawn_steps == sorted(drawn_steps)
    assert {1234, 2345, 3456} <= set(drawn_steps)
    assert [str(values[int(step)]) for step in drawn_steps] == [str(value) for value in drawn_values]
    assert peaks(steps[:1000], values[:1000]) == (steps[:1000], values[:1000])


def test_no_figure_is_drawn_of_nothing() -> None:
    assert pictures(Answers(Results(()), Known())) == {}


def test_a_figure_drawn_before_is_not_drawn_again(
    results: Results,
    known: Known,
    drawn: dict[str, Picture],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = Cache(tmp_path)
    assert pictures(Answers(results, known), cache=cache) == drawn

    def refuse(*_arguments: object) -> object:
        raise AssertionError("drawn again")

    monkeypatch.setattr("scripts.report.figures._draw_plots", refuse)
    monkeypatch.setattr("scripts.report.figures._draw_loss", refuse)
    assert pictures(Answers(results, known), cache=cache) == drawn
    address = "runs/groq-session-1.md#accuracy-groq"
    changed = known | {address: replace(known[address], value="other")}
    with pytest.raises(AssertionError, match="drawn again"):
        pictures(Answers(results, changed), cache=cache)


def test_figures_from_the_cache_need_no_library_that_draws(results: Results, tmp_path: Path) -> None:
    code = (
        "import os, sys; os.cpu_count = lambda: 1;"
        "from pathlib import Path; from scripts.logs import catalog; from scripts.store.cache import Cache;"
        "from scripts.logs.load import load_log; from scripts.report.render import render;"
        "from scripts.report.results import collect;"
        "logs = [load_log(entry) for entry in catalog.load()];"
        "render(collect(logs), {'x.md': ''}, cache=Cache(Path(sys.argv[1]))); sys.exit('matplotlib' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    assert [subprocess.run(command, cwd=ROOT, check=False).returncode for _ in range(2)] == [1, 0]


def test_a_worker_keeps_no_figure_that_it_has_drawn(few: Results) -> None:
    gc.collect()
    gc.disable()  # as in a worker process
    try:
        for _ in range(20):
            for run in few.runs:
                figures._drawn(partial(figures._draw_loss, run))
        kept = sum(type(held) is Figure for held in gc.get_objects())
    finally:
        gc.enable()
    assert kept <= 1


@pytest.fixture
def few(results: Results, monkeypatch: pytest.MonkeyPatch) -> Results:
    """Runs with three figures, enough for two processes."""
    monkeypatch.setattr(figures, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return results.only("Cerebras")


def test_figures_are_drawn_alike_in_one_process_and_in_several(
    few: Results, drawn: dict[str, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def in_processes(work: Callable[[Draw], bytes], draws: list[Draw], jobs: int) -> Iterator[bytes]:
        asked.append(jobs)
        return processes.in_processes(work, draws, jobs)

    monkeypatch.setattr(figures, "in_processes", in_processes)
    in_two = pictures(Answers(few, Known()))
    assert asked == [2]
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert pictures(Answers(few, Known())) == in_two
    assert asked == [2]
    assert len(in_two) > 2
    assert in_two.items() <= drawn.items()


def test_figures_are_drawn_here_where_a_process_is_killed(
    few: Results, drawn: dict[str, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object) -> Iterator[bytes]:
        raise Killed("a process was killed")

    monkeypatch.setattr(figures, "in_processes", killed)
    assert pictures(Answers(few, Known())).items() <= drawn.items()


def test_a_change_of_one_system_draws_no_figure_of_another_again(
    results: Results, known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path)
    before = pictures(Answers(results, known), cache=cache)
    address = "runs/groq-session-1.md#groq_latency"
    changed = known | {address: replace(known[address], value="0.5", text="0.5")}
    drawn: list[str] = []

    draw_plots = figures._draw_plots

    def draw(asked: list[figures._Asked], values: Known) -> list[Picture]:
        drawn.extend({run.system for one in asked for run in one.runs})
        return draw_plots(asked, values)

    monkeypatch.setattr(figures, "_draw_plots", draw)
    after = pictures(Answers(results, changed), cache=cache)
    assert drawn == ["Groq"]
    assert {name for name in before if before[name] != after[name]} == {"groq-latency"}
