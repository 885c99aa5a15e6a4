from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from scripts.report.figures import Picture, pictures
from scripts.report.quantities import Quantity
from scripts.report.results import Results

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(results: Results, known: dict[str, Quantity]) -> dict[str, Picture]:
    return pictures(results, known, questions=True)


def test_there_is_a_figure_a_question_and_one_a_logged_loss(drawn: dict[str, Picture]) -> None:
    questions = {name for name in drawn if not name.startswith("loss-")}
    assert questions == {"sambanova-throughput", "graphcore-error", "cerebras-throughput", "groq-latency"}
    assert len(drawn) - len(questions) == 7


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


def test_of_other_logs_only_their_own_curves_are_drawn(results: Results, known: dict[str, Quantity]) -> None:
    assert all(name.startswith("loss-") for name in pictures(results, known, questions=False))


def test_no_figure_is_drawn_of_nothing() -> None:
    assert pictures(Results(()), {}, questions=True) == {}
