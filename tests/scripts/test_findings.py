"""No page keeps a sentence that became false: the data are changed, and each sentence is held against them.

The checks know the made-up runs themselves, not what the report computed of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import pytest

from scripts.logs.catalog import Entry
from scripts.logs.load import LoadedLog, transcribe
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.derive import constants, derive
from scripts.report.formulas import wilson
from scripts.report.home import home_pages
from scripts.report.quantities import quantities
from scripts.report.results import collect
from scripts.report.system import known_systems
from scripts.report.system_page import Pages
from scripts.store.files import digest
from tests import made

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_NUMBER = r"(\d[\d ]*(?:\.\d+)?)"


class Run(NamedTuple):
    """A made-up run: the value of the question's setting, what came of it, and whose it is."""

    setting: float
    value: float
    owner: str = "us"


Data = Sequence[Run]
Check = Callable[[Data, re.Match[str]], bool]


def pages_of(system: str, data: Data) -> dict[str, str]:
    """Return the pages of a report on invented runs, each in one line without links, and the titles of its figures."""
    make: Callable[..., str] = getattr(made, system.lower())
    logs = [_loaded(f"{place}.log", make(run.setting, run.value), run.owner) for place, run in enumerate(data)]
    results = collect(logs)
    cohort = Cohort(results)
    known = quantities(results, derive(results), constants().values(), None, cohort, own=False)
    answers = Answers(results, known, cohort)
    pages = Pages(answers, {}, {}, own=False)
    plots = known_systems()[system].plots
    titles = {plot.name: answers.title(known_systems()[system], plot) for plot in plots}
    return {page: _plain(text) for page, text in (pages.texts() | home_pages(pages) | titles).items()}


def _plain(text: str) -> str:
    return " ".join(_LINK.sub(r"\1", text).replace("\N{NARROW NO-BREAK SPACE}", "").split())


def _loaded(path: str, text: str, owner: str) -> LoadedLog:
    data = text.encode()
    entry = Entry(path, "", digest(data), len(data), "", owner, "", (), path.removesuffix(".log"))
    return LoadedLog(entry, transcribe(entry, data), True)


def several(data: Data) -> bool:
    return len({run.setting for run in data}) > 1


def rises(data: Data) -> bool:
    return several(data) and all(
        (one.value < other.value) == (one.setting < other.setting)
        for one, other in combinations(data, 2)
        if one.setting != other.setting
    )


def once(data: Data) -> bool:
    return len({run.setting for run in data}) == len(data)


def twice(data: Data) -> set[float]:
    settings = [run.setting for run in data]
    return {setting for setting in settings if settings.count(setting) > 1}


