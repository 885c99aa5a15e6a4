"""A catalog with no log, or with one: every page is made, and no sentence is about runs that are not there."""

from __future__ import annotations

import re
from functools import cache

import pytest

from scripts.logs.load import LoadedLog
from scripts.report.render import render
from scripts.report.results import collect
from scripts.report.system import known_systems
from tests import made
from tests.scripts import sample
from tests.scripts.facts import inferred, log, trained

_NO_RUN = "No run is here yet."
_ABOUT_RUNS = re.compile(r"[Tt]hese runs|[Tt]he runs|[Ee]very run|each run's|in the table|[Tt]he log(?: prints|'s) ")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
ONE = {
    "sambanova": trained("sambanova/a.log", "us", 10.5),
    "graphcore": log("graphcore/a.log", "us", {"system": "Graphcore", "stage": "train", "test_accuracy": 97.5}),
    "cerebras": sample.loaded("cerebras/a.log", made.cerebras(512, 2900.0), "Cerebras", kept=True),
    "groq": inferred("groq/a.log", "us", 18000.5, 37000.5),
}


@cache
def _none() -> dict[str, str]:
    return _pages()


def _pages(*logs: LoadedLog) -> dict[str, str]:
    """Return the repository's own pages, were these the logs of its catalog."""
    made = render(collect(logs), {}, own=True).made
    return {path: text.decode() for path, text in made.items() if path.endswith(".md")}


def _words(text: str) -> str:
    """Return the sentences of a page: no code, no table, no quotation."""
    text = re.sub(r"```.*?```|<!--.*?-->", "", text, flags=re.DOTALL)
    return "\n".join(line for line in _LINK.sub(r"\1", text).split("\n") if not line.startswith(("|", ">", "*", "`")))


@pytest.mark.parametrize("page", ["index.md", "answers.md", "compare.md", "runs/index.md", "data/index.md"])
def test_without_a_log_a_page_of_all_runs_says_so(page: str) -> None:
    assert _NO_RUN in _none()[page]
    assert _NO_RUN not in _pages(ONE["cerebras"])[page]
    assert [line for line in _none()[page].split("\n") if re.fullmatch(r"\| what \||<div.*>", line)] == []


@pytest.mark.parametrize("system", [system.name.lower() for system in known_systems().values()])
def test_the_page_of_a_system_without_a_log_has_no_sentence_about_runs(system: str) -> None:
    page = _none()[f"{system}.md"]
    assert re.search(rf"(?i)\*\*No log of {system} is here\.\*\*", page)
    told = _words(page.partition("\n## The flags")[0].partition("\n## Reproduce")[0])
    lines = [line for line in told.split("\n") if not re.search("all known runs|a row [*]not stated", line)]
    assert [line for line in lines if _ABOUT_RUNS.search(line)] == []


@pytest.mark.parametrize("system", ONE)
def test_one_log_has_an_answer_on_each_page_that_asks(system: str) -> None:
    pages = _pages(ONE[system])
    answer = pages[f"{system}.md"].partition("\n## Answer\n")[2].strip()
    assert re.match(r"One |Inputs of one |These runs give no answer", answer)
    assert "\n**Answer:** " in pages["answers.md"]
    card = pages["index.md"].partition('<div class="card" markdown>')[2]
    assert re.search(r"A comparison needs|until somebody declares", card)


def test_a_compile_alone_is_no_answer_and_is_not_among_the_known_runs() -> None:
    pages = _pages(sample.sambanova()[0])
    assert pages["sambanova.md"].partition("\n## Answer\n")[2].strip().startswith("These runs give no answer.")
    assert "These runs give no answer." in pages["index.md"]
    assert "all known runs" in pages["sambanova.md"]
    assert "Runs of this report are among them." not in pages["sambanova.md"]
