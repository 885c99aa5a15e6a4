"""The page of a run: results, facts with the words of their lines, derived figures, series, and source."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence

from ..reader import BY_NAME, KINDS, Fact, Series, marks
from .agreement import agreement_text
from .blocks import NOTHING, failed_after_finishing, outcome_words, setting
from .contradictions import contradictions_text
from .derive import Derived, expression
from .known import Known, Quantity, log_page, relative, run_page
from .log_page import has_page, provenance
from .markdown import code, escaped, explained, link, table
from .naming import between_lines, line_of, run_title, title
from .package import CITATION
from .picture import Picture
from .results import ReportRun, anchor
from .rounding import counted, shown
from .system import Column, system_of

_HEADINGS = {
    "metric": "What was measured",
    "parameter": "What was set",
    "run": "What it is",
    "environment": "Where it ran",
}
# The card that opens on a number looks for this mark.
_BETWEEN = '<span class="between">time between two lines; it ends on this line:</span>'
_EVERY = 50
# A long series has fewer points on the page, so that the page stays light.
_MOST_POINTS = 500
_MOST_RESULTS = 6


def run_text(run: ReportRun, derived: Sequence[Derived], known: Known, pictures: Mapping[str, Picture]) -> str:
    """Return the text of a run's page."""
    measured, *others = (_facts(run, kind, known) for kind in _HEADINGS)
    parts = [
        f"# {escaped(run_title(run.system, known.label(run), outcome_words(run)))}\n",
        _results(run, known),
        _summary(run, known),
        contradictions_text(run),
        measured,
        _derived(run, [figure for figure in derived if figure.possible], known),
        agreement_text(run, known),
        _disagreements(run, [figure for figure in derived if not figure.possible]),
        *others,
        _declared(run),
        _series(run, known, pictures.get(f"loss-{run.id}")),
        _log(run),
        f"## Cite\n\nThe button in a row copies a citation of it.\n\n> {CITATION}\n",
    ]
    return "\n".join(part for part in parts if part)


def source(run: ReportRun, line: int, view_line: int) -> str:
    """Return the address of a line of the log: its page here if the log is kept, else the author's permalink.

    A log that is only in somebody's folder has none.
    """
    if run.entry.kept:
        return f"{relative(log_page(run.entry.slug), run_page(run.id))}#L{line}"
    return f"{run.entry.url}#L{view_line}" if run.entry.url else ""


def sed(run: ReportRun, line: int | str) -> str:
    """Return the command that prints a line of the original log.

    It works in the project's folder; for a log that is not in a catalog, in the log's folder.
    """
    where = "raw_logs/" if run.entry.url or run.entry.kept else ""
    return f"sed -n {line}p {shlex.quote(f'{where}{run.entry.path}')}"


def _results(run: ReportRun, known: Known) -> str:
    """Return the strip of results: what answers the question first, then what else the table of runs shows."""
    items = [
        f'- <span class="what">{escaped(_named(quantity.name, column.device))}</span> '
        f"{link(escaped(quantity.text), f'#{quantity.anchor}')} {escaped(quantity.unit)}".rstrip()
        for column in _result_columns(run)
        if (quantity := known.of(run, column.name, column.device)) is not None and _is_result(quantity)
    ]
    if not items:
        return ""
    listed = "\n".join(items[:_MOST_RESULTS])
    return f'<div class="results" markdown>\n\n{listed}\n\n</div>\n'


def _result_columns(run: ReportRun) -> list[Column]:
    """Return which quantities may be in the strip: those of the table of runs, else all that is measured."""
    system = system_of(run.system)
    asked = system.question(run.stated("workload"))
    columns = [Column("", asked.metric, asked.device)] if asked else []
    for shape in system.tables.values():
        if shape.outcome and shape.workload in ("", run.word("workload")):
            columns += [Column("", column.name, column.device) for column in shape.columns]
    measured = [Column("", fact.name, fact.device) for fact in run.run.facts if fact.kind == "metric"]
    stated = [column for column in columns if run.run.fact(column.name, column.device)]
    return list(dict.fromkeys(columns if stated and run.word("stage") != "compile" else measured))


def _is_result(quantity: Quantity) -> bool:
    term = BY_NAME.get(quantity.name)
    return quantity.sort == "derived" or (term is not None and term.kind == "metric")


