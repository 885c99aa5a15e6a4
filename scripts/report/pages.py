"""The pages that are wholly made by code: the index of runs and a page a run."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.facts import Fact, Series
from parsers.vocabulary import KINDS
from scripts.report.blocks import cell
from scripts.report.markdown import checked, code, escaped, link, table
from scripts.report.quantities import Quantity, run_page
from scripts.report.results import ReportRun, Results, anchor

_GENERATED = "<!-- made by the build; changes are lost -->\n"
_HEADINGS = {
    "run": "What it is",
    "parameter": "What was set",
    "metric": "What was measured",
    "environment": "Where it ran",
}
_EVERY = 50


def generated_pages(results: Results, known: Mapping[str, Quantity]) -> dict[str, str]:
    """Return the generated pages by their path below docs/."""
    pages = {"runs/index.md": runs_index(results, known)}
    pages |= {run_page(run.id): run_text(run) for run in results.runs}
    return {path: _GENERATED + "\n" + checked(text) for path, text in pages.items()}


def runs_index(results: Results, known: Mapping[str, Quantity]) -> str:
    """Return the index: every run, the failed ones too."""
    names = ("system", "workload", "stage", "outcome", "throughput")
    page = "runs/index.md"
    body = [
        [
            *(cell(known, run, name, "", page) for name in names),
            f"{run.run.first_line}–{run.run.last_line}",
            escaped(run.entry.path),
            link(run.id, f"{run.id}.md"),
        ]
        for run in results.runs
    ]
    header = ["system", "workload", "stage", "outcome", "samples/s", "lines", "log", "run"]
    return (
        "# Runs\n\nEvery run of every log, the failed ones too: "
        f"{len(results.runs)} runs in {len(results.logs)} logs.\n\n"
        + table(header, body, "llllrrll")
        + "\nThe same as data: [facts.csv](../data/facts.csv), [runs.csv](../data/runs.csv).\n"
    )


def run_text(run: ReportRun) -> str:
    """Return a run's page: its facts by kind, each with its line, its series, what is declared, and its log."""
    return "\n".join([f"# {run.id}\n", _summary(run), *_facts(run), *_series(run), _declared(run), _log(run)])


def _summary(run: ReportRun) -> str:
    where = f"lines {run.run.first_line} to {run.run.last_line} of {run.log.facts.lines}"
    named = " ".join(escaped(run.word(name)) for name in ("system", "workload", "stage") if run.word(name))
    reason = run.word("failure_reason")
    outcome = f"**{escaped(run.word('outcome'))}**" + (f" ({escaped(reason)})" if reason else "")
    return f"{named}: {outcome}; {where} of {code(run.entry.path)}.\n"


def _facts(run: ReportRun) -> list[str]:
    parts = []
    for kind in KINDS:
        facts = [fact for fact in run.run.facts if fact.kind == kind]
        if facts:
            header = ["fact", "value", "unit", "line", "view line", "prints the line"]
            rows = table(header, [_row(run, fact) for fact in facts], "lrlrrl")
            parts.append(f"## {_HEADINGS[kind]}\n\n{rows}")
    return parts


def _row(run: ReportRun, fact: Fact) -> list[str]:
    place = anchor(fact.name, fact.device)
    named = f"{fact.name} ({escaped(fact.device)})" if fact.device else fact.name
    return [
        f'<a id="{place}"></a>{escaped(named)}',
        escaped(fact.value),
        fact.unit,
        link(str(fact.line), permalink(run, fact.view_line)),
        str(fact.view_line),
        code(sed(run, fact.line)),
    ]


def permalink(run: ReportRun, view_line: int) -> str:
    """Return the address of a line of the log at its author's."""
    return f"{run.entry.url}#L{view_line}"


def sed(run: ReportRun, line: int) -> str:
    """Return the command that prints a line of the original log."""
    return f"sed -n {line}p raw_logs/{run.entry.path}"


def _series(run: ReportRun) -> list[str]:
    if not run.run.series:
        return []
    steps = sorted({step for series in run.run.series for step in _sampled(series.steps)})
    header = [
        "step",
        *(f"{series.name}{f', {series.unit}' if series.unit else ''}" for series in run.run.series),
        "line",
    ]
    body = [[str(step), *(_at(series, step) for series in run.run.series), _line(run, step)] for step in steps]
    count = max(len(series.steps) for series in run.run.series)
    note = (
        f"Every {_EVERY}th of {count} points; all of them are in [facts.csv](../data/facts.csv).\n\n"
        if count > _EVERY
        else ""
    )
    return [f"## By step\n\n{note}{table(header, body, 'r' * len(header))}"]


def _sampled(steps: list[int]) -> list[int]:
    return (
        steps
        if len(steps) <= _EVERY
        else [step for place, step in enumerate(steps) if place % _EVERY == 0 or place == len(steps) - 1]
    )


def _at(series: Series, step: int) -> str:
    return escaped(series.values[series.steps.index(step)]) if step in series.steps else "–"


def _line(run: ReportRun, step: int) -> str:
    for series in run.run.series:
        if step in series.steps:
            place = series.steps.index(step)
            return link(str(series.lines[place]), permalink(run, series.view_lines[place]))
    return "–"


def _declared(run: ReportRun) -> str:
    if not run.declared:
        return ""
    body = [[f'<a id="declared-{d.name}"></a>{d.name}', escaped(d.value), escaped(d.source)] for d in run.declared]
    return "## Declared\n\nNot in the log: said by a person.\n\n" + table(["name", "value", "said by"], body, "lrl")


def _log(run: ReportRun) -> str:
    facts, entry = run.log.facts, run.entry
    note = f"\n{escaped(entry.note)}\n" if entry.note else ""
    return (
        f"## Log\n\n{link(escaped(entry.path), entry.url)} by {escaped(entry.author)}, {entry.size} bytes, "
        f"sha256 `{entry.sha256}`.\n{note}\n"
        f"Of its {facts.lines} lines {facts.lines_with_facts} gave facts, {facts.lines_of_noise} are known noise, "
        f"{facts.lines_unknown} were not understood.\n"
    )
