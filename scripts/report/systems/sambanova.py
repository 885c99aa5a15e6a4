"""SambaNova: BERT-large training with more and more data-parallel tasks (weak scaling)."""

from __future__ import annotations

from statistics import fmean, median

from .. import window
from ..findings import Finding, Sweep, finding, losses_alike
from ..formulas import DIFFERENCE, SAME_MODEL, SHARE, Points, differences, formula, formulas_in, last_loss
from ..known import Known
from ..plot import Losses, Phase, Row, Scaling, Timeline
from ..results import ReportRun
from ..system import BEFORE, COMPILE, COMPILE_RATIO, WORKING, Column, Question, RunsTable, System


@formula(unit="RDUs", when={"workload": "bert-large"})
def rdus_used(ntasks: float, sambanova_tasks_per_rdu: float) -> float:
    """RDUs that the tasks fill; Slurm grants whole nodes."""
    return ntasks / sambanova_tasks_per_rdu


@formula(unit="samples/s")
def throughput_per_rdu(throughput: float, rdus_used: float) -> float:
    """Throughput per RDU in use."""
    return throughput / rdus_used


@formula(unit="chips")
def chips(rdus_used: float) -> float:
    """Chips that the run uses: its RDUs."""
    return rdus_used


@formula(unit="samples")
def global_batch_size(batch_size: float, ntasks: float) -> float:
    """Samples per optimiser step over all tasks."""
    return batch_size * ntasks


@formula(unit="samples", digits=7)
def samples_trained(global_batch_size: float, steps: float) -> float:
    """Samples that the run trained on."""
    return global_batch_size * steps


@formula(unit="s")
def step_time(train_time: float, steps: float) -> float:
    """Mean seconds per step, the first with its loading included."""
    return train_time / steps


@formula(unit="s", digits=3)
def median_step_time(time: Points) -> float:
    """Median of the seconds between the timestamps of neighbouring steps."""
    return median(differences(time))


@formula(unit="samples/s")
def steady_throughput(global_batch_size: float, median_step_time: float) -> float:
    """Throughput at the pace of the median step, without the wait before the first step and without slow steps."""
    return global_batch_size / median_step_time


@formula(unit="%", digits=2, bounds=SHARE)
def share_beyond_median_steps(steps: float, median_step_time: float, train_time: float) -> float:
    """Share of the training time that steps of median length do not explain: the wait at the start, and slow steps."""
    return 100 * (1 - steps * median_step_time / train_time)


@formula(unit="s", digits=6)
def time_after_first_step(time: Points) -> float:
    """Seconds from the line of the first step to that of the last."""
    return time[-1] - time[0]


@formula(unit="s", digits=3)
def time_before_first_step(train_time: float, time_after_first_step: float) -> float:
    """Seconds of the training before the line of its first step: the loading, and that step itself."""
    return train_time - time_after_first_step


@formula(unit="samples/s")
def throughput_after_first_step(global_batch_size: float, steps: float, time_after_first_step: float) -> float:
    """Throughput of all steps but the first, slow ones included."""
    return global_batch_size * (steps - 1) / time_after_first_step


@formula(unit="×")
def tasks_ratio(ntasks: float, reference_ntasks: float) -> float:
    """Tasks over those of the run with the fewest tasks."""
    return ntasks / reference_ntasks


@formula(unit="×", digits=3)
def speed_up(throughput: float, reference_throughput: float) -> float:
    """Throughput over that of the run with the fewest tasks."""
    return throughput / reference_throughput


@formula(unit="%")
def weak_scaling_efficiency(
    throughput: float, ntasks: float, reference_throughput: float, reference_ntasks: float
) -> float:
    """Throughput per task over that of the run with the fewest tasks; the same is ideal weak scaling."""
    return 100 * (throughput / ntasks) / (reference_throughput / reference_ntasks)


@formula(unit="%")
def weak_scaling_efficiency_after_first_step(
    throughput_after_first_step: float,
    ntasks: float,
    reference_throughput_after_first_step: float,
    reference_ntasks: float,
) -> float:
    """Weak scaling efficiency of the throughput after the first step, without the wait before that step."""
    return 100 * (throughput_after_first_step / ntasks) / (reference_throughput_after_first_step / reference_ntasks)


@formula(unit="%", digits=3, bounds=DIFFERENCE)
def difference_of_repeats(throughput: float, repeated_throughput: float) -> float:
    """Difference from the throughput of the first run with the same setting, in per cent of the latter."""
    return 100 * (throughput / repeated_throughput - 1)


@formula(unit="", bounds=DIFFERENCE)
def mean_of_last_losses(loss: Points) -> float:
    """Mean training loss of the last 50 steps, because one step's loss is of one batch and differs from the next."""
    return fmean(loss[-50:])


@formula(unit="×")
def compile_ratio(compile_run_compile_time: float, train_time: float) -> float:
    """Seconds of the compile over seconds of training; the compile log is of another day."""
    return compile_run_compile_time / train_time


