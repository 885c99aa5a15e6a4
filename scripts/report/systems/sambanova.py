"""SambaNova: BERT-large training with more and more data-parallel tasks (weak scaling)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from scripts.report.formulas import DIFFERENCE, SAME_MODEL, SHARE, Points, differences, formula, formulas_in, last_loss
from scripts.report.known import Known
from scripts.report.plot import Losses, Phase, Row, Scaling, Timeline
from scripts.report.results import ReportRun
from scripts.report.rounding import span
from scripts.report.system import Column, Question, RunsTable, System


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
    """Throughput at the pace of the median step: no wait before the first step is in it, and no slow step."""
    return global_batch_size / median_step_time


@formula(unit="%", digits=2, bounds=SHARE)
def share_beyond_median_steps(steps: float, median_step_time: float, train_time: float) -> float:
    """Share of the training time beyond as many steps of median length: the wait before the first, and slow steps."""
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


@formula(unit="×", digits=3)
def speed_up(throughput: float, reference_throughput: float) -> float:
    """Throughput over that of the run with the fewest tasks."""
    return throughput / reference_throughput


@formula(unit="%")
def weak_scaling_efficiency(
    throughput: float, ntasks: float, reference_throughput: float, reference_ntasks: float
) -> float:
    """Throughput per task over that of the run with the fewest tasks; as much is ideal weak scaling."""
    return 100 * (throughput / ntasks) / (reference_throughput / reference_ntasks)


@formula(unit="%")
def weak_scaling_efficiency_after_first_step(
    throughput_after_first_step: float,
    ntasks: float,
    reference_throughput_after_first_step: float,
    reference_ntasks: float,
) -> float:
    """The same of the throughput after the first step: how long a run waited before it is left out."""
    return 100 * (throughput_after_first_step / ntasks) / (reference_throughput_after_first_step / reference_ntasks)


@formula(unit="%", digits=3, bounds=DIFFERENCE)
def difference_of_repeats(throughput: float, repeated_throughput: float) -> float:
    """Throughput less that of the first run of the same setting, in per cent of the latter."""
    return 100 * (throughput / repeated_throughput - 1)


@formula(unit="", bounds=DIFFERENCE)
def mean_of_last_losses(loss: Points) -> float:
    """Mean training loss of the last fifty steps: one step's loss is of one batch, and differs from the next one's."""
    return fmean(loss[-50:])


@formula(unit="samples/s")
def window_min(token_throughput_min: float, sequence_length: float) -> float:
    """Lower bound of the program's check, in samples per second."""
    return token_throughput_min / sequence_length


@formula(unit="samples/s")
def window_max(token_throughput_max: float, sequence_length: float) -> float:
    """Upper bound of the program's check, in samples per second."""
    return token_throughput_max / sequence_length


@formula(unit="tokens/s", digits=7, when={"workload": "bert-large"})
def scaled_window_min(token_throughput_min: float, ntasks: float, sambanova_window_tasks: float) -> float:
    """Lower bound that the check would have if it grew with the tasks."""
    return token_throughput_min * ntasks / sambanova_window_tasks


@formula(unit="tokens/s", digits=7, when={"workload": "bert-large"})
def scaled_window_max(token_throughput_max: float, ntasks: float, sambanova_window_tasks: float) -> float:
    """Upper bound that the check would have if it grew with the tasks."""
    return token_throughput_max * ntasks / sambanova_window_tasks


@formula(unit="×")
def compile_ratio(compile_run_compile_time: float, train_time: float) -> float:
    """Seconds of the compile over seconds of training; the compile log is of another day."""
    return compile_run_compile_time / train_time


@formula(unit="steps", digits=4)
def steps_to_amortise(compile_run_compile_time: float, step_time: float) -> float:
    """Steps after which the compile is a tenth of compile and training together."""
    return 9 * compile_run_compile_time / step_time


def _scaling_title(runs: Sequence[ReportRun], known: Known) -> str:
    efficiencies = [known.number(run, "weak_scaling_efficiency") or 0 for run in runs]
    return "Throughput doubles with the tasks" if min(efficiencies) > 90 else "Throughput against tasks"


def _failure(run: ReportRun, known: Known) -> str:
    """Return which bound of its check a run was outside of."""
    tokens, low, high = (
        known.number(run, name) for name in ("token_throughput", "token_throughput_min", "token_throughput_max")
    )
    if tokens is None or low is None or high is None:
        return "failed its check:\nsee its page"
    side = "below its window" if tokens < low else "above its window" if tokens >= high else "see its page"
    return f"failed its check:\n{side}"


def _phases_title(runs: Sequence[ReportRun], known: Known) -> str:
    ratio = span([known.number(run, "compile_ratio") for run in runs])
    return f"One compile takes {ratio} times as long as a training run" if ratio else "Where the time went"


def _phases(run: ReportRun, known: Known) -> Row | None:
    if run.word("stage") == "compile":
        return Row("compile\n(another day)", (Phase("compile", known.number(run, "compile_time") or 0, 0.45),))
    whole = known.number(run, "train_time")
    if not whole:
        return None
    wait = known.number(run, "time_before_first_step") or 0
    phases = [Phase("until the first step is done", wait, 0.45), Phase("other steps", whole - wait, 1.0)]
    rest = (known.number(run, "wall_time") or 0) - whole
    if rest > 0:
        phases.append(Phase("rest of the script", rest, 0))
    return Row(f"{run.word('ntasks')} tasks\njob {run.word('job_id')}", tuple(phases))


_TASKS = Column("tasks", "ntasks")

SYSTEM = System(
    name="SambaNova",
    order=1,
    colour="#0072B2",
    marker="o",
    aside=("nodes",),
    questions=(Question(_TASKS, "throughput"),),
    formulas=(*formulas_in(globals()), last_loss, *SAME_MODEL),
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
                Column("compile over training", "compile_ratio"),
                Column("steps until compile is a tenth", "steps_to_amortise"),
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
                Column("mean of the last fifty", "mean_of_last_losses"),
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
            _scaling_title,
            "Training throughput against tasks, both axes logarithmic; hollow markers: failed the program's own check.",
            setting="ntasks",
            metric="throughput",
            xlabel="tasks (data-parallel replicas)",
            ylabel="throughput, samples/s",
            ideal="ideal weak scaling",
            failure=_failure,
        ),
        Timeline(
            "sambanova-phases",
            _phases_title,
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
