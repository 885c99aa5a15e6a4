"""The index of runs: every run, the failed ones too, on as many pages as keep each of them light."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.report.blocks import cell, outcome, setting
from scripts.report.known import RUNS_PAGE, Known
from scripts.report.markdown import code, escaped, link, table
from scripts.report.results import ReportRun, Results

# So many rows make a page of some 200 kB in HTML.
RUNS_A_PAGE = 150
# The browser loads the whole search index. With more runs their pages would make most of it: some 6 kB each.
RUNS_IN_SEARCH = 300
_NAMES = ("system", "workload", "stage")
_HEADER = ("run", "outcome", "what was varied", *_NAMES, "lines", "log")


def runs_index(results: Results, known: Known) -> dict[str, str]:
    """Return the pages of the index by their path below docs/; what there is of each outcome stands on the first."""
    runs = results.runs
    shares = [runs[start : start + RUNS_A_PAGE] for start in range(0, len(runs), RUNS_A_PAGE)] or [()]
    return {
        _path(number): _page(number, len(shares), share, len(runs), known) for number, share in enumerate(shares, 1)
    }


def _path(number: int) -> str:
    """Return the path of a page; no run is called so, for a run's id ends in a hyphen and its ordinal."""
    return RUNS_PAGE if number == 1 else f"runs/index{number}.md"


def _page(number: int, pages: int, runs: Sequence[ReportRun], all_runs: int, known: Known) -> str:
    rows = table(_HEADER, [_row(run, known) for run in runs], "llllllll")
    ways = _ways(number, pages)
    if number > 1:
        return f"# Runs, page {number}\n\n{ways}{rows}"
    unsearched = "" if all_runs <= RUNS_IN_SEARCH else " The search finds these lists, not the page of each run."
    return (
        "# Runs\n\nEvery run of every log, the failed ones too. The same as data: [facts.csv](../data/facts.csv), "
        f"[runs.csv](../data/runs.csv).{unsearched}\n\n{ways}{rows}\n"
        f"## How many\n\n{table(['of this data set', 'how many'], _counted(known), 'lr')}"
    )


def _row(run: ReportRun, known: Known) -> list[str]:
    return [
        f'<span class="state">{link(run.id, f"{run.id}.md")}</span>',
        outcome(run, known, RUNS_PAGE),
        setting(run, known, RUNS_PAGE),
        *(cell(known, run, name, "", RUNS_PAGE) for name in _NAMES),
        code(f"{run.run.first_line}-{run.run.last_line}"),
        code(run.entry.path),
    ]


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
