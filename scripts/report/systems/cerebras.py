"""Cerebras: BERT-large training with several batch sizes."""

from __future__ import annotations

from ..findings import Finding, Sweep, finding, losses_alike
from ..formulas import SAME_MODEL, SHARE, Points, formula, formulas_in, last_loss
from ..known import Known
from ..plot import Losses, Phase, Row, Scaling, Timeline
from ..results import ReportRun
from ..system import BEFORE, COMPILE, COMPILE_RATIO, WORKING, Column, Question, RunsTable, System


@formula(unit="steps")
def steps_run(samples: float, batch_size: float) -> float:
    """Steps of the training loop."""
    return samples / batch_size


@formula(unit="chips")
def chips(csx: float) -> float:
    """Chips that the run uses: a system has one wafer."""
    return csx


@formula(unit="samples")
def global_batch_size(batch_size: float) -> float:
    """Samples per optimiser step: the batch size is that of the whole job."""
    return batch_size


@formula(unit="s", digits=5, when={"evaluations": ""})
def time_to_loop(time: Points, train_time: float) -> float:
    """Seconds from the job's first timestamp to the start of its training loop, if it has only one loop."""
    return time[-1] - train_time


@formula(unit="s")
def step_time(reported_time: float, steps_run: float) -> float:
    """Mean seconds per step of the training loop."""
    return reported_time / steps_run


@formula(unit="tokens/s", digits=6)
def token_throughput(throughput: float, sequence_length: float) -> float:
    """Tokens per second, padding included."""
    return throughput * sequence_length


@formula(unit="×")
def batch_size_ratio(batch_size: float, reference_batch_size: float) -> float:
    """Batch size over that of the run with the smallest batch."""
    return batch_size / reference_batch_size


@formula(unit="×", digits=3)
def speed_up(throughput: float, reference_throughput: float) -> float:
    """Throughput over that of the run with the smallest batch."""
    return throughput / reference_throughput


@formula(unit="×", digits=3)
def loop_time_ratio(reported_time: float, reference_reported_time: float) -> float:
    """Seconds of the training loop over those of the run with the smallest batch."""
    return reported_time / reference_reported_time


@formula(unit="%", digits=3)
def batch_scaling_efficiency(
    throughput: float, batch_size: float, reference_throughput: float, reference_batch_size: float
) -> float:
    """Growth of the throughput over growth of the batch; it is ideal if a step takes no longer."""
    return 100 * (throughput / reference_throughput) / (batch_size / reference_batch_size)


@formula(unit="%", digits=3, bounds=SHARE)
def loop_share(reported_time: float, total_time: float) -> float:
    """Share of the whole job that the training loop takes."""
    return 100 * reported_time / total_time


@formula(unit="samples/s")
def whole_job_throughput(samples: float, total_time: float) -> float:
    """Samples per second of the whole job, compile and loading included."""
    return samples / total_time


@formula(unit="×", digits=3)
def compile_to_loop(compile_time: float, reported_time: float) -> float:
    """Seconds of the compile over seconds of the training loop."""
    return compile_time / reported_time


@formula(unit="s")
def seconds_per_million_samples(reported_time: float, samples: float) -> float:
    """Seconds of the training loop per million samples."""
    return 1_000_000 * reported_time / samples


@formula(unit="steps", digits=5)
def steps_to_amortise(total_time: float, reported_time: float, step_time: float) -> float:
    """Steps after which all that is not training is a tenth of the whole job."""
    return 9 * (total_time - reported_time) / step_time


def _phases(run: ReportRun, known: Known) -> Row | None:
    total, begun = known.number(run, "total_time"), known.number(run, "time_to_loop")
    if not total or not begun:
        return None
    compiled, programmed, looped = (
        known.number(run, name) or 0 for name in ("compile_time", "programming_time", "train_time")
    )
    phases = (
        Phase("start", begun - compiled - programmed, 0),
        Phase("compile", compiled, 0.45),
        Phase("programming", programmed, 0.25),
        Phase("training loop", looped, 1.0),
        Phase("end", total - begun - looped, 0),
    )
    return Row(f"batch {known.text(run, 'batch_size')}", phases)


def rises(sweep: Sweep) -> Finding:
    """Throughput rises with the batch size."""
    return finding(sweep.rises("throughput"), **_rates(sweep))


def does_not_rise(sweep: Sweep) -> Finding:
    """Several batch sizes were run, and a larger one does not always give more throughput."""
    return finding(sweep.varied and not sweep.rises("throughput"), **_rates(sweep))


def one_batch_size(sweep: Sweep) -> Finding:
    """All runs have the same batch size."""
    return finding(sweep.one_value, rates=sweep.span("throughput"), batch=sweep.of_first("batch_size"))


