"""The named blocks of hand-written pages: a function a block, from the page it stands on to Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

from scripts.report.claims import CLAIMS, CLAIMS_PAGE
from scripts.report.derive import constants
from scripts.report.links import Block
from scripts.report.markdown import code, escaped, link, table
from scripts.report.others import ENDS, OTHERS_PAGE, Range, others
from scripts.report.picture import Picture
from scripts.report.quantities import CONSTANTS_PAGE, OWN_MACHINE, Quantity, relative, run_page
from scripts.report.results import ReportRun, Results, anchor
from scripts.report.rounding import CONSTANT_DIGITS, shown
from scripts.report.verification import VERIFICATION_PAGE

# A column of a system's table: its heading, the name of the fact or derived figure, the device where there are several.
Column = tuple[str, str, str]

_RUNS: dict[str, tuple[Column, ...]] = {
    "SambaNova": (
        ("tasks", "ntasks", ""),
        ("nodes", "nodes", ""),
        ("samples/s", "throughput", ""),
        ("tokens/s", "token_throughput", ""),
        ("samples/s per RDU in use", "throughput_per_rdu", ""),
        ("efficiency, %", "weak_scaling_efficiency", ""),
    ),
    "Graphcore": (
        ("learning rate", "learning_rate", ""),
        ("test accuracy, %", "test_accuracy", ""),
        ("from, %", "accuracy_low", ""),
        ("to, %", "accuracy_high", ""),
        ("error, %", "error_rate", ""),
    ),
    "Cerebras": (
        ("batch size, samples", "batch_size", ""),
        ("samples/s", "throughput", ""),
        ("times the first", "speed_up", ""),
        ("growth of the rate over growth of the batch, %", "batch_scaling_efficiency", ""),
        ("tokens/s", "token_throughput", ""),
        ("loop as reported, s", "reported_time", ""),
        ("s/step", "step_time", ""),
    ),
    "Groq": (
        ("sequence length, tokens", "sequence_length", ""),
        ("accuracy, %", "accuracy", "groq"),
        ("end to end, ms", "groq_latency", ""),
        ("on chip, ms", "chip_latency", ""),
        ("CPU, ms", "cpu_latency", ""),
        ("times the CPU", "end_to_end_speed_up", ""),
    ),
}
_PHASES: dict[str, tuple[Column, ...]] = {
    "SambaNova": (
        ("stage", "stage", ""),
        ("tasks", "ntasks", ""),
        ("compile, s", "compile_time", ""),
        ("training, s", "train_time", ""),
        ("script, s", "wall_time", ""),
        ("until the first step is done, s", "time_before_first_step", ""),
        ("beyond median steps, % of training", "share_beyond_median_steps", ""),
        ("compile over training", "compile_ratio", ""),
        ("steps until compile is a tenth", "steps_to_amortise", ""),
    ),
    "Graphcore": (
        ("learning rate", "learning_rate", ""),
        ("compile for training, s", "compile_time", ""),
        ("training, s", "train_time", ""),
        ("s/epoch", "epoch_time", ""),
        ("s/epoch without compile", "epoch_time_without_compile", ""),
        ("images/s", "training_throughput", ""),
        ("images/s without compile", "steady_training_throughput", ""),
        ("compile for the test, s", "inference_compile_time", ""),
    ),
    "Cerebras": (
        ("batch size, samples", "batch_size", ""),
        ("compile, s", "compile_time", ""),
        ("programming, s", "programming_time", ""),
        ("loop by timestamps, s", "train_time", ""),
        ("whole job, s", "total_time", ""),
        ("samples/s of the whole job", "whole_job_throughput", ""),
        ("loop's share, %", "loop_share", ""),
        ("compile over loop", "compile_to_loop", ""),
        ("steps until all else is a tenth", "steps_to_amortise", ""),
    ),
    "Groq": (
        ("sequence length, tokens", "sequence_length", ""),
        ("on chip, share of end to end, %", "on_chip_share", ""),
        ("outside the chip, µs", "off_chip_latency", ""),
        ("cycles", "cycles", ""),
    ),
}
_LOSSES: dict[str, tuple[Column, ...]] = {
    "SambaNova": (
        ("tasks", "ntasks", ""),
        ("global batch size, samples", "global_batch_size", ""),
        ("steps", "steps", ""),
        ("samples", "samples_trained", ""),
        ("loss of the last step", "last_loss", ""),
        ("mean of the last fifty", "mean_of_last_losses", ""),
        ("`final_loss` as printed", "final_loss", ""),
    ),
    "Cerebras": (
        ("batch size, samples", "batch_size", ""),
        ("steps", "steps_run", ""),
        ("samples", "samples", ""),
        ("loss of the last step", "last_loss", ""),
    ),
}
_RATES: dict[str, tuple[Column, ...]] = {
    "SambaNova": (
        ("tasks", "ntasks", ""),
        ("as reported, samples/s", "throughput", ""),
        ("after the first step, samples/s", "throughput_after_first_step", ""),
        ("at the median step, samples/s", "steady_throughput", ""),
        ("efficiency as reported, %", "weak_scaling_efficiency", ""),
        ("efficiency after the first step, %", "weak_scaling_efficiency_after_first_step", ""),
    ),
}
# The runs of the reader's own machine, by what they ran.
_SMALL_WORK: dict[str, tuple[Column, ...]] = {
    "bert-tiny": (
        ("sequence length, tokens", "sequence_length", ""),
        ("median, ms", "median_latency", ""),
        ("fifth percentile, ms", "low_latency", ""),
        ("ninety-fifth, ms", "high_latency", ""),
        ("mean, ms", "end_to_end_latency", ""),
        ("inferences", "repetitions", ""),
    ),
    "digits": (
        ("learning rate", "learning_rate", ""),
        ("seed", "seed", ""),
        ("test accuracy, %", "test_accuracy", ""),
        ("from, %", "accuracy_low", ""),
        ("to, %", "accuracy_high", ""),
        ("samples/s", "throughput", ""),
        ("training, s", "train_time", ""),
        ("of these on the processor, s", "processor_time", ""),
    ),
}
# What a table shows where there is nothing to show.
NOTHING = "–"
_MARKS = {"completed": "✓", "failed": "✗", "killed": "✗", "truncated": "…", "unknown": "?"}


def blocks(results: Results, known: Mapping[str, Quantity], pictures: Mapping[str, Picture]) -> dict[str, Block]:
    """Return every block by its name: a system's tables, each figure, the claims, what was checked."""
    named: dict[str, Block] = {f"figure-{name}": partial(_figure, picture) for name, picture in pictures.items()}
    named["claims"] = partial(_claims, known)
    named["checked"] = partial(_checked, results, known)
    for system in _RUNS:
        name = system.lower()
        named[f"{name}-runs"] = partial(runs_table, results.of(system), _RUNS[system], known)
        named[f"{name}-outcomes"] = partial(_outcomes, results.of(system), _RUNS[system], known)
        named[f"{name}-phases"] = partial(_phases, results.of(system), _PHASES[system], known)
        named[f"{name}-documented"] = partial(_documented, f"{name}_")
        named[f"{name}-others"] = partial(_others, system)
    for workload, columns in _SMALL_WORK.items():
        mine = [run for run in results.of("CPU") if run.word("workload") == workload]
        named[f"cpu-{workload}"] = partial(runs_table, mine, columns, known)
    for what, tables in (("losses", _LOSSES), ("rates", _RATES)):
        for system, columns in tables.items():
            trained = [run for run in results.of(system) if run.word("stage") != "compile"]
            named[f"{system.lower()}-{what}"] = partial(_phases, trained, columns, known)
    return named


