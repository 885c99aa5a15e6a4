"""The list of runs: every run, the failed ones too, on as many pages as keep each of them light.

`docs/assets/explorer.js` adds filters to it. Without script every run is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import NO_RUN, NOTHING, cell, outcome, setting
from .known import RUNS_PAGE, Known
from .markdown import code, escaped, link, table
from .results import ReportRun, Results
from .system import system_of

# So many rows make a page of some 200 kB in HTML.
RUNS_A_PAGE = 150
# The browser loads the whole search index. With more runs their pages would make most of it: some 6 kB each.
RUNS_IN_SEARCH = 300
_HEADER = ("run", "main result", "outcome", "workload", "stage", "lines", "log")


def runs_index(results: Results, known: Known) -> dict[str, str]:
    """Return the pages of the list by their path below docs/. The first page counts the runs of each outcome."""
    runs = results.runs
    shares = [runs[start : start + RUNS_A_PAGE] for start in range(0, len(runs), RUNS_A_PAGE)] or [()]
    return {_path(number): _page(number, len(shares), share, results, known) for number, share in enumerate(shares, 1)}


def _path(number: int) -> str:
    """Return the path of a page; no run has this name, because its id ends in a hyphen and its ordinal."""
    return RUNS_PAGE if number == 1 else f"runs/index{number}.md"


def _page(number: int, pages: int, runs: Sequence[ReportRun], results: Results, known: Known) -> str:
    rows = _explorer(number, pages, runs, results, known) if runs else f"{NO_RUN}\n"
    ways = _ways(number, pages)
    if number > 1:
        return f"# Runs, page {number}\n\n{ways}{rows}"
    unsearched = (
        "" if len(results.runs) <= RUNS_IN_SEARCH else " The search finds these lists, not the page of each run."
    )
    return (
        "# Runs\n\nThis list has every run of every log, including the failed ones. "
        "The same data as tables: [facts.csv](../data/facts.csv), "
        f"[runs.csv](../data/runs.csv).{unsearched}\n\n{ways}{rows}\n"
        f"## How many\n\n{table(['what', 'how many'], _counted(known), 'lr')}"
    )


def _explorer(number: int, pages: int, runs: Sequence[ReportRun], results: Results, known: Known) -> str:
    """Return the runs of a page, those of the reader's own machine folded, with what the filters offer."""
    mixed = len({system_of(run.system).accelerator for run in results.runs}) > 1
    shown = [run for run in runs if not mixed or system_of(run.system).accelerator]
    folded = [run for run in runs if run not in shown]
    systems = ",".join(dict.fromkeys(escaped(run.system) for run in results.runs))
    outcomes = ",".join(sorted({escaped(run.word("outcome")) for run in results.runs}))
    others = " ".join(_path(other).removeprefix("runs/") for other in range(1, pages + 1) if other != number)
    data = f'data-systems="{systems}" data-outcomes="{outcomes}" data-page="{number}" data-others="{others}"'
    return f'<div class="runs" {data} markdown>\n\n{_rows(shown, known)}{_folded(folded, known)}\n</div>\n'


def _folded(runs: Sequence[ReportRun], known: Known) -> str:
    if not runs:
        return ""
    systems = ", ".join(dict.fromkeys(escaped(run.system) for run in runs))
    summary = f"<summary>{systems}: small work on the reader's own machine</summary>"
    return f'\n<details class="own" markdown>\n{summary}\n\n{_rows(runs, known)}\n</details>\n'


def _rows(runs: Sequence[ReportRun], known: Known) -> str:
    return table(_HEADER, [_row(run, known) for run in runs], "lllllll") if runs else ""


def _row(run: ReportRun, known: Known) -> list[str]:
    return [
        _label(run, known),
        result(run, known, RUNS_PAGE),
        outcome(run, known, RUNS_PAGE),
        cell(known, run, "workload", "", RUNS_PAGE),
        cell(known, run, "stage", "", RUNS_PAGE),
        code(f"{run.run.first_line}-{run.run.last_line}"),
        code(run.entry.path),
    ]


def _label(run: ReportRun, known: Known) -> str:
    """Return what a run is called in the list: its system, which leads to its page, and its setting."""
    varied = setting(run, known, RUNS_PAGE)
    words = varied if varied != NOTHING else escaped(run.word("stage"))
    return f'[{escaped(run.system)}]({run.id}.md "{run.id}") {words}'


def result(run: ReportRun, known: Known, page: str) -> str:
    """Return the quantity of a run that answers its question, with its name and unit; for a compile, its time."""
    asked = system_of(run.system).question(run.stated("workload"))
    wanted = [(asked.metric, asked.device)] if asked else []
    for name, device in (*wanted, ("compile_time", "")):
        quantity = known.of(run, name, device)
        if quantity is not None:
            value = cell(known, run, name, device, page)
            return f'{name.replace("_", " ")} <span class="state">{value} {escaped(quantity.unit)}</span>'
    return NOTHING


def _counted(known: Known) -> list[list[str]]:
    return [
        [f'<a id="{quantity.anchor}"></a>{escaped(quantity.name)}', link(quantity.text, f"#{quantity.anchor}")]
        for quantity in known.values()
        if quantity.sort == "counted"
    ]


def _ways(number: int, pages: int) -> str:
    """Return the links to the neighbouring pages; nothing where there is but one page."""
    ways = {"first": 1, "previous": number - 1, "next": number + 1, "last": pages}
    links = [
        link(f"{word} page", _path(to).removeprefix("runs/"))
        for word, to in ways.items()
        if 1 <= to <= pages and to != number
    ]
    return f"{' · '.join(links)}\n\n" if links else ""
