from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from parsers.facts import Series
from scripts.report.curves import thinned
from scripts.report.drawing import Picture
from scripts.report.figures import pictures
from scripts.report.quantities import Quantity
from scripts.report.results import Results

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(results: Results, known: dict[str, Quantity]) -> dict[str, Picture]:
    return pictures(results, known, questions=True)


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
        "cpu-latency",
        "cpu-error",
    }
    logged = [run for run in results.runs if any(series.name == "loss" for series in run.run.series)]
    assert len(drawn) - len(questions) == len(logged) == 19


def test_figures_say_what_they_show_in_both_schemes(drawn: dict[str, Picture]) -> None:
    for name, picture in drawn.items():
        files = picture.files()
        assert set(files) == {f"figures/{name}.svg", f"figures/{name}-dark.svg"}
        light, dark = (files[f"figures/{name}{scheme}.svg"] for scheme in ("", "-dark"))
        assert light != dark
        for svg in (light, dark):
            root = ET.fromstring(svg)
            assert root.get("role") == "img"
            assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
            assert root[0].text == picture.finding
            assert len(svg) < 30_000
            assert b"#010101" not in svg
            assert b"#020202" not in svg


def test_drawing_twice_gives_the_same_bytes(
    results: Results, known: dict[str, Quantity], drawn: dict[str, Picture]
) -> None:
    again = pictures(results, known, questions=True)
    assert {name: p.files() for name, p in again.items()} == {name: p.files() for name, p in drawn.items()}


def test_the_values_of_the_runs_are_written_beside_their_dots(drawn: dict[str, Picture]) -> None:
    svg = drawn["sambanova-throughput"].files()["figures/sambanova-throughput.svg"].decode()
    for text in ("2\u202f293", "4\u202f608", "8\u202f881", "8\u202f628"):
        assert text in svg


def test_a_setting_whose_run_failed_is_a_hatched_slot_with_the_reason(drawn: dict[str, Picture]) -> None:
    svg = drawn["sambanova-throughput"].files()["figures/sambanova-throughput.svg"].decode()
    assert svg.count("failed its check:") == 2
    assert "below its window" in svg
    assert "above its window" in svg
    assert "failed its check" not in drawn["cerebras-throughput"].files()["figures/cerebras-throughput.svg"].decode()


def test_titles_state_only_what_the_numbers_bear_out(results: Results, known: dict[str, Quantity]) -> None:
    slower, better = dict(known), dict(known)
    place = "runs/sambanova-bertlarge-run-ntasks32-1.md#weak_scaling_efficiency"
    slower[place] = replace(known[place], value="61.5")
    assert pictures(results, slower, questions=True)["sambanova-throughput"].finding == "Throughput against tasks."
    place = "runs/graphcore-graphcore-4.md#test_accuracy"
    better[place] = replace(known[place], value="97.9")
    assert "collapses" not in pictures(results, better, questions=True)["graphcore-error"].finding


def test_phases_add_up_to_what_the_logs_say(drawn: dict[str, Picture]) -> None:
    cerebras = drawn["cerebras-phases"].files()["figures/cerebras-phases.svg"].decode()
    for total in ("1\u202f433 s", "1\u202f500 s", "1\u202f599 s"):
        assert total in cerebras
    assert "484 s" in drawn["sambanova-phases"].files()["figures/sambanova-phases.svg"].decode()


def test_long_curves_are_means_of_neighbours_and_short_ones_are_whole() -> None:
    short = Series("loss", "", [1, 2], ["9.5", "8.5"], [1, 2], [1, 2])
    assert thinned(short) == ([1, 2], [9.5, 8.5])
    count = 60
    steps = list(range(1, count + 1))
    long = Series("loss", "", steps, [str(step) for step in steps], steps, steps)
    places, values = thinned(long)
    assert places == values == [2.0, 5.0, *range(8, count, 3)]


def test_of_other_logs_only_their_own_curves_are_drawn(results: Results, known: dict[str, Quantity]) -> None:
    assert all(name.startswith("loss-") for name in pictures(results, known, questions=False))


def test_no_figure_is_drawn_of_nothing() -> None:
    assert pictures(Results(()), {}, questions=True) == {}
