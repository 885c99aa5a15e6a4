"""The page of chosen runs side by side, and the same in short for a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import ascii_uppercase
from urllib.parse import quote

from ..logs.catalog import DOCS
from ..reader import Change, Fact, change, term
from .blocks import MARKS, NOTHING
from .known import log_page, run_page
from .markdown import code, escaped, link, table
from .results import ReportRun, anchor
from .rounding import alike, counted, rounded, shown
from .side_by_side import Measure, Pair, Stated

_RULES = (
    "Each number leads to its run's page or to its log line. `ratio` and `difference` are computed from the two values "
    "beside them.",
    "`scatter` is the range of the known runs with the same settings, outliers left out, in per cent of the lowest. "
    "`n` counts these runs. If the settings of the two runs differ, the wider scatter counts. The compared runs are "
    "not among the known runs.",
    "A difference is *outside* if it is larger than the scatter, in per cent of the smaller value.",
)
_VERDICTS = {None: "scatter not known", True: "outside", False: "within"}


@dataclass(frozen=True)
class Places:
    """Where the numbers of a page lead.

    `folder` is the page's own. `logs` has the paths of logs that are not of the site, by the names of their entries.
    A run of the site has a page in docs/.
    """

    folder: Path
    logs: Mapping[str, Path]

    def run(self, run: ReportRun) -> str:
        """Return where a run is: its page, else its log."""
        log = self.logs.get(run.entry.path)
        return self._to(log if log is not None else DOCS / run_page(run.id))

    def value(self, run: ReportRun, fact: Fact) -> str:
        """Return where a value of a run stands: on its page, else in its log."""
        if run.entry.path in self.logs:
            return self.line(run, fact)
        anchor_name = f"series-{fact.name}" if fact.kind == "series" else anchor(fact.name, fact.device)
        return f"{self.run(run)}#{anchor_name if fact.line else f'declared-{fact.name}'}"

    def line(self, run: ReportRun, fact: Fact) -> str:
        """Return where the line of a fact is: in its log, else at its author's."""
        log = self.logs.get(run.entry.path)
        if log is None and not run.entry.kept:
            return f"{run.entry.url}#L{fact.view_line}"
        return f"{self._to(log or DOCS / log_page(run.entry.slug))}#L{fact.line}"

    def _to(self, path: Path) -> str:
        return quote(Path(os.path.relpath(path, self.folder)).as_posix())


def page(runs: Sequence[ReportRun], pairs: Iterable[Pair], places: Places) -> str:
    """Return the page of the chosen runs, each beside the first; the runs are called by letters."""
    letters = {run.id: _letter(index) for index, run in enumerate(runs)}
    sections = [_pair(pair, letters, places) for pair in pairs]
    rules = "\n".join(f"- {rule}" for rule in _RULES)
    return "\n".join(["# Runs side by side\n", _runs(runs, letters, places), *sections, f"## Rules\n\n{rules}\n"])


def _letter(index: int) -> str:
    """Return A to Z, then AA and so on."""
    more, letter = divmod(index, len(ascii_uppercase))
    return (_letter(more - 1) if more else "") + ascii_uppercase[letter]


def _runs(runs: Sequence[ReportRun], letters: Mapping[str, str], places: Places) -> str:
    rows = [
        [
            letters[run.id],
            link(escaped(name_of(run)), places.run(run)),
            *(escaped(run.stated(name)) or NOTHING for name in ("system", "workload", "stage")),
            f"{MARKS.get(run.word('outcome'), '')} {escaped(run.word('outcome'))}",
        ]
        for run in runs
    ]
    return table(["", "run", "system", "workload", "stage", "outcome"], rows)


def name_of(run: ReportRun) -> str:
    """Return what a run is called: its id on the site, else its log and its place in it."""
    several = len(run.log.facts.runs) > 1
    return run.id if _of_site(run) else run.entry.path + (f":{run.run.ordinal}" if several else "")


def _of_site(run: ReportRun) -> bool:
    return bool(run.entry.url) or run.entry.kept


def _pair(pair: Pair, letters: Mapping[str, str], places: Places) -> str:
    old, new = letters[pair.old.id], letters[pair.new.id]
    sentences = _same_run(pair), _first(pair, old, new, places), _unlike(pair)
    tables = _settings(pair, old, new, places), _measures(pair, old, new, places)
    parts = [*(f"{sentence}\n" for sentence in sentences if sentence), *(rows for rows in tables if rows)]
    return "\n".join([f"## {new} beside {old}\n", *parts])


def _same_run(pair: Pair) -> str:
    return "Both logs state the same run." if pair.same_run else ""


def _first(pair: Pair, old: str, new: str, places: Places) -> str:
    """Return the sentence that names the first setting that differs, with the line in each log."""
    both = [stated for stated in pair.settings if all(stated)]
    if not both:
        return (
            f"No setting that both runs state differs.{' Only one of them states some settings.' * bool(pair.settings)}"
        )
    facts = both[0]
    sides = ((letter, run, of[0]) for letter, run, of in zip((old, new), (pair.old, pair.new), facts, strict=True))
    ends = (f"{_value(run, fact, places)} in {letter} ({_line(run, fact, places)})" for letter, run, fact in sides)
    return f"The first setting that differs is {code(facts[0][0].name)}: {' and '.join(ends)}."


