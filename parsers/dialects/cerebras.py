"""Cerebras: `run.py` and `cszoo` logs of the model zoo, releases 1.9 to 2.10."""

from __future__ import annotations

import re

from ..grammar import AHEAD, INSIDE, OPENS, Dialect, Draft, Event, Lines, Shape, decode, line, maybe, seconds

# A run trains and evaluates in turn, and compiles for either: each phase may follow any other.
COMPILE, EXECUTE, TRAIN, TRAINED, EVALUATE, EVALUATED = PHASES = tuple(range(1, 7))
TRAINING, EVALUATION = {"stage": "train"}, {"stage": "eval"}
STAMP = re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) +[A-Z]+:")
STEP_LINE = re.compile(rb"Train Device=[^\r\n]{0,400}[\r\n]")


class Memory:
    """What a run must remember: where the last step line that could be read ends."""

    step_end = 0


def begin(run: Draft[Memory], event: Event) -> None:
    """Let the run begin at its first timestamp, which may be on a line before the first that says something."""
    first = run.earliest(STAMP, run.block, event.at)
    moment = seconds(decode(first.match["stamp"])) if first else None
    if first is not None and moment is not None:
        run.start = min(run.start, first.at)
        run.timed_from["total_time"] = moment
        run.state_found("started_at", decode(first.match["stamp"]), first)


def evaluates(lines: Event) -> bool:
    """Return whether some of the step lines are an evaluation's."""
    assert isinstance(lines, Lines)
    between = lines.match.string[lines.offsets[0] : lines.offsets[-1]]
    return any(lines.columns["_batch"]) or b"Eval Device=" in lines.before() + between


def trains_anew(run: Draft[Memory], lines: Event) -> bool:
    """Return whether a step is of another training than the one before it."""
    assert isinstance(lines, Lines)
    if evaluates(lines) or "loss" not in run.series:
        return False
    step, last = lines.steps[0], run.series["loss"].steps[-1]
    if step < last or run.phase != TRAIN:
        return step <= last
    printed = {f"_{name}": series.values[-1] for name, series in run.series.items() if series.steps[-1:] == [step]}
    return any(lines.has(group) and lines.text(group) != value for group, value in printed.items())


def same_again(run: Draft[Memory], event: Event) -> bool:
    """Return whether nothing was done since the line of this shape before."""
    return run.phase == event.shape.phase


def step(run: Draft[Memory], lines: Event) -> None:
    assert isinstance(lines, Lines)
    if evaluates(lines):
        return evaluation_step(run, lines)
    run.reach(TRAIN)
    run.label(lines, "stage", "train")
    run.endings[:] = [ending for ending in run.endings if ending.outcome != "completed"]  # the end of a part
    run.extend(lines, "loss", "rate", "global_rate")
    moments = lines.moments()
    if "total_time" in run.timed_from:
        run.extend_times(lines, moments, run.timed_from["total_time"])
    run.memory.step_end = lines.base + lines.end_of_last()
    sum_up(run, lines, moments[-1])


def sum_up(run: Draft[Memory], lines: Lines, now: float | None) -> None:
    """State what the last step line says of the whole run; what an earlier one said is not the run's."""
    forget(run)
    rate, since = lines.last("_global_rate"), run.timed_from.get("train_time")
    if rate:
        run.state("throughput", rate, *lines.last_place())
    if now is not None and since is not None and now >= since:
        run.state("train_time", f"{now - since:.3f}", *lines.last_place())


def forget(run: Draft[Memory]) -> None:
    """Take back what only the last step line says of the whole run."""
    for name in ("throughput", "train_time"):
        run.facts.pop(name, None)


def evaluation_step(run: Draft[Memory], event: Event) -> None:
    run.reach(EVALUATE)
    run.label(event, "stage", "eval")
    run.point(event, "eval_loss", event.number("_batch" if event.has("_batch") else "step"), event.text("_loss"))
    if event.has("_global_rate") and "loss" not in run.series:
        run.retell(event, "throughput", "_global_rate")


def evaluated(run: Draft[Memory], event: Event) -> None:
    if "loss" not in run.series:  # an evaluation between steps ends no training
        run.complete(event)


def metric(run: Draft[Memory], event: Event) -> None:
    run.tell(event, f"eval/{event.text('_name')}", "_value")


def close(run: Draft[Memory]) -> None:
    if run.memory.step_end and run.earliest(STEP_LINE, run.memory.step_end):
        forget(run)  # a later step line, which could not be read, would say it
    last, since = run.latest(STAMP, run.finished_at), run.timed_from.get("total_time")
    now = seconds(decode(last.match["stamp"])) if last else None
    if last and now is not None and since is not None:
        run.state_found("ended_at", decode(last.match["stamp"]), last)
        if now > since:
            run.state_found("total_time", f"{now - since:.3f}", last)


