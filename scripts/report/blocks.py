"""The named blocks of hand-written pages: a function a block, from the page it stands on to Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from parsers.vocabulary import term
from scripts.report.links import Block
from scripts.report.markdown import escaped, link, table
from scripts.report.quantities import Quantity, relative, run_page
from scripts.report.results import ReportRun, Results, anchor

# What the table of a system's runs shows: the heading, the fact's name, the device where there are several.
Column = tuple[str, str, str]
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "SambaNova": (
        ("tasks", "ntasks", ""),
        ("nodes", "nodes", ""),
        ("samples/s", "throughput", ""),
        ("tokens/s", "token_throughput", ""),
        ("training, s", "train_time", ""),
        ("compile, s", "compile_time", ""),
    ),
    "Graphcore": (
        ("learning rate (declared)", "declared-learning_rate", ""),
        ("test accuracy, %", "test_accuracy", ""),
        ("epochs", "epochs", ""),
        ("s/epoch", "epoch_time", ""),
        ("compile, s", "compile_time", ""),
    ),
    "Cerebras": (
        ("batch size, samples", "batch_size", ""),
        ("samples/s", "throughput", ""),
        ("training loop, s", "reported_time", ""),
        ("compile, s", "compile_time", ""),
        ("whole job, s", "total_time", ""),
    ),
    "Groq": (
        ("sequence length, tokens", "sequence_length", ""),
        ("accuracy, %", "accuracy", "groq"),
        ("end to end, inferences/s", "end_to_end_throughput", "groq"),
        ("on chip, inferences/s", "on_chip_throughput", "groq"),
        ("CPU, inferences/s", "end_to_end_throughput", "cpu"),
    ),
}


def blocks(results: Results, known: Mapping[str, Quantity]) -> dict[str, Block]:
    """Return every block by its name."""
    return {
        f"{system.lower()}-runs": partial(runs_table, results.of(system), columns, known)
        for system, columns in _COLUMNS.items()
    }


def runs_table(runs: Sequence[ReportRun], columns: Sequence[Column], known: Mapping[str, Quantity], page: str) -> str:
    """Return the table of a system's runs: every number a link to its fact."""
    header = [*(heading for heading, _, _ in columns), "outcome", "run"]
    body = [
        [
            *(cell(known, run, name, device, page) for _, name, device in columns),
            cell(known, run, "outcome", "", page),
            link(run.id, relative(run_page(run.id), page)),
        ]
        for run in runs
    ]
    return table(header, body, "r" * len(columns))


def cell(known: Mapping[str, Quantity], run: ReportRun, name: str, device: str, page: str) -> str:
    """Return a cell that states a fact of a run: a link; a declared value, marked so; a dash where there is none."""
    for place, mark in ((anchor(name, device), ""), (f"declared-{name}", " (declared)")):
        quantity = known.get(f"{run_page(run.id)}#{place}")
        if quantity is not None:
            return link(escaped(quantity.text), quantity.target(page)) + mark
    return "–"


def heading(name: str) -> str:
    """Return a fact's name as a column's heading, with its unit."""
    unit = term(name).unit
    words = name.replace("_", " ")
    return f"{words}, {unit}" if unit else words
