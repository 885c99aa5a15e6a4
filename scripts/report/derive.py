"""Derived figures: each is computed by a formula from inputs with addresses, so that it can be traced."""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..store.structured import Broken, checked, text_of, toml
from .comparable import compare
from .formulas import Formula
from .results import ReportRun, Results, anchor
from .rounding import counted, number
from .system import system_of

CONSTANTS = Path(__file__).parent / "constants.toml"
_REFERENCE, _COMPILE, _REPEAT = "reference_", "compile_run_", "repeated_"
_PREFIXES = (_REFERENCE, _COMPILE, _REPEAT)


class Disagreement(Exception):
    """The facts of a run contradict each other; each line of the message names a run, a figure and its inputs."""


class BrokenConstants(Broken):
    """The file of documented constants breaks a rule; the message names the constant and the field."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is documented, not logged; `url` is its source, which is a page of ours if we measured it."""

    name: str
    value: str
    unit: str
    meaning: str
    source: str
    url: str
    date: str

    @property
    def measured_here(self) -> bool:
        """Whether it says something of this project, and no system: only the project's own pages speak of it."""
        return "://" not in self.url


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a derived figure: its name in the formula, its exact value, and the address that shows it."""

    name: str
    value: str
    page: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived figure of a run."""

    run: ReportRun
    formula: Formula
    value: float
    inputs: tuple[Input, ...]

    @property
    def possible(self) -> bool:
        """Whether the value lies within what the figure can be."""
        low, high = self.formula.bounds
        return low <= self.value <= high

    @property
    def text(self) -> str:
        """The value with every digit that means something."""
        return f"{self.value:.15g}"


@cache
def constants(path: Path = CONSTANTS) -> Mapping[str, Constant]:
    """Return the documented constants by name.

    Raises
    ------
    BrokenConstants
        If an entry lacks a field, or has one that is not known or no text.
    """
    try:
        return {
            name: checked({**table, "name": name} if isinstance(table, dict) else table, Constant, f"{path}: {name}")
            for name, table in toml(text_of(path), path).items()
        }
    except Broken as error:
        raise BrokenConstants(str(error)) from None


def expression(formula: Formula) -> str:
    """Return the formula as it is computed."""
    return expression_of(formula.compute)


@cache
def expression_of(function: Callable[..., object]) -> str:
    """Return the one expression that a function returns, read from its own source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    returned = next(node for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None)
    assert returned.value is not None, "a formula returns its value"
    return ast.unparse(returned.value)


def derive(results: Results) -> tuple[Derived, ...]:
    """Return every derived figure that is possible and whose inputs are all there."""
    return tuple(figure for figure in computed(results) if figure.possible)


def computed(results: Results) -> tuple[Derived, ...]:
    """Return every figure whose inputs are all there, run by run in the order of the formulas.

    Where one is impossible, its inputs contradict one another.
    """
    compared = compare(results)
    related = {_REFERENCE: compared.baseline, _COMPILE: compared.compiled, _REPEAT: compared.repeated}
    figures: dict[str, dict[str, Derived]] = {}
    # The runs that others refer to come first, so that their derived figures are there to be referred to.
    for run in sorted(results.runs, key=lambda run: compared.baseline.get(run.id, run) is not run):
        mine = figures.setdefault(run.id, {})
        others = {prefix: runs[run.id] for prefix, runs in related.items() if run.id in runs}
        for formula in system_of(run.system).formulas:
            figure = _figure(run, formula, figures, others)
            if figure is not None:
                mine[formula.name] = figure
    return tuple(figure for run in results.runs for figure in figures[run.id].values())


def _figure(
    run: ReportRun,
    formula: Formula,
    figures: Mapping[str, Mapping[str, Derived]],
    others: Mapping[str, ReportRun],
) -> Derived | None:
    """Return a figure of a run; `others` are the runs that an input's prefix names."""
    if any(run.stated(name) not in allowed for name, allowed in formula.when):
        return None
    arguments: dict[str, float | Sequence[float]] = {}
    inputs = []
    for name in inspect.signature(formula.compute).parameters:
        prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")
        source = others.get(prefix) if prefix else run
        resolved = _resolved(name.removeprefix(prefix), source, figures) if source is not None else None
        if resolved is None:
            return None
        arguments[name], page, anchor, text = resolved
        inputs.append(Input(name, text, page, anchor))
    try:
        value = formula.compute(**arguments)
    except (ArithmeticError, ValueError):  # a step alone, or a zero to divide by
        return None
    return Derived(run, formula, value, tuple(inputs)) if math.isfinite(value) else None


def _resolved(
    name: str, run: ReportRun, figures: Mapping[str, Mapping[str, Derived]]
) -> tuple[float | Sequence[float], str, str, str] | None:
    """Return an input's value, the page and anchor that show it, and its exact text.

    There is none if the log has two values of the name, or if the value is not a finite number.
    """
    page = f"runs/{run.id}.md"
    facts = [fact for fact in run.run.facts if name == (f"{fact.name}_{fact.device}" if fact.device else fact.name)]
    stated = [(fact.value, anchor(fact.name, fact.device)) for fact in facts]
    stated = stated or [(declared.value, f"declared-{name}") for declared in run.declared if declared.name == name]
    if stated:
        (text, place), value = stated[0], number(stated[0][0])
        return (value, page, place, text) if value is not None and len(stated) == 1 else None
    for series in run.run.series:
        if series.name == name:
            values = [value for text in series.values if (value := number(text)) is not None]
            whole = len(values) == len(series.values)
            return (values, page, f"series-{name}", f"{counted(len(values))} points") if whole else None
    if name in figures.get(run.id, {}):
        figure = figures[run.id][name]
        if not figure.possible:
            return None
        return figure.value, page, name, figure.text
    constant = constants().get(name)
    return (float(constant.value), "constants.md", name, constant.value) if constant else None