@formula(unit="steps", digits=4)
def steps_to_amortise(compile_run_compile_time: float, step_time: float) -> float:
    """Steps after which the compile is a tenth of compile and training together."""
    return 9 * compile_run_compile_time / step_time


def _phases(run: ReportRun, known: Known) -> Row | None:
    if run.word("stage") == "compile":
        return Row("compile", (Phase("compile", known.number(run, "compile_time") or 0, 0.45),))
    whole = known.number(run, "train_time")
    if not whole:
        return None
    wait = known.number(run, "time_before_first_step") or 0
    phases = [Phase("until the first step is done", wait, 0.45), Phase("other steps", whole - wait, 1.0)]
    rest = (known.number(run, "wall_time") or 0) - whole
    if rest > 0:
        phases.append(Phase("rest of the script", rest, 0))
    return Row(f"{run.word('ntasks')} tasks\njob {run.word('job_id')}", tuple(phases))


def near_ideal(sweep: Sweep) -> Finding:
    """Throughput grows with the tasks, and no run is below nine tenths of ideal weak scaling."""
    efficiencies = sweep.numbers("weak_scaling_efficiency")
    holds = sweep.rises("throughput") and bool(efficiencies) and min(efficiencies) > 90
    return finding(holds, **_scaling(sweep))


def grows(sweep: Sweep) -> Finding:
    """Throughput grows with the tasks, though some run is below nine tenths of ideal weak scaling."""
    holds = sweep.rises("throughput") and not near_ideal(sweep).holds
    return finding(holds, **_scaling(sweep))


def does_not_grow(sweep: Sweep) -> Finding:
    """Several task counts were run, and more tasks do not always give more throughput."""
    return finding(sweep.varied and not sweep.rises("throughput"), **_scaling(sweep))


def one_count(sweep: Sweep) -> Finding:
    """All runs have the same number of tasks."""
    return finding(sweep.one_value, rates=sweep.span("throughput"), count=sweep.of_first("ntasks"))


def _scaling(sweep: Sweep) -> dict[str, str]:
    others = [run for run in sweep.runs if sweep.number(run, "speed_up") != 1]
    return {
        "pairs": sweep.pairs("throughput", "with"),
        "tasks": sweep.settings(),
        "first_tasks": sweep.of_first("ntasks"),
        "last_tasks": sweep.of_last("ntasks"),
        "speed_up": sweep.of_last("speed_up"),
        "speed_ups": sweep.span("speed_up", runs=list(sweep.by_setting.values())[-1] if sweep.by_setting else ()),
        "times_tasks": sweep.of_last("tasks_ratio"),
        "last": sweep.of_last("throughput"),
        "efficiencies": sweep.each("weak_scaling_efficiency", runs=others) if others else "",
    }


def first_step_late(sweep: Sweep) -> Finding:
    """Every run says how long it waited for its first step."""
    return finding(sweep.numbers("time_before_first_step"), span=sweep.span("time_before_first_step"))


def over_ideal(sweep: Sweep) -> Finding:
    """A run has more than ideal efficiency, and waited less for its first step than its baseline."""
    if not sweep.varied:
        return finding(False, efficiency="", after="", wait="", tasks="", first_wait="", first_tasks="")
    first, best = sweep.middles[0], max(sweep.runs, key=lambda run: sweep.number(run, _EFFICIENCY) or 0)
    first_wait, wait = (sweep.value(run, "time_before_first_step") for run in (first, best))
    efficiency, after = (sweep.value(best, name) for name in (_EFFICIENCY, f"{_EFFICIENCY}_after_first_step"))
    return finding(
        efficiency > 100 and after < efficiency and first_wait > wait,
        efficiency=sweep.of(best, _EFFICIENCY),
        after=sweep.of(best, f"{_EFFICIENCY}_after_first_step"),
        wait=sweep.of(best, "time_before_first_step"),
        tasks=sweep.of(best, "ntasks"),
        first_wait=sweep.of(first, "time_before_first_step"),
        first_tasks=sweep.of(first, "ntasks"),
    )


def batch_per_task(sweep: Sweep) -> Finding:
    """Every run has the same batch size for each task."""
    return finding(sweep.varied and sweep.same("batch_size"), batch=sweep.of_first("batch_size"))


def mean_losses_fall(sweep: Sweep) -> Finding:
    """The mean of the last losses is lower with more tasks."""
    return finding(
        sweep.falls("mean_of_last_losses"),
        first=sweep.of_first("mean_of_last_losses"),
        last=sweep.of_last("mean_of_last_losses"),
    )


def other_loss(sweep: Sweep) -> Finding:
    """In every run the printed final loss is not the loss of the last step."""
    pairs = list(zip(sweep.numbers("final_loss"), sweep.numbers("last_loss"), strict=False))
    return finding(len(pairs) == len(sweep.runs) > 0 and all(final != last for final, last in pairs))


def compiled(sweep: Sweep) -> Finding:
    """One compile log is of the same program."""
    return finding(sweep.compiled, span=sweep.span("compile_ratio"))


