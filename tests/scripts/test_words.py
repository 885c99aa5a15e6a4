"""The words of pages: which lines stay, and what a file that asks for too much is told."""

from __future__ import annotations

import pytest

from scripts.report import words
from scripts.report.findings import finding
from scripts.report.system import known_systems
from scripts.report.words import BrokenWords, first, written

FINDINGS = {"rises": finding(True, rate="[5](a.md#rate)", none=""), "falls": finding(False, rate="[5](a.md#rate)")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{if rises} up to {rate}", "up to [5](a.md#rate)\n"),
        ("{if not rises} not up", "\n"),
        ("{if falls} down", "\n"),
        ("{if not falls} not down from {rate}", "not down from [5](a.md#rate)\n"),
        ("{if rises} lacks {none}", "\n"),
        ("- {if rises} an item", "- an item\n"),
        ("    {if rises} an indent", "    an indent\n"),
        ("## A\n\n{if falls} down\n\n## B\n\n{if rises} up", "## B\n\nup\n"),
        ("## A\n\n### B\n\ntext", "## A\n\n### B\n\ntext\n"),
        ("before\n\n{table}\n\nafter", "before\n\n| a |\n| b |\n\nafter\n"),
        ("```sh\n{if rises} $HOME {table}\n```", "```sh\n{if rises} $HOME {table}\n```\n"),
    ],
)
def test_a_line_stays_where_its_finding_holds(text: str, told: str) -> None:
    assert written(text, FINDINGS, {"table": lambda: "| a |\n| b |"}) == told


@pytest.mark.parametrize("text", ["{if sinks} x", "{if rises} {colour}", "{picture}"])
def test_what_there_is_not_is_named_with_what_there_is(text: str) -> None:
    with pytest.raises(BrokenWords, match=r"no (finding|quantity|block) is called .*; known are"):
        written(text, FINDINGS, {"table": str})


def test_the_first_line_that_holds_is_the_title() -> None:
    assert first("{if falls} down\n{if rises} up to {rate}\nplain", FINDINGS) == "up to [5](a.md#rate)"
    assert first("{if falls} down\nplain", FINDINGS) == "plain"


@pytest.mark.parametrize("name", [system.name for system in known_systems().values() if words.of_system(system.name)])
def test_each_figure_has_a_title_that_is_true_of_any_runs(name: str) -> None:
    system, of_system = known_systems()[name], words.of_system(name)
    for plot in system.plots:
        titles = of_system[f"figure {plot.name}"].partition("\n\n")[0].split("\n")
        assert not titles[-1].startswith("{if")


@pytest.mark.parametrize("name", [system.name for system in known_systems().values() if words.of_system(system.name)])
def test_no_digit_stands_in_a_sentence_about_runs(name: str) -> None:
    for part, text in words.of_system(name).items():
        lines = [line for line in words.plain(text).split("\n") if line.lstrip("- ").startswith("{if")]
        assert [line for line in lines if any(sign.isdigit() for sign in line)] == [], part
