"""The same model on several systems: which values of their runs compare, and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from . import words
from .blocks import NOTHING, cell, cells
from .derive import expression
from .findings import Finding
from .formulas import model_flop_per_sample
from .known import CONSTANTS_PAGE, Known, relative, run_page
from .markdown import code, escaped, link, table
from .results import ReportRun, Results
from .rounding import counted
from .same_findings import of_inference, of_training
from .system import Column, system_of


@dataclass(frozen=True)
class Work:
    """A kind of work that several systems do with the same model.

    `mark` is the figure that a run of it has. `alike` are the columns of the first table, `different` those of the
    second. `stated` are more columns of the second, in words. `findings` are what may be said of such runs.
    """

    name: str
    mark: str
    alike: tuple[Column, ...]
    different: tuple[Column, ...]
    stated: tuple[Column, ...]
    findings: Callable[[Sequence[ReportRun], Known, str], Mapping[str, Finding]]


_STATED = (Column("precision", "precision"), Column("data", "data"))
_WHEN = (Column("platform", "platform"), Column("release", "sdk_version"), Column("began", "started_at"))
TRAINING = Work(
    name="training",
    mark="model_flop_rate",
    alike=(
        Column("samples/s", "throughput"),
        Column("tokens/s", "token_throughput"),
        Column("model TFLOP/s", "model_flop_rate"),
        Column("chips", "chips"),
        Column("samples/s per chip", "throughput_per_chip"),
        Column("model TFLOP/s per chip", "model_flop_rate_per_chip"),
        Column("share of the documented peak, %", "model_flop_utilisation"),
    ),
    different=(
        Column("global batch size, samples", "global_batch_size"),
        Column("nodes", "nodes"),
        Column("loop, s", "train_time"),
        *_WHEN,
    ),
    stated=_STATED,
    findings=of_training,
)
INFERENCE = Work(
    name="inference",
    mark="inference_latency",
    alike=(Column("end to end, ms", "inference_latency"), Column("on the device, ms", "device_latency")),
    different=_WHEN,
    stated=(Column("execution", "execution"), *_STATED),
    findings=of_inference,
)
_NOT_LOGGED = "not logged"
_WORDS = words.WORDS / "same_model.md"
# So many runs make tables of some 30 kB.
MOST_RUNS = 60
_URL = "https://arxiv.org/abs/2104.04473"


def section(results: Results, known: Known, page: str) -> str:
    """Return the tables of each kind of work that several systems did with the same model; nothing where none did."""
    kinds = ((work, same_models(results, known, work)) for work in (TRAINING, INFERENCE))
    return "\n".join(same_model(groups, known, page, work) for work, groups in kinds if groups)


def same_models(results: Results, known: Known, work: Work = TRAINING) -> list[list[ReportRun]]:
    """Return the runs that worked with the same model at the same sequence length, where several systems did."""
    runs = [run for run in results.runs if known.of(run, work.mark) is not None]
    place = {run.id: (run.stated("workload"), run.stated("sequence_length")) for run in runs}
    alike = groupby(sorted(runs, key=lambda run: place[run.id]), key=lambda run: place[run.id])
    groups = [sorted(group, key=lambda run: _order(run, known)) for stated, group in alike if all(stated)]
    return [group for group in groups if len({run.system for run in group}) > 1]


def same_model(groups: Sequence[list[ReportRun]], known: Known, page: str, work: Work = TRAINING) -> str:
    """Return two tables per model: what is alike enough to be set side by side, and what differs."""
    sections = [
        words.written(_part(work.name), work.findings(of, known, page), _blocks(of, known, page, work)) for of in groups
    ]
    return "\n".join([*sections, words.written(_part(f"about {work.name}"), {}, _terms(known, page))])


def _part(name: str) -> str:
    return words.parts(_WORDS)[name]


def _blocks(all_runs: list[ReportRun], known: Known, page: str, work: Work) -> words.Blocks:
    runs = _chosen(all_runs, known)
    return {
        "workload": lambda: code(runs[0].stated("workload")),
        "length": lambda: cell(known, runs[0], "sequence_length", "", page),
        "left-out": lambda: _left_out(len(all_runs) - len(runs), page),
        "alike": lambda: _table(runs, work.alike, known, page),
        "different": lambda: _table(runs, work.different, known, page, work.stated),
        "methods": lambda: _methods(runs),
    }


def _methods(runs: Sequence[ReportRun]) -> str:
    systems = {run.system: system_of(run.system) for run in runs}
    return "\n".join(f"- {escaped(name)}: {system.method}" for name, system in systems.items())


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


def _left_out(count: int, page: str) -> str:
    """Return the sentence that says how many runs the tables leave out; nothing where they show all."""
    if not count:
        return ""
    data = link("runs.csv", relative("data/runs.csv", page))
    return f"Each setting is shown by its first runs. {code(counted(count))} more are left out; {data} has all."


def _terms(known: Known, page: str) -> words.Blocks:
    """Return what the words about the tables name: the formula of the operations, its terms and its source."""
    constants = [known[f"{CONSTANTS_PAGE}#{name}"] for name in ("bert_large_layers", "bert_large_width")]
    terms = ", ".join(f"{code(constant.name)} = {link(constant.text, constant.target(page))}" for constant in constants)
    return {
        "glossary": lambda: relative("glossary.md", page),
        "formula": lambda: code(expression(model_flop_per_sample)),
        "terms": lambda: terms,
        "url": lambda: _URL,
    }


def _order(run: ReportRun, known: Known) -> tuple[int, float]:
    column = system_of(run.system).setting(run.word("workload"))
    value = known.number(run, column.name, column.device) if column else None
    return system_of(run.system).order, value or 0


def _table(
    runs: list[ReportRun], columns: tuple[Column, ...], known: Known, page: str, stated: tuple[Column, ...] = ()
) -> str:
    shown = [column for column in columns if any(known.of(run, column.name) for run in runs)]
    columns_of_cells = [cells(known, runs, column, page) for column in shown]
    columns_of_cells += [_words(cells(known, runs, column, page)) for column in stated]
    rows = [
        [
            link(escaped(run.system), relative(run_page(run.id), page)),
            _setting(run, known, page),
            *(cells_of[place] for cells_of in columns_of_cells),
        ]
        for place, run in enumerate(runs)
    ]
    header = ["system", "setting", *(column.heading for column in (*shown, *stated))]
    align = "".join("l" if column in (*_WHEN, *stated) else "r" for column in (*shown, *stated))
    return table(header, rows, f"ll{align}")


def _words(texts: list[str]) -> list[str]:
    return [_NOT_LOGGED if text == NOTHING else text for text in texts]


def _setting(run: ReportRun, known: Known, page: str) -> str:
    column = system_of(run.system).setting(run.word("workload"))
    return f"{column.heading.partition(',')[0]} {cell(known, run, column.name, '', page)}" if column else ""
