"""The page of a run: its facts by kind, each with its line; derived figures with their formulas; series; provenance."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence

from scripts.reader import KINDS, Fact, Series
from scripts.report.blocks import NOTHING, failed_after_finishing, setting
from scripts.report.contradictions import contradictions_text
from scripts.report.derive import Derived, expression
from scripts.report.known import Known, log_page, relative, run_page
from scripts.report.markdown import code, escaped, link, table
from scripts.report.picture import Picture
from scripts.report.results import ReportRun, anchor

_HEADINGS = {
    "run": "What it is",
    "parameter": "What was set",
    "metric": "What was measured",
    "environment": "Where it ran",
}
_EVERY = 50
# Of a long series fewer points stand on the page, so that it stays light.
_MOST_POINTS = 500


def run_text(run: ReportRun, derived: Sequence[Derived], known: Known, pictures: Mapping[str, Picture]) -> str:
    """Return the text of a run's page."""
    parts = [
        f"# {run.id}\n",
        _summary(run, known),
        contradictions_text(run),
        _where_commands_work(run),
        *_facts(run),
        _derived(run, [figure for figure in derived if figure.possible], known),
        _disagreements(run, [figure for figure in derived if not figure.possible]),
        _declared(run),
        _series(run, pictures.get(f"loss-{run.id}")),
        _log(run),
    ]
    return "\n".join(part for part in parts if part)


def source(run: ReportRun, line: int, view_line: int) -> str:
    """Return the address of a line of the log: its page here for a log that is kept, else the author's permalink.

    A log that is only in somebody's folder has none.
    """
    if run.entry.kept:
        return f"{relative(log_page(run.entry.slug), run_page(run.id))}#L{line}"
    return f"{run.entry.url}#L{view_line}" if run.entry.url else ""


def sed(run: ReportRun, line: int) -> str:
    """Return the command that prints a line of the original log.

    It is for the project's folder; for a log that is in no catalog, for the folder that it was found in.
    """
    where = "raw_logs/" if run.entry.url or run.entry.kept else ""
    return f"sed -n {line}p {shlex.quote(f'{where}{run.entry.path}')}"


def _summary(run: ReportRun, known: Known) -> str:
    named = " ".join(escaped(run.word(name)) for name in ("system", "workload", "stage") if run.word(name))
    reason = run.word("failure_reason")
    said = " its check after finishing, its numbers stand" if failed_after_finishing(run) else ""
    said += f": {code(reason)}" if reason else ""
    span = code(f"{run.run.first_line}-{run.run.last_line}")
    varied = setting(run, known, run_page(run.id))
    at = f", {varied}" if varied != NOTHING else ""
    return f"{named}{at}: **{escaped(run.word('outcome'))}**{said}. Lines {span} of {code(run.entry.path)}.\n"


def _where_commands_work(run: ReportRun) -> str:
    """Return what comes before the commands of the page; an empty text where the log is in the repository."""
    if run.entry.kept:
        return ""
    if run.entry.url:
        return f"Each command prints a line of the log. Use it in the project's folder, after {code('make logs')}.\n"
    return "Each command prints a line of the log. Use it in the folder of the logs: the path begins there.\n"


def _facts(run: ReportRun) -> list[str]:
    header = ["fact", "value", "unit", "line", "view line", "prints the line"]
    parts = []
    for kind in KINDS:
        facts = [fact for fact in run.run.facts if fact.kind == kind]
        if facts:
            rows = table(header, _fact_rows(run, facts), "lrlrrl")
            parts.append(f"## {_HEADINGS[kind]}\n\n{rows}")
    return parts


def _fact_rows(run: ReportRun, facts: Sequence[Fact]) -> list[list[str]]:
    rows, seen = [], set()
    for fact in facts:
        place = anchor(fact.name, fact.device)
        at = "" if place in seen else f'<a id="{place}"></a>'
        seen.add(place)
        named = f"{fact.name} ({fact.device})" if fact.device else fact.name
        where = source(run, fact.line, fact.view_line)
        rows.append(
            [
                at + escaped(named),
                link(escaped(fact.value), where),
                fact.unit,
                link(str(fact.line), where),
                link(str(fact.view_line), where) if fact.view_line != fact.line else "",
                code(sed(run, fact.line)),
            ]
        )
    return rows


def _derived(run: ReportRun, derived: Sequence[Derived], known: Known) -> str:
    rows = []
    page = run_page(run.id)
    for figure in derived:
        formula = figure.formula
        shown = known[f"{page}#{formula.name}"]
        meaning = formula.meaning + (f" ({formula.source})" if formula.source else "")
        named = f'<a id="{formula.name}"></a>{formula.name}<br>{escaped(meaning)}'
        value = link(shown.text, f"#{formula.name}")
        rows.append([named, value, formula.unit, f"{code(expression(formula))}<br>{_inputs(figure, page)}"])
    if not rows:
        return ""
    header = ["figure", "value", "unit", "formula and inputs"]
    said = "Computed from facts, documented constants and one another; the log prints none of them."
    return f"## Derived\n\n{said}\n\n{table(header, rows, 'lrll')}"


