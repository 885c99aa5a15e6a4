"""The tables and lists of pages, each a function to Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..proofread.stated import StatedRun
from ..reader import BY_NAME, FACTS
from .claims import CLAIMS_PAGE, Claim, claims, homework_runs
from .comparable import settings_that_vary
from .derive import constants
from .known import CONSTANTS_PAGE, RUNS_PAGE, Known, Quantity, column, relative, run_page
from .links import Block
from .markdown import code, escaped, explained, link, table
from .naming import facts_of
from .results import ReportRun, Results
from .rounding import CONSTANT_DIGITS, shown
from .system import Column, RunsTable, System, system_of
from .verification import VERIFICATION_PAGE

# A table of more runs shows the first ones of each setting. So a page stays light; all runs have a list of their own.
MOST_ROWS = 60
# What a table shows where there is nothing to show.
NOTHING = "–"
# What a page of all runs says where there is none.
NO_RUN = "No run is here yet. `testbed-report add-log LOG` adds a log, and the next build makes its pages."
MARKS = {"completed": "✓", "failed": "✗", "killed": "✗", "truncated": "…", "unknown": "?"}


def blocks() -> dict[str, Block]:
    """Return every block of a hand-written page by its name."""
    return {"facts-columns": _facts_columns}


def _facts_columns(_page: str) -> str:
    """Return the columns of the facts table, with their types and meanings."""
    rows = [[code(column.name), column.type, escaped(column.meaning)] for column in FACTS]
    return table(["column", "type", "meaning"], rows)


def runs_table(system: System, runs: Sequence[ReportRun], shape: RunsTable, known: Known, page: str) -> str:
    """Return a table of a system's runs: each number a link, the outcome a word with a mark.

    Of more than `MOST_ROWS` runs, it shows the first ones of each setting, and says where the others are.
    """
    shown_runs = [run for run in runs if _has_row(run, shape)]
    if not shown_runs:
        return ""
    rows = _some(system, _by_setting(system, shown_runs, known), known)
    rest = "" if len(rows) == len(shown_runs) else _rest(page)
    columns = (*shape.columns, *(_that_vary(shown_runs, shape) if shape.outcome else ()))
    header = [*map(_heading, columns), *(["outcome"] if shape.outcome else []), "run"]
    table_columns = [cells(known, rows, column, page) for column in columns]
    table_columns += [[outcome(run, known, page) for run in rows]] if shape.outcome else []
    links = [link(escaped(facts_of(known.label(run))), relative(run_page(run.id), page)) for run in rows]
    body = zip(*table_columns, links, strict=True)
    align = "".join("l" if column.name == "stage" else "r" for column in columns)
    return f"{caption(_caption(system, shape))}\n\n{table(header, body, align)}{rest}"


def _some(system: System, runs: Sequence[ReportRun], known: Known) -> list[ReportRun]:
    """Return runs; if there are too many, the first ones of each setting."""
    if len(runs) <= MOST_ROWS:
        return list(runs)
    of_setting: dict[str, list[ReportRun]] = {}
    for run in runs:
        column = system.setting(run.stated("workload"))
        value = known.text(run, column.name, column.device) if column else ""
        of_setting.setdefault(f"{run.word('stage')} {value}", []).append(run)
    share = max(1, MOST_ROWS // len(of_setting))
    return [run for same in of_setting.values() for run in same[:share]][:MOST_ROWS]


def _rest(page: str) -> str:
    everything = link("The list of runs", relative(RUNS_PAGE, page))
    return f"\nThe table has the first runs of each setting. {everything} has all of them.\n"


def caption(text: str) -> str:
    """Return the caption of the table that follows, for those who see the page and for those who hear it."""
    return f'<span class="caption">{escaped(text)}</span>'


def _caption(system: System, shape: RunsTable) -> str:
    name = next((name for name, own in system.tables.items() if own is shape), "runs")
    if not shape.outcome:
        return f"{name.capitalize()} of the runs of {system.name}"
    return f"Runs of {system.name}" + ("" if name == "runs" else f": {name}")


def _that_vary(runs: Sequence[ReportRun], shape: RunsTable) -> list[Column]:
    """Return a column for every setting that varies among runs and that the table does not show."""
    shown_already = {column.name for column in shape.columns}
    names = [name for name in settings_that_vary(runs) if name not in shown_already]
    return [Column(name.replace("_", " "), name) for name in names]


def _heading(column: Column) -> str:
    """Return the heading of a column, with an arrow where more or less of a fact is better."""
    known = BY_NAME.get(column.name)
    if known is None or not known.better:
        return column.heading
    arrow = {"more": "↑", "less": "↓"}[known.better]
    return f'{column.heading} <abbr title="{known.better} is better">{arrow}</abbr>'


def _has_row(run: ReportRun, shape: RunsTable) -> bool:
    compiles = run.word("stage") == "compile"
    return (shape.compiles or not compiles) and shape.workload in ("", run.word("workload"))


def _by_setting(system: System, runs: Sequence[ReportRun], known: Known) -> list[ReportRun]:
    """Return compiles first, then runs in the order of the varied setting, last those that do not state it."""

    def place(run: ReportRun) -> tuple[bool, float]:
        column = system.setting(run.word("workload"))
        value = known.number(run, column.name, column.device) if column else None
        return run.word("stage") != "compile", math.inf if value is None else value

    return sorted(runs, key=place)


def outcomes(system: System, runs: Sequence[ReportRun], known: Known, page: str) -> str:
    """Return how the runs ended, compiles aside: a line for each setting, its values by outcome, in words and marks."""
    ended: dict[str, dict[str, list[str]]] = {}
    for run in _by_setting(system, [run for run in runs if run.word("stage") != "compile"], known):
        column = system.setting(run.word("workload"))
        if column is None:
            continue
        outcome = run.word("outcome")
        checked = " a check after finishing" if failed_after_finishing(run) else ""
        value = cell(known, run, column.name, column.device, page)
        ended.setdefault(column.heading, {}).setdefault(f"{MARKS.get(outcome, '')} {outcome}{checked}", []).append(
            value if value != NOTHING else link("not stated", relative(run_page(run.id), page))
        )
    lines = [
        " · ".join([escaped(heading), *(f"{outcome}: {', '.join(values)}" for outcome, values in by_outcome.items())])
        for heading, by_outcome in ended.items()
    ]
    return "\n\n".join(lines)


def documented_table(system: str, page: str) -> str:
    """Return the documented constants of a system: what each is, its value and unit, who says so and when."""
    body = [
        [
            explained(constant.meaning),
            link(shown(constant.value, CONSTANT_DIGITS), f"{relative(CONSTANTS_PAGE, page)}#{constant.name}"),
            constant.unit,
            link(explained(constant.source), constant.url),
            f'<span class="state">{constant.date}</span>',
        ]
        for constant in constants().values()
        if constant.name.startswith(f"{system.lower()}_")
    ]
    return table(["what", "value", "unit", "source", "as of"], body, "lrlll")


def checked(results: Results, known: Known, page: str) -> str:
    """Return the result of the last verification, and the day of the newest log."""
    right, numbers = (known.get(f"{VERIFICATION_PAGE}#{name}") for name in ("right", "numbers"))
    if right is None or numbers is None:
        how = link("how they are verified", f"{relative('method.md', page)}#how-it-is-proven")
        checked = f"not verified since the data changed ({how})"
    else:
        counts = [link(quantity.text, quantity.target(page)) for quantity in (right, numbers)]
        sorts = link("all checked numbers", relative(VERIFICATION_PAGE, page))
        commit = known.get(f"{VERIFICATION_PAGE}#commit")
        at = f", of commit {link(commit.text, commit.target(page))}" if commit is not None else ""
        checked = f"{counts[0]} of {counts[1]} numbers were right in the last verification{at} ({sorts})"
    accelerators = [run for run in results.runs if system_of(run.system).accelerator]
    dated = [run for run in accelerators if run.word("started_at")]
    if not dated:
        return f"**Checked:** {checked}.\n"
    newest = max(dated, key=lambda run: run.word("started_at"))
    begun = known[f"{run_page(newest.id)}#started_at"]
    undated = {run.system for run in accelerators} - {run.system for run in dated}
    without = f" (the logs of {', '.join(sorted(undated))} have no date)" if undated else ""
    return (
        f"**Checked:** {checked}.\n\n"
        f"**Newest dated log of an accelerator:** {link(escaped(begun.text), begun.target(page))}{without}.\n"
    )


def claims_list(known: Known, page: str) -> str:
    """Return how each claim is decided: what the proof-reader finds, or what is asked and the expression."""
    lines, runs = [], homework_runs(known)
    for claim in claims():
        verdict = known[f"{CLAIMS_PAGE}#{claim.name}"]
        meaning = explained(claim.meaning) or _found(claim, runs, known, page)
        lines += [f'- <a id="{claim.name}"></a>{link(verdict.text, verdict.target(page))}: {meaning}']
        if claim.expression:
            lines += ["", "    ```python", *(f"    {line}" for line in claim.expression.splitlines()), "    ```"]
        lines.append("")
    return "\n".join(lines) + "\n"


def _found(claim: Claim, runs: Sequence[StatedRun], known: Known, page: str) -> str:
    """Return what the proof-reader finds of a quotation: each number with its verdict and a link to the fact."""
    verdicts = []
    for row in claim.judged(runs):
        facts = (f"{run_page(row.run)}#{name}" for name in (row.quantity, f"declared-{row.quantity}"))
        fact = next((known[address] for address in facts if address in known), None)
        shown = link(fact.text, fact.target(page)) if fact else code(row.note)
        verdicts.append(f"{code(row.text)} is {row.verdict} ({escaped(row.quantity)} {shown})")
    return f"{'; '.join(verdicts)}."


def setting(run: ReportRun, known: Known, page: str) -> str:
    """Return what the question varied and the run's value of it; a dash where neither log nor person says."""
    column = system_of(run.system).setting(run.word("workload"))
    if column is None or known.of(run, column.name, column.device) is None:
        return NOTHING
    words = f"{column.heading.partition(',')[0]} {cell(known, run, column.name, column.device, page)}"
    return f'<span class="state">{words}</span>'