def middle(data: Data, setting: float) -> float:
    """Return the lower median of the values of a setting."""
    values = sorted(run.value for run in data if run.setting == setting)
    return values[(len(values) - 1) // 2]


def growth(data: Data) -> float:
    settings = [run.setting for run in data]
    return middle(data, max(settings)) / middle(data, min(settings))


def times(data: Data) -> float:
    """Return how many times the smallest setting the largest is."""
    return max(data).setting / min(data).setting


def last_growths(data: Data) -> list[float]:
    """Return the values of the largest setting, over the middle one of the smallest."""
    first = middle(data, min(data).setting)
    return [run.value / first for run in data if run.setting == max(data).setting]


def ends(low: str, high: str, values: Sequence[float]) -> bool:
    """Return whether two printed numbers are the lowest and the highest of some values."""
    return near(low, min(values)) and near(high, max(values))


def near(text: str, value: float) -> bool:
    """Return whether a printed number is a value, to the three digits that are printed."""
    return abs(float(text.replace(" ", "")) - value) <= 0.006 * abs(value)


def numbers(text: str) -> set[float]:
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


def interval(accuracy: float) -> tuple[float, float]:
    low, high = (100 * wilson(accuracy / 100, 10_000, side) for side in (-1, 1))
    return low, high


def best_two(data: Data) -> tuple[Run, Run]:
    ranked = sorted(data, key=lambda run: -run.value)
    return ranked[0], next(run for run in ranked if run.setting != ranked[0].setting)


def overlap(data: Data) -> bool:
    best, second = best_two(data)
    return interval(best.value)[0] <= interval(second.value)[1]


ALL: dict[str, Check] = {
    r"Each (?:\w+ )?\w+ was run once": lambda data, _: once(data),
    r"were run more than once: ([\d., and]+?)(?: tokens)?\. ": lambda data, said: numbers(said[1]) == twice(data),
    r"✓ (?:learning rate|batch sizes|tasks|input)": lambda data, _: several(data),
    r"✗ (?:learning rate|batch sizes|tasks|no input)": lambda data, _: not several(data),
    r"One (?:\w+ )?\w+ was run|One number of tasks was run|Inputs of one length": lambda data, _: not several(data),
}
CHECKS: dict[str, dict[str, Check]] = {
    "Cerebras": {
        r"Throughput rises": lambda data, _: rises(data),
        r"Throughput does not rise|A larger batch does not always": lambda data, _: several(data) and not rises(data),
        rf"throughput is {_NUMBER} times that with the smallest": lambda data, said: near(said[1], growth(data)),
        rf"{_NUMBER}× the batch size, {_NUMBER}× the throughput": lambda data, said: (
            rises(data) and near(said[1], times(data)) and near(said[2], growth(data))
        ),
        rf"{_NUMBER}(?: times|×) the samples/s": lambda data, said: rises(data) and near(said[1], growth(data)),
        r"losses are alike": lambda data, _: several(data),
    },
    "SambaNova": {
        r"Throughput grows": lambda data, _: rises(data),
        r"Throughput does not grow|More tasks do not always": lambda data, _: several(data) and not rises(data),
        r"close to ideal": lambda data, _: rises(data) and worst(data) > 0.9,
        r"less than in proportion": lambda data, _: rises(data) and worst(data) <= 0.9,
        rf"{_NUMBER}× the tasks, {_NUMBER}(?: to {_NUMBER})?× the throughput": lambda data, said: (
            rises(data) and near(said[1], times(data)) and ends(said[2], said[3] or said[2], last_growths(data))
        ),
        r"The runs with ([\d., and]+) tasks differ": lambda data, said: numbers(said[1]) == twice(data),
    },
    "Graphcore": {
        r"do equally well|alike within noise": lambda data, _: several(data) and overlap(data),
        r"is best:|has the smallest test error": lambda data, _: several(data) and not overlap(data),
        rf"rate {_NUMBER} is best: {_NUMBER} %": lambda data, said: (
            (float(said[1]), float(said[2])) == tuple(best_two(data)[0])[:2]
        ),
        rf"The smallest learning rate, {_NUMBER}, reaches": lambda data, said: float(said[1]) == min(data).setting,
        r"always answering the same digit|collapsed|collapses to one class": lambda data, _: (
            middle(data, max(data).setting) == 9.58
        ),
    },
    "Groq": {
        rf"an input of {_NUMBER} instead of {_NUMBER} tokens one inference takes {_NUMBER} times": lambda data, said: (
            numbers(f"{said[1]} {said[2]}") == {min(data).setting, max(data).setting}
            and near(said[3], 1 / growth(data))
        ),
        r"A longer input does not always": lambda data, _: several(data) and not rises(slowness(data)),
        rf"{_NUMBER}× the tokens, {_NUMBER}× the latency": lambda data, said: (
            near(said[1], times(data)) and near(said[2], 1 / growth(data))
        ),
        r"instead of \d+ tokens cost": lambda data, _: rises(slowness(data)),
        r"less than in proportion": lambda data, _: 1 / growth(data) < max(data).setting / min(data).setting,
    },
}


def worst(data: Data) -> float:
    """Return the lowest efficiency of weak scaling, of any run."""
    first = min(run.setting for run in data)
    of_first = middle(data, first) / first
    return min(run.value / run.setting / of_first for run in data)


def slowness(data: Data) -> Data:
    return [run._replace(value=1 / run.value) for run in data]


# Of each system: runs, and the values that take another's place.
DATA: dict[str, tuple[Data, Sequence[float]]] = {
    "Cerebras": ([Run(512, 2900.0), Run(1024, 4800.0), Run(2048, 6700.0)], (2901.0, 9900.0)),
    "SambaNova": ([Run(8, 10.0), Run(16, 20.0), Run(32, 38.0)], (9.5, 33.0)),
    "Graphcore": ([Run(0.005, 98.4), Run(0.05, 98.5), Run(0.5, 9.58)], (91.25, 99.3)),
    "Groq": ([Run(64, 20000.0), Run(128, 15000.0), Run(256, 11000.0)], (20500.0, 4000.0)),
}


def changes(data: Data, others: Sequence[float]) -> Iterator[Data]:
    """Yield the data as they are, and changed in every way that is planted."""
    yield data
    for place in range(len(data)):
        yield [run for number, run in enumerate(data) if number != place]  # a run dropped
        yield [data[place]]  # one run alone
        for value in others:
            changed = data[place]._replace(value=value)
            yield [changed if number == place else run for number, run in enumerate(data)]  # a digit changed
            yield [*data, changed]  # a run repeated, with another value
    for one, other in combinations(range(len(data)), 2):
        swapped = {one: data[one]._replace(value=data[other].value), other: data[other]._replace(value=data[one].value)}
        yield [swapped.get(number, run) for number, run in enumerate(data)]  # two swapped


def false_sentences(system: str, data: Data, pages: dict[str, str]) -> list[str]:
    """Return the sentences of pages that the data do not bear out."""
    return [
        f"{page}: {said[0]!r} of {data}"
        for page, text in pages.items()
        for pattern, holds in (ALL | CHECKS[system]).items()
        for said in re.finditer(pattern, text)
        if not holds(data, said)
    ]


@pytest.mark.parametrize("system", DATA)
def test_no_page_keeps_a_sentence_that_became_false(system: str) -> None:
    told = {data_key(data): pages_of(system, data) for data in changes(*DATA[system])}
    wrong = [line for data, pages in told.items() for line in false_sentences(system, data, pages)]
    assert wrong == []
    texts = "\n".join(text for pages in told.values() for text in pages.values())
    unused = [pattern for pattern in CHECKS[system] if not re.search(pattern, texts)]
    assert unused == [], "these checks looked at nothing"


def data_key(data: Data) -> tuple[Run, ...]:
    return tuple(data)


@pytest.mark.parametrize("system", DATA)
def test_a_sentence_of_one_data_set_is_false_of_another(system: str) -> None:
    """The checks would notice: what the pages say of the first data is not true of each changed one."""
    data, *changed = changes(*DATA[system])
    pages = pages_of(system, data)
    assert sum(bool(false_sentences(system, other, pages)) for other in changed) > len(changed) // 2


@pytest.mark.parametrize("system", DATA)
def test_settings_of_runs_that_differ_in_more_are_not_one(system: str) -> None:
    (one, other, *_), _ = DATA[system]
    page = pages_of(system, [one, other._replace(owner="them")])[f"{system.lower()}.md"]
    assert not re.search(r"One (?:\w+ )?\w+ was run|One number of tasks was run|Inputs of one length", page)


@pytest.mark.parametrize("system", DATA)
def test_nothing_is_compared_across_owners(system: str) -> None:
    mine, (other, _) = DATA[system]
    theirs = [Run(run.setting * 3, other, "them") for run in mine[:1]]
    pages = pages_of(system, [*mine, *theirs])
    page = pages[f"{system.lower()}.md"]
    assert "These sentences are about runs that differ in the" in page
    assert "No run differs from 3-1 in the" in page
    text = page.replace("Each", "each")  # a sentence about every run must not be there, though each of us ran once
    assert false_sentences(system, mine, {"page": text}) == []