def _summary(run: ReportRun, known: Known) -> str:
    named = " ".join(escaped(run.word(name)) for name in ("system", "workload", "stage") if run.word(name))
    varied = setting(run, known, run_page(run.id))
    at = f", {varied}" if varied != NOTHING else ""
    reason = run.word("failure_reason")
    ended = f"Outcome: **{escaped(run.word('outcome'))}**"
    if failed_after_finishing(run):
        ended = "It finished, then **failed** its own check; its results are valid"
    why = f": {code(reason)}." if reason else "."
    span = code(f"{run.run.first_line}-{run.run.last_line}")
    name = f'<code class="run-id">{escaped(run.id)}</code>'
    return f"{name}: {named}{at}. {ended}{why} Lines {span} of {code(run.entry.path)}.\n"


def _named(name: str, device: str) -> str:
    return name.replace("_", " ") + (f" on {device}" if device else "")


def _facts(run: ReportRun, kind: str, known: Known) -> str:
    """Return the section of the facts of a kind; an empty text where there are none."""
    assert kind in KINDS
    facts = [fact for fact in run.run.facts if fact.kind == kind]
    if not facts:
        return ""
    viewed = any(fact.view_line != fact.line for fact in run.run.facts)
    header = ["fact", "value", "unit", "log line", *(["view line"] if viewed else []), "what the line says"]
    rows, seen = [], set[str]()
    for fact in facts:
        fact_anchor = anchor(fact.name, fact.device)
        value = escaped(fact.value) if fact_anchor in seen else f'<span id="{fact_anchor}">{escaped(fact.value)}</span>'
        seen.add(fact_anchor)
        view = [str(fact.view_line) if fact.view_line != fact.line else ""] if viewed else []
        rows.append([_fact(fact), value, fact.unit, _line_link(run, known, fact), *view, evidence(fact)])
    return f"## {_HEADINGS[kind]}\n\n{table(header, rows, 'lrlrrl' if viewed else 'lrlrl')}"


def _fact(fact: Fact) -> str:
    return escaped(f"{fact.name} ({fact.device})" if fact.device else fact.name)


def _line_link(run: ReportRun, known: Known, fact: Fact) -> str:
    its_title = title(fact.name, known.label(run), line_of(fact), device=fact.device)
    return link(str(fact.line), source(run, fact.line, fact.view_line), its_title)


def evidence(fact: Fact) -> str:
    """Return what the line of a fact says, as code with the value marked; nothing where it is not known."""
    if not fact.evidence:
        return ""
    parts, end = [], 0
    for begin, stop in marks(fact.name, fact.value, fact.evidence):
        parts += [escaped(fact.evidence[end:begin]), f"<mark>{escaped(fact.evidence[begin:stop])}</mark>"]
        end = stop
    words = f'<code class="evidence">{"".join(parts)}{escaped(fact.evidence[end:])}</code>'
    return f"{_BETWEEN} {words}" if between_lines(fact) else words


def _derived(run: ReportRun, derived: Sequence[Derived], known: Known) -> str:
    rows = []
    page = run_page(run.id)
    for figure in derived:
        formula = figure.formula
        meaning = formula.meaning + (f" ({formula.source})" if formula.source else "")
        value = f'<span id="{formula.name}">{escaped(known[f"{page}#{formula.name}"].text)}</span>'
        how = f"{_formula(figure)}<br>{_inputs(figure, page)}"
        rows.append([f"{escaped(formula.name)}<br>{explained(meaning)}", value, formula.unit, how])
    if not rows:
        return ""
    header = ["figure", "value", "unit", "formula and inputs"]
    caption = (
        "These figures are computed from facts, documented constants and one another. The log prints none of them."
    )
    return f"## Derived\n\n{caption}\n\n{table(header, rows, 'lrll')}"


def _formula(figure: Derived) -> str:
    return f'<code class="formula">{escaped(expression(figure.formula))}</code>'


def _inputs(figure: Derived, page: str) -> str:
    return ", ".join(
        f"{item.name} = {link(escaped(shown(item.value, None)), f'{relative(item.page, page)}#{item.anchor}')}"
        for item in figure.inputs
    )


def _disagreements(run: ReportRun, impossible: Sequence[Derived]) -> str:
    """Return the section with the inputs of impossible figures; nothing if there are none."""
    rows = [
        [
            figure.formula.name,
            f"{_formula(figure)}<br>{_inputs(figure, run_page(run.id))}",
            code(_allowed(figure)),
        ]
        for figure in impossible
    ]
    if not rows:
        return ""
    caption = "These facts disagree: a figure computed from them is impossible. It is left out."
    return f"## Disagreement\n\n{caption}\n\n{table(['figure', 'formula and inputs', 'possible'], rows, 'lll')}"