STEP = (
    line("Step={step:int}, ") + maybe("Batch={_batch:int}, ") + line("Loss={_loss}")
    + rb"(?!\W{1,16}\d+, Rate=)"  # a terminal broke the number
    + maybe(", Rate={_rate} samples/sec") + maybe(", GlobalRate={_global_rate} samples/sec")
)  # fmt: skip
PROCESSED = line("Processed {samples:int} {:any}sample") + rb"\\?\(s\\?\)" + line(" in {reported_time} seconds")
JOB, HASH = rb"wsjob-[\w-]{1,80}+", rb"cs_\w{1,80}+"
FAILED = rb"ERROR: +(?P<_reason>(?:Job|Poll ingress for) wsjob-[\w-]+ failed[ :][^\r\n]{1,400}+)(?=[\r\n])"

DIALECT = Dialect(
    system="Cerebras",
    signs=(b"wsjob-", b"Cerebras", b"sample(s) in ", b"sample\\(s\\) in ", b"Effective batch size is",
           b" completed successfully!", b", Loss="),
    repeating=PHASES, stamp=STAMP, memory=Memory, begin=begin, close=close,
    noise=(
        ("Cerebras phase", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} +[A-Z]+: +(?:Checkpoint autoloading|No checkpoints? w"
            r"|Saving checkpoint|Saved checkpoint|Defaulted to use|Custom worker image|Poll ingress|Ingress is ready"
            r"|Pre-optimization|Optimizing|Gradient accumulation|Exploring|No benefit from gradient|Post-layout"
            r"|Allocating buffers|Code generation|Compiling|Heartbeat thread|About to send|Finished sending"
            r"|Finalizing appliance|Waiting for|Device programming|Using network type|Input workers|Appliance staging"
            r"|Initiating a new image|Loading|Event \d{4}|Evaluation metrics|Found latest|Job queue)"),
    ),
    shapes=(
        Shape(line("--python_paths {:any}/R_{sdk_version}", sdk_version=rb"\d+\.\d+\.\d+") + rb"(?=/)", AHEAD,
              example="> --python_paths /home/user/R_2.1.1/modelzoo/"),
        Shape(line("Effective batch size is {batch_size:int}."), OPENS, another=True),
        Shape(line("Compiling the model.", unquoted=True), bare=True, times_from="compile_time"),
        Shape(line("Compile was successful!", unquoted=True), times_to="compile_time"),
        Shape(line("Initiating a new compile"), phase=COMPILE, bare=True),
        Shape(line("Initiating a new execute"), phase=EXECUTE, bare=True),
        # Later releases begin both with a capital letter, or say the same of both.
        Shape(line("ompile job id: {compile_job_id:id}", compile_job_id=JOB), bare=True),
        Shape(line("xecute job id: {execute_job_id:id}", execute_job_id=JOB), bare=True),
        Shape(line("Job id: {compile_job_id:id}", compile_job_id=JOB), INSIDE, during=(COMPILE,)),
        Shape(line("Job id: {execute_job_id:id}", execute_job_id=JOB), INSIDE, during=(EXECUTE,)),
        Shape(line("Compile hash is: {compile_hash:id}", compile_hash=HASH), bare=True),
        Shape(line('Found existing cached compile with hash: "{compile_hash}"', compile_hash=HASH), bare=True),
        Shape(line("Programming Cerebras Wafer Scale Cluster", unquoted=True), bare=True,
              times_from="programming_time"),
        Shape(line("Preparing to execute using {csx:int} CSX")),
        Shape(line("Beginning appliance run", unquoted=True), bare=True, times_to="programming_time",
              times_from="train_time"),
        Shape(STEP, action=step, series=True, apart=evaluates, another=trains_anew,
              example="Step=50, Batch=1, Loss=8.75, Rate=90.5 samples/sec, GlobalRate=90.25 samples/sec"),
        Shape(line("Avg Eval Loss: {eval_loss}"), phase=EVALUATE, says=EVALUATION),
        Shape(line("- eval/{_name:name} = {_value}"), action=metric, phase=EVALUATE, says=EVALUATION),
        Shape(line("Training completed successfully!", unquoted=True), phase=TRAINED, another=same_again,
              says=TRAINING, ends="completed"),
        Shape(line("Evaluation completed successfully!", unquoted=True), action=evaluated, phase=EVALUATED,
              another=same_again, says=EVALUATION),
        Shape(line("Training and Eval runs completed successfully!"), ends="completed"),
        Shape(PROCESSED, last=True, example="Processed 6400 training sample(s) in 20.125 seconds."),
        Shape(FAILED, INSIDE, ends="failed", example="ERROR:   Job wsjob-a1 failed during initialization: no room"),
        Shape(line("Job wsjob-{:id} was cancelled{:more}"), INSIDE, ends="killed"),
    ),
)  # fmt: skip