def _inputs(figure: Derived, page: str) -> str:
    return ", ".join(
        f"{item.name} = {link(escaped(item.value), f'{relative(item.page, page)}#{item.anchor}')}"
        for item in figure.inputs
    )


def _disagreements(run: ReportRun, impossible: Sequence[Derived]) -> str:
    """Return the section that names the inputs of figures that cannot be; nothing where there are none."""
    rows = [
        [
            figure.formula.name,
            f"{code(expression(figure.formula))}<br>{_inputs(figure, run_page(run.id))}",
            code(_allowed(figure)),
        ]
        for figure in impossible
    ]
    if not rows:
        return ""
    said = "These facts disagree: a figure computed from them is impossible. It is left out."
    return f"## Disagreement\n\n{said}\n\n{table(['figure', 'formula and inputs', 'possible'], rows, 'lll')}"


def _allowed(figure: Derived) -> str:
    low, high = figure.formula.bounds
    return f"from {low:g}" if math.isinf(high) else f"from {low:g} to {high:g} {figure.formula.unit}"


def _declared(run: ReportRun) -> str:
    if not run.declared:
        return ""
    body = [
        [
            f'<a id="declared-{said.name}"></a>{said.name}',
            link(escaped(said.value), f"#declared-{said.name}"),
            link(escaped(said.source), where) if (where := said.url or run.entry.url) else escaped(said.source),
        ]
        for said in run.declared
    ]
    rows = table(["name", "value", "said by"], body, "lrl")
    said = "Not in the log: said by a person."
    return f"## Declared\n\n{said}\n\n{rows}"


def _series(run: ReportRun, picture: Picture | None) -> str:
    if not run.run.series:
        return ""
    steps = sorted({step for series in run.run.series for step in _sampled(series.steps)})
    places = [{step: place for place, step in enumerate(series.steps)} for series in run.run.series]
    header = ["step", *(_heading(series) for series in run.run.series), "line"]
    columns = list(zip(run.run.series, places, strict=True))
    rows = [_series_row(run, step, columns) for step in steps]
    figure = f"{picture.markdown('../')}\n\n" if picture else ""
    note = "Some of the points; all are in [facts.csv](../data/facts.csv).\n\n"
    count = max(len(series.steps) for series in run.run.series)
    return f"## By step\n\n{figure}{note if count > _EVERY else ''}{table(header, rows, 'r' * len(header))}"


def _heading(series: Series) -> str:
    unit = f", {series.unit}" if series.unit else ""
    return f'<a id="series-{series.name}"></a>{series.name}{unit}'


def _sampled(steps: Sequence[int]) -> list[int]:
    """Return every 50th step, of a long series fewer, and the last; all where they are no more than that."""
    if len(steps) <= _EVERY:
        return list(steps)
    stride = max(_EVERY, -(-len(steps) // _MOST_POINTS))
    return [*steps[:-1:stride], steps[-1]]


def _series_row(run: ReportRun, step: int, columns: Sequence[tuple[Series, Mapping[int, int]]]) -> list[str]:
    cells, line = [], ""
    for series, places in columns:
        place = places.get(step)
        if place is None:
            cells.append("–")
            continue
        where = source(run, series.lines[place], series.view_lines[place])
        cells.append(link(escaped(series.values[place]), where))
        line = line or link(str(series.lines[place]), where)
    return [code(str(step)), *cells, line]


def _log(run: ReportRun) -> str:
    facts, entry = run.log.facts, run.entry
    if not entry.sha256:
        return f"## Log\n\n{code(entry.path)}: of the log itself only its facts were at hand, in a data set.\n"
    if entry.kept:
        held = f"kept whole in this repository: [its text]({relative(log_page(run.entry.slug), run_page(run.id))})."
    elif not entry.url:
        held = "read from a folder."
    else:
        held = f"[the original]({entry.url}) is its author's ({code(entry.author)}); here lies a transcription."
    note = f"{escaped(entry.note)}\n\n" if entry.note else ""
    rows = [
        ["size, bytes", code(str(entry.size))],
        [code("sha256"), f'<code class="sha256">{entry.sha256}</code>'],
        ["lines", code(str(facts.lines))],
        ["lines that gave facts", code(str(facts.lines_with_facts))],
        ["lines of known noise", code(str(facts.lines_of_noise))],
        ["lines not understood", code(str(facts.lines_unknown))],
    ]
    return f"## Log\n\n{code(entry.path)}: {held}\n\n{note}{table(['of the log', 'what is known'], rows, 'lr')}"
