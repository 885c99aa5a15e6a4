"""The pages that are wholly made by code, by their path below docs/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.report.blocks import cell
from scripts.report.derive import Constant, Derived
from scripts.report.drawing import Picture
from scripts.report.markdown import checked, code, escaped, link, table
from scripts.report.package import DATA_PAGE, DataFile, data_page
from scripts.report.quantities import CONSTANTS_PAGE, RUNS_PAGE, Quantity, log_page, run_page
from scripts.report.reference import constants_page, glossary, log_text
from scripts.report.results import Results
from scripts.report.run_page import run_text

GENERATED = "<!-- made by the build: changes are lost -->\n"
# Pages of wide tables, which no other page of a section stands beside, take the room of the navigation too.
_WIDE, _FRONT = ("runs/", "data/"), "---\nhide: [navigation]\n---\n\n"


def generated_pages(
    results: Results,
    derived: Sequence[Derived],
    constants: Sequence[Constant],
    known: Mapping[str, Quantity],
    pictures: Mapping[str, Picture],
    tables: Sequence[DataFile],
) -> dict[str, str]:
    """Return every generated page."""
    pages = {
        RUNS_PAGE: runs_index(results, known),
        CONSTANTS_PAGE: constants_page(constants),
        "glossary.md": glossary(),
        DATA_PAGE: data_page(tables, results),
    }
    for run in results.runs:
        mine = [figure for figure in derived if figure.run.id == run.id]
        pages[run_page(run.id)] = run_text(run, mine, known, pictures)
    # Front matter must stand first; that of a page of log text is its own.
    pages = {
        path: f"{_FRONT if path.startswith(_WIDE) else ''}{GENERATED}\n{checked(text)}" for path, text in pages.items()
    }
    return pages | {log_page(log.entry.slug): checked(log_text(log)) for log in results.logs if log.entry.kept}


def home(results: Results, known: Mapping[str, Quantity]) -> str:
    """Return the home page of a data set that no hand-written page is about."""
    systems = sorted({run.system for run in results.runs})
    rows = [[escaped(system), code(str(len(results.of(system))))] for system in systems]
    counted = "\n".join(
        f"- {escaped(quantity.name)}: {link(quantity.text, f'{RUNS_PAGE}#{quantity.anchor}')}"
        for quantity in known.values()
        if quantity.sort == "counted"
    )
    links = (
        "[Runs](runs/index.md) · [Glossary](glossary.md) · [Documented constants](constants.md) · [Data](data/index.md)"
    )
    return f"{GENERATED}\n# Logs\n\n{counted}\n\n{table(['system', 'runs'], rows, 'lr')}\n{links}\n"


def runs_index(results: Results, known: Mapping[str, Quantity]) -> str:
    """Return the index: every run, the failed ones too, and how many there are of each outcome."""
    names = ("system", "workload", "stage", "outcome", "throughput")
    body = [
        [
            f'<span class="state">{link(run.id, f"{run.id}.md")}</span>',
            *(cell(known, run, name, "", RUNS_PAGE) for name in names),
            code(f"{run.run.first_line}-{run.run.last_line}"),
            code(run.entry.path),
        ]
        for run in results.runs
    ]
    header = ["run", "system", "workload", "stage", "outcome", "samples/s", "lines", "log"]
    counted = [
        [f'<a id="{quantity.anchor}"></a>{escaped(quantity.name)}', link(quantity.text, f"#{quantity.anchor}")]
        for quantity in known.values()
        if quantity.sort == "counted"
    ]
    return (
        "# Runs\n\nEvery run of every log, the failed ones too. The same as data: [facts.csv](../data/facts.csv), "
        f"[runs.csv](../data/runs.csv).\n\n{table(header, body, 'lllllrll')}\n"
        f"## How many\n\n{table(['of this data set', 'how many'], counted, 'lr')}"
    )