def _allowed(figure: Derived) -> str:
    low, high = figure.formula.bounds
    return f"from {low:g}" if math.isinf(high) else f"from {low:g} to {high:g} {figure.formula.unit}"


def _declared(run: ReportRun) -> str:
    if not run.declared:
        return ""
    body = [
        [
            escaped(declared.name),
            f'<span id="declared-{declared.name}">{escaped(declared.value)}</span>',
            link(escaped(declared.source), where)
            if (where := declared.url or run.entry.url)
            else escaped(declared.source),
        ]
        for declared in run.declared
    ]
    caption = "The log does not state these values; a person does."
    return f"## Declared\n\n{caption}\n\n{table(['name', 'value', 'declared by'], body, 'lrl')}"


def _series(run: ReportRun, known: Known, picture: Picture | None) -> str:
    if not run.run.series:
        return ""
    steps = sorted({step for series in run.run.series for step in _sampled(series.steps)})
    places = [{step: index for index, step in enumerate(series.steps)} for series in run.run.series]
    header = ["step", *(_heading(series) for series in run.run.series), "log line"]
    columns = list(zip(run.run.series, places, strict=True))
    label = known.label(run)
    rows = [_series_row(run, step, columns, label) for step in steps]
    figure = f"{picture.markdown('../')}\n\n" if picture else ""
    note = "The table shows some of the points. All are in [facts.csv](../data/facts.csv).\n\n"
    count = max(len(series.steps) for series in run.run.series)
    return f"## By step\n\n{figure}{note if count > _EVERY else ''}{table(header, rows, 'r' * len(header))}"


def _heading(series: Series) -> str:
    unit = f", {series.unit}" if series.unit else ""
    return f'<a id="series-{series.name}"></a>{series.name}{unit}'


def _sampled(steps: Sequence[int]) -> list[int]:
    """Return every 50th step (fewer of a long series) and the last, or all steps if there are few."""
    if len(steps) <= _EVERY:
        return list(steps)
    stride = max(_EVERY, -(-len(steps) // _MOST_POINTS))
    return [*steps[:-1:stride], steps[-1]]


def _series_row(
    run: ReportRun, step: int, columns: Sequence[tuple[Series, Mapping[int, int]]], label: str
) -> list[str]:
    """Return the points of a step and their line; a point on another line has its own link."""
    cells, first = [], ""
    for series, places in columns:
        index = places.get(step)
        if index is None:
            cells.append(NOTHING)
            continue
        line = series.lines[index]
        where = source(run, line, series.view_lines[index])
        first = first or link(str(line), where, f"step {counted(step)}, {label}, line {line}")
        own = link(escaped(series.values[index]), where, f"{series.name} at step {counted(step)}, {label}, line {line}")
        cells.append(escaped(series.values[index]) if first.startswith(f"[{line}]") else own)
    return [code(counted(step)), *cells, first]


def _log(run: ReportRun) -> str:
    """Return the section about the log: where it is, how to print one of its lines, and its checksums."""
    entry, page = run.entry, run_page(run.id)
    path = f'<code class="log-path">{escaped(entry.path)}</code>'
    if not entry.sha256:
        return f"## Log\n\n{path}: the report was made from a data set of facts, without the log.\n"
    if entry.kept:
        held = f"this repository keeps the whole log: [its text]({relative(log_page(entry.slug), page)})."
    elif entry.url:
        held = (
            f"[the original]({entry.url}) belongs to its author ({code(entry.author)}). The facts are transcribed here."
        )
    else:
        held = "the report read it from a folder."
    whole = f" [All runs of this log]({relative(log_page(entry.slug), page)})." if has_page(entry) else ""
    return f"## Log\n\n{path}: {held}{whole}\n\n{_command(run)}\n\n{provenance(run.log)}"


def _command(run: ReportRun) -> str:
    """Return how a line of the log is printed, and where the command works."""
    where = "in the folder of the logs, where the path begins"
    if run.entry.kept:
        where = "in the project's folder"
    elif run.entry.url:
        where = f"in the project's folder, after {code('make logs')}"
    command = code(sed(run, "LINE"))
    return f"This command prints a line of the log, with its number in place of LINE: {command}. Use it {where}."