def _rates(sweep: Sweep) -> dict[str, str]:
    return {
        "pairs": sweep.pairs("throughput", "at"),
        "first_batch": sweep.of_first("batch_size"),
        "last_batch": sweep.of_last("batch_size"),
        "speed_up": sweep.of_last("speed_up"),
        "times_batch": sweep.of_last("batch_size_ratio"),
        "loop_ratio": sweep.of_last("loop_time_ratio"),
    }


def slower_loop(sweep: Sweep) -> Finding:
    """With the same steps a larger batch takes longer, and yet trains more samples per second."""
    steps = sweep.numbers("steps_run")
    holds = sweep.rises("throughput") and sweep.rises("reported_time") and len(set(steps)) == 1
    return finding(
        holds and sweep.falls("seconds_per_million_samples"),
        times=sweep.each("reported_time"),
        steps=sweep.of_first("steps_run"),
        per_million=sweep.each("seconds_per_million_samples"),
        loop_ratio=sweep.of_last("loop_time_ratio"),
        last_batch=sweep.of_last("batch_size"),
    )


def compiles_longer(sweep: Sweep) -> Finding:
    """In every run the compile takes longer than the training loop."""
    ratios = sweep.numbers("compile_to_loop")
    return finding(ratios and min(ratios) > 1, span=sweep.span("compile_to_loop"))


def compiles(sweep: Sweep) -> Finding:
    """Every run states how long its compile and its training loop took."""
    return finding(sweep.numbers("compile_to_loop"), span=sweep.span("compile_to_loop"))


def compiles_each(sweep: Sweep) -> Finding:
    """Each batch size was compiled separately."""
    hashes = [{run.word("compile_hash") for run in runs} for runs in sweep.by_setting.values()]
    all_hashes = set().union(*hashes)
    return finding(sweep.varied and "" not in all_hashes and len(all_hashes) == sum(map(len, hashes)))


def loop_a_little_longer(sweep: Sweep) -> Finding:
    """In every run the loop takes longer by timestamps than as reported, by less than a second."""
    pairs = list(zip(sweep.numbers("train_time"), sweep.numbers("reported_time"), strict=False))
    return finding(pairs and all(0 < by_stamps - reported < 1 for by_stamps, reported in pairs))


def release(sweep: Sweep) -> Finding:
    """All runs state the same release."""
    return finding(sweep.same("sdk_version"), release=sweep.of_first("sdk_version"))


_BATCH = Column("batch size, samples", "batch_size")
_FINDINGS = (
    rises, does_not_rise, one_batch_size, slower_loop, compiles_longer, compiles, compiles_each, losses_alike,
    loop_a_little_longer, release,
)  # fmt: skip

SYSTEM = System(
    name="Cerebras",
    order=3,
    colour="#009E73",
    marker="^",
    work={COMPILE: "compile_time", COMPILE_RATIO: "compile_to_loop", BEFORE: "time_to_loop", WORKING: "train_time"},
    questions=(Question(_BATCH, "throughput", findings=_FINDINGS),),
    program=Column("compile hash", "compile_hash"),
    formulas=(*formulas_in(globals()), last_loss, *SAME_MODEL),
    tables={
        "runs": RunsTable(
            (
                _BATCH,
                Column("samples/s", "throughput"),
                Column("speed-up", "speed_up"),
                Column("batch scaling efficiency, %", "batch_scaling_efficiency"),
                Column("tokens/s", "token_throughput"),
                Column("loop as reported, s", "reported_time"),
                Column("s/step", "step_time"),
            ),
            outcome=True,
        ),
        "phases": RunsTable(
            (
                _BATCH,
                Column("compile, s", "compile_time"),
                Column("programming, s", "programming_time"),
                Column("loop by timestamps, s", "train_time"),
                Column("whole job, s", "total_time"),
                Column("samples/s of the whole job", "whole_job_throughput"),
                Column("loop's share, %", "loop_share"),
                Column("compile ÷ loop", "compile_to_loop"),
                Column("steps until all but the loop is a tenth", "steps_to_amortise"),
            ),
            compiles=True,
        ),
        "losses": RunsTable(
            (
                _BATCH,
                Column("steps", "steps_run"),
                Column("samples", "samples"),
                Column("loss of the last step", "last_loss"),
            )
        ),
    },
    plots=(
        Scaling(
            "cerebras-throughput",
            "Training throughput against batch size, both axes logarithmic; a dot is a run.",
            setting="batch_size",
            metric="throughput",
            xlabel="batch size, samples",
            ylabel="throughput, samples/s",
            ideal="if a step took no longer",
        ),
        Timeline(
            "cerebras-phases",
            "Seconds of each job by the log's timestamps; hatched: what comes before the compile and after the loop.",
            setting="batch_size",
            rows=_phases,
        ),
        Losses("cerebras-loss", setting="batch_size", batch="batch_size", word="samples a step"),
    ),
)