def runs_table(runs: Sequence[ReportRun], columns: Sequence[Column], known: Mapping[str, Quantity], page: str) -> str:
    """Return the table of a system's runs, compiles aside: each number a link, the outcome a word with a mark."""
    header = [*(heading for heading, _, _ in columns), "outcome", "run"]
    trained = _by_setting([run for run in runs if run.word("stage") != "compile"], columns[0], known)
    body = [[*_cells(run, columns, known, page), outcome(run, known, page), _run(run, page)] for run in trained]
    return table(header, body, "r" * len(columns))


def _by_setting(runs: Sequence[ReportRun], column: Column, known: Mapping[str, Quantity]) -> list[ReportRun]:
    """Return the runs in the order of what was set, which the first column shows; those that do not say it last."""

    def setting(run: ReportRun) -> float:
        quantity = _stated(known, run, column[1], column[2])
        try:
            return float(quantity.value) if quantity is not None else math.inf
        except ValueError:  # what a person declares may be a word
            return math.inf

    return sorted(runs, key=setting)


def _outcomes(runs: Sequence[ReportRun], columns: Sequence[Column], known: Mapping[str, Quantity], page: str) -> str:
    """Return how the runs ended, compiles aside: the settings by outcome, in words and marks."""
    heading, name, device = columns[0]
    ended: dict[str, list[str]] = {}
    for run in _by_setting([run for run in runs if run.word("stage") != "compile"], columns[0], known):
        outcome = run.word("outcome")
        checked = " a check after finishing" if failed_after_finishing(run) else ""
        ended.setdefault(f"{_MARKS.get(outcome, '')} {outcome}{checked}", []).append(
            cell(known, run, name, device, page)
        )
    told = [f"{outcome}: {', '.join(cells)}" for outcome, cells in ended.items()]
    return f"{escaped(heading)} · {' · '.join(told)}\n"