def compiled_another_day(sweep: Sweep) -> Finding:
    """The compile log is of another day than every run."""
    day = sweep.compiled.word("started_at")[:10] if sweep.compiled else ""
    return finding(day and all(run.word("started_at")[:10] not in ("", day) for run in sweep.runs))


def repeats_differ(sweep: Sweep) -> Finding:
    """Runs with the same number of tasks have another throughput."""
    later = [run for run in sweep.runs if sweep.number(run, "difference_of_repeats") not in (None, 0)]
    return finding(
        later,
        tasks=sweep.settings(sweep.repeated) if sweep.repeated else "",
        differences=sweep.each("difference_of_repeats", runs=later) if later else "",
    )


def repeats_on_other_nodes(sweep: Sweep) -> Finding:
    """Runs with the same number of tasks have another throughput, and ran on other nodes."""
    same = [runs for runs in sweep.by_setting.values() if len(runs) > 1 and len({_nodes(run) for run in runs}) > 1]
    runs = [run for of in same for run in of]
    return finding(
        runs and repeats_differ(sweep).holds,
        tasks=sweep.settings([of[0] for of in same]) if same else "",
        nodes=sweep.each("nodelist", runs=runs) if len(runs) < 7 and all(map(_nodes, runs)) and runs else "",
    )


def _nodes(run: ReportRun) -> str:
    return run.word("nodelist")


def release(sweep: Sweep) -> Finding:
    """All runs state the same release."""
    return finding(
        sweep.same("sdk_version", "platform"),
        release=sweep.of_first("sdk_version"),
        platform=sweep.of_first("platform"),
    )


_EFFICIENCY = "weak_scaling_efficiency"
_TASKS = Column("tasks", "ntasks")
_FINDINGS = (
    near_ideal, grows, does_not_grow, one_count, *window.FINDINGS, first_step_late, over_ideal, batch_per_task,
    mean_losses_fall, other_loss, losses_alike, compiled, compiled_another_day, repeats_differ, repeats_on_other_nodes,
    release,
)  # fmt: skip

SYSTEM = System(
    name="SambaNova",
    order=1,
    colour="#0072B2",
    marker="o",
    aside=("nodes",),
    work={
        COMPILE: "compile_time",
        COMPILE_RATIO: "compile_ratio",
        BEFORE: "time_before_first_step",
        WORKING: "train_time",
    },
    questions=(Question(_TASKS, "throughput", findings=_FINDINGS),),
    formulas=(*formulas_in(globals()), *window.FORMULAS, last_loss, *SAME_MODEL),
    tables={
        "runs": RunsTable(
            (
                _TASKS,
                Column("nodes", "nodes"),
                Column("samples/s", "throughput"),
                Column("tokens/s", "token_throughput"),
                Column("samples/s per RDU in use", "throughput_per_rdu"),
                Column("efficiency, %", "weak_scaling_efficiency"),
            ),
            outcome=True,
        ),
        "phases": RunsTable(
            (
                Column("stage", "stage"),
                _TASKS,
                Column("compile, s", "compile_time"),
                Column("training, s", "train_time"),
                Column("script, s", "wall_time"),
                Column("until the first step is done, s", "time_before_first_step"),
                Column("beyond median steps, % of training", "share_beyond_median_steps"),
                Column("compile ÷ training", "compile_ratio"),
                Column("steps until the compile is a tenth", "steps_to_amortise"),
            ),
            compiles=True,
        ),
        "losses": RunsTable(
            (
                _TASKS,
                Column("global batch size, samples", "global_batch_size"),
                Column("steps", "steps"),
                Column("samples", "samples_trained"),
                Column("loss of the last step", "last_loss"),
                Column("mean of the last steps", "mean_of_last_losses"),
                Column("`final_loss` as printed", "final_loss"),
            )
        ),
        "rates": RunsTable(
            (
                _TASKS,
                Column("as reported, samples/s", "throughput"),
                Column("after the first step, samples/s", "throughput_after_first_step"),
                Column("at the median step, samples/s", "steady_throughput"),
                Column("efficiency as reported, %", "weak_scaling_efficiency"),
                Column("efficiency after the first step, %", "weak_scaling_efficiency_after_first_step"),
            )
        ),
    },
    plots=(
        Scaling(
            "sambanova-throughput",
            "Training throughput against tasks, both axes logarithmic; hollow markers: failed the program's own check.",
            setting="ntasks",
            metric="throughput",
            xlabel="tasks (data-parallel replicas)",
            ylabel="throughput, samples/s",
            ideal="ideal weak scaling",
            failure=window.failure,
        ),
        Timeline(
            "sambanova-phases",
            "Seconds of the compile and of each training run; until the first step is done a run loads. "
            "Only a run that completed says how long its script took.",
            setting="ntasks",
            rows=_phases,
        ),
        Losses(
            "sambanova-loss",
            setting="ntasks",
            batch="global_batch_size",
            word="tasks",
        ),
    ),
)