def outcome(run: ReportRun, known: Known, page: str) -> str:
    """Return the outcome in words; a run that failed after its results says so, because the results are valid."""
    words = cell(known, run, "outcome", "", page)
    mark = MARKS.get(run.word("outcome"), "")
    if failed_after_finishing(run):
        why = link("why", f"{relative(run_page(run.id), page)}#failure_reason")
        words += f" its check after finishing ({why})"
    return f'<span class="state">{mark} {words}</span>'


def outcome_words(run: ReportRun) -> str:
    """Return the outcome of a run in words, for a heading."""
    if failed_after_finishing(run):
        return "failed its check"
    outcome = run.word("outcome")
    return "outcome unknown" if outcome in ("", "unknown") else outcome


def failed_after_finishing(run: ReportRun) -> bool:
    """Return whether a run failed only after it had printed its results, which are valid."""
    return run.word("outcome") == "failed" and bool(run.word("throughput"))


def cell(known: Known, run: ReportRun, name: str, device: str, page: str) -> str:
    """Return a cell with a fact of a run: a link, a declared value (marked), or a dash."""
    return _cell(quantity := known.of(run, name, device), quantity.text if quantity else "", page)


def cells(known: Known, runs: Sequence[ReportRun], of: Column, page: str) -> list[str]:
    """Return the cells of a column, one per run, with the same decimals."""
    quantities = [known.of(run, of.name, of.device) for run in runs]
    return [_cell(*pair, page) for pair in zip(quantities, column(quantities), strict=True)]


def _cell(quantity: Quantity | None, text: str, page: str) -> str:
    if quantity is None:
        return NOTHING
    return link(escaped(text), quantity.target(page)) + (" (declared)" if quantity.sort == "declared" else "")
