"""The same model on several systems: which values of their training runs compare, and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from .blocks import cell, cells
from .derive import expression
from .formulas import model_flop_per_sample
from .known import CONSTANTS_PAGE, Known, relative, run_page
from .markdown import code, escaped, link, table
from .results import ReportRun, Results
from .rounding import counted
from .system import Column, system_of

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
# So many runs make tables of some 30 kB.
MOST_RUNS = 60
_ABOUT = (
    "The tables rank nothing. No log states the precision or the data. What a chip is differs: the "
    "[glossary]({glossary}#derived-figures) has the formula `chips` of each system.\n\n"
    "The operations of the model are what training needs by its definition, not what a chip executes. Only "
    "those of the layers are counted, because no log states for how many tokens the heads compute. For one "
    "sample they are {formula}, with {terms} ([source]({url}), without recomputation)."
)
_URL = "https://arxiv.org/abs/2104.04473"


def same_models(results: Results, known: Known) -> list[list[ReportRun]]:
    """Return the runs that trained the same model at the same sequence length, where several systems did."""
    runs = [run for run in results.runs if known.of(run, "model_flop_rate") is not None]
    place = {run.id: (run.stated("workload"), run.stated("sequence_length")) for run in runs}
    alike = groupby(sorted(runs, key=lambda run: place[run.id]), key=lambda run: place[run.id])
    groups = [sorted(group, key=lambda run: _order(run, known)) for _, group in alike]
    return [group for group in groups if len({run.system for run in group}) > 1]


def same_model(groups: Sequence[list[ReportRun]], known: Known, page: str) -> str:
    """Return two tables per model: what is alike enough to be set side by side, and what differs."""
    parts = []
    for all_runs in groups:
        runs = _chosen(all_runs, known)
        length = cell(known, runs[0], "sequence_length", "", page)
        parts += [
            f"{code(runs[0].stated('workload'))} at {length} tokens, training:\n",
            *_left_out(len(all_runs) - len(runs), page),
            _table(runs, _ALIKE, known, page),
            "What differs:\n",
            _table(runs, _DIFFERENT, known, page, {"precision": _NOT_LOGGED, "data": _NOT_LOGGED}),
        ]
    return "\n".join([*parts, _about(known, page)])


def _chosen(runs: Sequence[ReportRun], known: Known) -> list[ReportRun]:
    """Return the runs that the tables show: of many, the first runs of each system and setting."""
    turns: Counter[tuple[int, float]] = Counter()
    by_turn = []
    for run in runs:
        order = _order(run, known)
        by_turn.append((turns[order], order, run))
        turns[order] += 1
    first = sorted(by_turn, key=lambda turn: turn[:2])[:MOST_RUNS]
    return [run for _, _, run in sorted(first, key=lambda turn: turn[1])]


def _left_out(count: int, page: str) -> list[str]:
    """Return the sentence that says how many runs the tables leave out; nothing where they show all."""
    if not count:
        return []
    data = link("runs.csv", relative("data/runs.csv", page))
    return [f"Each setting is shown by its first runs. {code(counted(count))} more are left out; {data} has all.\n"]


def _about(known: Known, page: str) -> str:
    """Return what the tables count, with the formula, its terms and its source."""
    constants = [known[f"{CONSTANTS_PAGE}#{name}"] for name in ("bert_large_layers", "bert_large_width")]
    terms = ", ".join(f"{code(constant.name)} = {link(constant.text, constant.target(page))}" for constant in constants)
    formula = code(expression(model_flop_per_sample))
    return _ABOUT.format(glossary=relative("glossary.md", page), formula=formula, terms=terms, url=_URL) + "\n"


def _order(run: ReportRun, known: Known) -> tuple[int, float]:
    column = system_of(run.system).setting(run.word("workload"))
    value = known.number(run, column.name, column.device) if column else None
    return system_of(run.system).order, value or 0


def _table(
    runs: list[ReportRun], columns: tuple[Column, ...], known: Known, page: str, said: dict[str, str] | None = None
) -> str:
    shown = [column for column in columns if any(known.of(run, column.name) for run in runs)]
    said = said or {}
    told = [cells(known, runs, column, page) for column in shown]
    rows = [
        [
            link(escaped(run.system), relative(run_page(run.id), page)),
            _setting(run, known, page),
            *(cells_of[place] for cells_of in told),
            *said.values(),
        ]
        for place, run in enumerate(runs)
    ]
    header = ["system", "setting", *(column.heading for column in shown), *said]
    return table(header, rows, "ll" + "r" * len(shown) + "l" * len(said))


def _setting(run: ReportRun, known: Known, page: str) -> str:
    column = system_of(run.system).setting(run.word("workload"))
    return f"{column.heading.partition(',')[0]} {cell(known, run, column.name, '', page)}" if column else ""