def _phases(runs: Sequence[ReportRun], columns: Sequence[Column], known: Mapping[str, Quantity], page: str) -> str:
    header = [*(heading for heading, _, _ in columns), "run"]
    told = runs if columns[0][1] == "stage" else _by_setting(runs, columns[0], known)
    align = "".join("l" if name == "stage" else "r" for _, name, _ in columns)
    return table(header, [[*_cells(run, columns, known, page), _run(run, page)] for run in told], align)


def _documented(prefix: str, page: str) -> str:
    """Return the documented constants of a system: what each is, its value and unit, who says so and when."""
    body = [
        [
            escaped(constant.meaning),
            link(shown(constant.value, CONSTANT_DIGITS), f"{relative(CONSTANTS_PAGE, page)}#{constant.name}"),
            constant.unit,
            link(escaped(constant.source), constant.url),
            f'<span class="state">{constant.date}</span>',
        ]
        for constant in constants().values()
        if constant.name.startswith(prefix)
    ]
    return table(["what", "value", "unit", "source", "as of"], body, "lrlll")


def _others(system: str, page: str) -> str:
    """Return the ranges of other people's runs of a system."""
    body = [
        [
            escaped(found.what),
            code(found.software) if found.software else "",
            *(_end(found, end, page) for end in ENDS),
            found.unit,
        ]
        for found in others().ranges
        if found.system == system
    ]
    header = [
        "other people's runs and ours: context, no facts",
        "software",
        "from",
        "to",
        "median",
        "runs",
        "one far apart",
        "unit",
    ]
    return table(header, body, "llrrrrrl")


def _end(found: Range, end: str, page: str) -> str:
    value = getattr(found, end)
    target = f"{relative(OTHERS_PAGE, page)}#{found.name}-{end}"
    return link(shown(value, CONSTANT_DIGITS), target) if value else NOTHING


