"""The same model on several systems: what can be set side by side of their training runs, and what differs."""

from __future__ import annotations

from itertools import groupby

from scripts.report.blocks import cell
from scripts.report.known import Known, relative, run_page
from scripts.report.markdown import code, escaped, link, table
from scripts.report.results import ReportRun, Results
from scripts.report.system import Column, system_of

_ALIKE = (
    Column("samples/s", "throughput"),
    Column("tokens/s", "token_throughput"),
    Column("model TFLOP/s", "model_flop_rate"),
    Column("chips", "chips"),
    Column("samples/s per chip", "throughput_per_chip"),
    Column("model TFLOP/s per chip", "model_flop_rate_per_chip"),
)
_DIFFERENT = (
    Column("global batch size, samples", "global_batch_size"),
    Column("nodes", "nodes"),
    Column("release", "sdk_version"),
    Column("loop, s", "train_time"),
)
_NOT_LOGGED = "not logged"
_ABOUT = (
    "The tables rank nothing: what differs stands in the second one. No log states the precision or the data. The "
    "operations of the model are what training needs by its definition, and not what a chip executes. They are of the "
    "layers alone. Embeddings and heads are left out, because no log states for how many tokens the heads compute. "
    f"The formulas with their terms are in the {link('glossary', '{glossary}#derived-figures')}."
)


def same_models(results: Results, known: Known) -> list[list[ReportRun]]:
    """Return the runs that trained the same model at the same sequence length, where several systems did."""
    runs = [run for run in results.runs if known.of(run, "model_flop_rate") is not None]
    place = {run.id: (run.stated("workload"), run.stated("sequence_length")) for run in runs}
    alike = groupby(sorted(runs, key=lambda run: place[run.id]), key=lambda run: place[run.id])
    groups = [sorted(group, key=lambda run: _order(run, known)) for _, group in alike]
    return [group for group in groups if len({run.system for run in group}) > 1]


def same_model_block(results: Results, known: Known, page: str) -> str:
    """Return two tables per model: what is alike enough to be set side by side, and what differs."""
    parts = []
    for runs in same_models(results, known):
        length = cell(known, runs[0], "sequence_length", "", page)
        parts += [
            f"{code(runs[0].stated('workload'))} at {length} tokens, training:\n",
            _table(runs, _ALIKE, known, page),
            "What differs:\n",
            _table(runs, _DIFFERENT, known, page, {"precision": _NOT_LOGGED, "data": _NOT_LOGGED}),
            _ABOUT.format(glossary=relative("glossary.md", page)) + "\n",
        ]
    return "\n".join(parts) if parts else "No two systems trained the same model at the same sequence length.\n"


def _order(run: ReportRun, known: Known) -> tuple[int, float]:
    column = system_of(run.system).setting(run.word("workload"))
    value = known.number(run, column.name, column.device) if column else None
    return system_of(run.system).order, value or 0


def _table(
    runs: list[ReportRun], columns: tuple[Column, ...], known: Known, page: str, said: dict[str, str] | None = None
) -> str:
    shown = [column for column in columns if any(known.of(run, column.name) for run in runs)]
    said = said or {}
    rows = [
        [
            link(escaped(run.system), relative(run_page(run.id), page)),
            _setting(run, known, page),
            *(cell(known, run, column.name, "", page) for column in shown),
            *said.values(),
        ]
        for run in runs
    ]
    header = ["system", "setting", *(column.heading for column in shown), *said]
    return table(header, rows, "ll" + "r" * len(shown) + "l" * len(said))


def _setting(run: ReportRun, known: Known, page: str) -> str:
    column = system_of(run.system).setting(run.word("workload"))
    return f"{column.heading.partition(',')[0]} {cell(known, run, column.name, '', page)}" if column else ""