def _unlike(pair: Pair) -> str:
    if not pair.unlike or pair.same_run:
        return ""
    names = ", ".join(map(code, pair.unlike))
    return (
        f"The runs also differ in these, or only one of them states them: {names}. "
        "So the cause of a difference is not known."
    )


def _settings(pair: Pair, old: str, new: str, places: Places) -> str:
    rows = [
        [
            code((both[0] or both[1])[0].name),
            *_cells(pair.old, both[0], places),
            *_cells(pair.new, both[1], places),
            _number(_change(both), "ratio", 4),
            (both[0] or both[1])[0].unit,
        ]
        for both in pair.settings
    ]
    return table(["setting", old, "line", new, "line", "ratio", "unit"], rows, "lrrrrrl") if rows else ""


def _cells(run: ReportRun, facts: Sequence[Fact], places: Places) -> list[str]:
    if not facts:
        return [NOTHING, NOTHING]
    values = ", ".join(_value(run, fact, places) for fact in facts)
    return [values, ", ".join(_line(run, fact, places) for fact in facts)]


def _change(both: Stated) -> Change | None:
    return change(both[0][0].value, both[1][0].value) if [len(facts) for facts in both] == [1, 1] else None


def _value(run: ReportRun, fact: Fact, places: Places, text: str = "") -> str:
    return link(escaped(text or shown(fact.value, None)), places.value(run, fact))


def _line(run: ReportRun, fact: Fact, places: Places) -> str:
    return link(f"line {fact.line}", places.line(run, fact)) if fact.line else "declared"


def _measures(pair: Pair, old: str, new: str, places: Places) -> str:
    header = [
        "quantity",
        old,
        "line",
        new,
        "line",
        "unit",
        "ratio",
        "difference, %",
        "scatter, %",
        "n",
        "difference is",
    ]
    rows = [_row(pair, measure, places) for measure in pair.measures]
    return table(header, rows, "lrrrrlrrrrl") if rows else "There is no quantity that both runs measured.\n"


def _row(pair: Pair, measure: Measure, places: Places) -> list[str]:
    old, new = texts(measure)
    scatter = measure.scatter
    return [
        code(quantity(measure)),
        _value(pair.old, measure.old, places, old),
        _line(pair.old, measure.old, places),
        _value(pair.new, measure.new, places, new),
        _line(pair.new, measure.new, places),
        measure.new.unit,
        _number(measure.change, "ratio", 4),
        _number(measure.change, "percent", 2),
        _number(scatter, "percent", 2),
        code(counted(scatter.runs)) if scatter else NOTHING,
        verdict(measure),
    ]


def quantity(measure: Measure) -> str:
    """Return what was measured: its name, its device, and the step of a point of a series."""
    at = f"at step {counted(measure.step)}" if measure.step >= 0 else ""
    return " ".join(part for part in (measure.new.name, measure.new.device, at) if part)


def texts(measure: Measure) -> list[str]:
    """Return both values with the same decimals: with all of them if with fewer the two would look the same."""
    values = [measure.old.value, measure.new.value]
    digits = term(measure.new.name).digits
    shortened = alike(values, [shown(value, digits) for value in values])
    if shortened[0] == shortened[1] and values[0] != values[1]:
        return alike(values, [shown(value, None) for value in values])
    return shortened


def verdict(measure: Measure) -> str:
    """Return whether the difference is one that known runs with the same settings have too."""
    return "the same" if measure.change and measure.change.ratio == 1 else _VERDICTS[measure.outside]


def _number(of: object, name: str, places: int) -> str:
    """Return a computed number, a dash where there is none."""
    return code(rounded(Decimal(getattr(of, name)), places)) if of is not None else NOTHING


def lines(pair: Pair) -> list[str]:
    """Return what a terminal shows of two runs: the first setting that differs, and each quantity."""
    both = [stated for stated in pair.settings if all(stated)]
    rows = []
    if both:
        old, new = (of[0] for of in both[0])
        rows.append(
            f"  first setting that differs: {new.name} {old.value} ({_where(old)}) -> {new.value} ({_where(new)})"
        )
    rows += [f"  {quantity(measure):28} {_told(measure)}" for measure in pair.measures]
    return rows if pair.measures else [*rows, "  no figure that both have"]


def _where(fact: Fact) -> str:
    return f"line {fact.line}" if fact.line else "declared"


def _told(measure: Measure) -> str:
    old, new = texts(measure)
    text = f"{old} -> {new} {measure.new.unit}".rstrip()
    if measure.change is None:
        return text
    text += f" (x {measure.change.ratio:.4g}, {measure.change.percent:+.2f} %)"
    scatter = measure.scatter
    return f"{text}: {verdict(measure)}" + (
        f" (scatter {scatter.percent:.2f} %, n = {scatter.runs})" if scatter else ""
    )