def _checked(results: Results, known: Mapping[str, Quantity], page: str) -> str:
    """Return what the last verification found, and of which day the newest log is."""
    right, numbers = (known.get(f"{VERIFICATION_PAGE}#{place}") for place in ("right", "numbers"))
    if right is None or numbers is None:
        how = link("how", f"{relative('method.md', page)}#how-it-is-proven")
        checked = f"not verified since the data changed ({how})"
    else:
        counts = [link(quantity.text, quantity.target(page)) for quantity in (right, numbers)]
        checked = f"{counts[0]} of {counts[1]} numbers traced to what they state by the last verification"
        checked += f" ({link('of which to lines of logs', relative(VERIFICATION_PAGE, page))})"
    dated = [run for run in results.runs if run.word("started_at") and run.system != OWN_MACHINE]
    if not dated:
        return f"**Checked:** {checked}\n"
    newest = max(dated, key=lambda run: run.word("started_at"))
    begun = known[f"{run_page(newest.id)}#started_at"]
    undated = {run.system for run in results.runs} - {run.system for run in dated} - {OWN_MACHINE}
    without = f" (the logs of {', '.join(sorted(undated))} bear no date)" if undated else ""
    return (
        f"**Checked:** {checked} · "
        f"**newest dated log of an accelerator:** {link(escaped(begun.text), begun.target(page))}{without}\n"
    )


def _claims(known: Mapping[str, Quantity], page: str) -> str:
    """Return how each claim is decided: what is asked, the expression, the verdict."""
    told = []
    for claim in CLAIMS:
        verdict = known[f"{CLAIMS_PAGE}#{claim.name}"]
        told += [f'- <a id="{claim.name}"></a>{link(verdict.text, verdict.target(page))}: {escaped(claim.meaning)}']
        if claim.expression != "None":
            told += ["", "    ```python", *(f"    {line}" for line in claim.expression.splitlines()), "    ```"]
        told.append("")
    return "\n".join(told) + "\n"


def _figure(picture: Picture, page: str) -> str:
    return f"{picture.markdown(relative('.', page) + '/' if '/' in page else '')}\n"


def _cells(run: ReportRun, columns: Sequence[Column], known: Mapping[str, Quantity], page: str) -> list[str]:
    return [cell(known, run, name, device, page) for _, name, device in columns]


def setting(run: ReportRun, known: Mapping[str, Quantity], page: str) -> str:
    """Return what the question varied and the run's value of it; a dash where neither log nor person says."""
    columns = _RUNS.get(run.system) or _SMALL_WORK.get(run.word("workload"), ())
    for heading, name, device in columns[:1]:
        if _stated(known, run, name, device) is not None:
            said = f"{heading.partition(',')[0]} {cell(known, run, name, device, page)}"
            return f'<span class="state">{said}</span>'
    return NOTHING


def _run(run: ReportRun, page: str) -> str:
    return link("facts", relative(run_page(run.id), page))


def outcome(run: ReportRun, known: Mapping[str, Quantity], page: str) -> str:
    """Return the outcome in words; a run that printed its results and then failed says so, for its numbers stand."""
    said = cell(known, run, "outcome", "", page)
    mark = _MARKS.get(run.word("outcome"), "")
    if failed_after_finishing(run):
        why = link("why", f"{relative(run_page(run.id), page)}#failure_reason")
        said += f" its check after finishing ({why})"
    return f'<span class="state">{mark} {said}</span>'


def failed_after_finishing(run: ReportRun) -> bool:
    """Return whether a run failed only after it had printed its results, which therefore stand."""
    return run.word("outcome") == "failed" and bool(run.word("throughput"))


def cell(known: Mapping[str, Quantity], run: ReportRun, name: str, device: str, page: str) -> str:
    """Return a cell that states a fact of a run: a link; a declared value, marked so; a dash where there is none."""
    quantity = _stated(known, run, name, device)
    if quantity is None:
        return NOTHING
    return link(escaped(quantity.text), quantity.target(page)) + (" (declared)" if quantity.sort == "declared" else "")


def _stated(known: Mapping[str, Quantity], run: ReportRun, name: str, device: str) -> Quantity | None:
    """Return what the log says of the run, else what is declared of it."""
    places = (anchor(name, device), f"declared-{name}")
    found = (known.get(f"{run_page(run.id)}#{place}") for place in places)
    return next((quantity for quantity in found if quantity is not None), None)
