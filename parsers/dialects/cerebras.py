"""Cerebras: `run.py` and `cszoo` logs of the model zoo, PyTorch, releases 1.7 to 2.10."""

from __future__ import annotations

import re

from ..grammar import AHEAD, INSIDE, OPENS, Dialect, Draft, Event, Shape, decode, line, maybe, seconds
from . import cerebras_loops as loops
from . import cerebras_steps as steps
from .cerebras_loops import COMPILE, EVALUATE, EVALUATED, EXECUTE, INFER, PHASES, TRAIN, TRAINED, Memory

TRAINING, EVALUATION = {"stage": "train"}, {"stage": "eval"}
STAMP = re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) +[A-Z]+:")
TRAINS = re.compile(rb" (?:fit|--mode[= ]train\w*)(?: |\Z)")
RELEASE = re.compile(rb"/R_(?P<release>\d+\.\d+\.\d+)/")
TENSORFLOW = "a TensorFlow log of a CS-1 or CS-2; of Cerebras only the logs of PyTorch programs are read"


def begin(run: Draft[Memory], event: Event) -> None:
    """Let the run begin at its first timestamp, which may be on an earlier line that says nothing else.

    An excerpt does not tell when the run began. The last timestamp on its first line counts: a bar that another run
    printed may be before it.
    """
    first = run.earliest(STAMP, run.block, event.at if run.opened else run.start) or run.latest(STAMP, event.at)
    moment = seconds(decode(first.match["stamp"])) if first else None
    if first is None or moment is None:
        return
    run.start = min(run.start, first.at)
    if run.opened or event.shape.role is OPENS:
        run.timed_from["total_time"] = moment
        run.state_beginning(first)


def commanded(run: Draft[Memory], event: Event) -> None:
    """Take what the command of the program tells."""
    run.memory.commanded = run.started = True
    run.memory.trains = TRAINS.search(event.match["_command"]) is not None
    release = RELEASE.search(event.match["_command"])
    if release:
        run.state("sdk_version", decode(release["release"]), event.line, event.view_line, evidence=decode(release[0]))


def opens_anew(run: Draft[Memory], _: Event) -> bool:
    """Return whether a batch size begins another run. Each set of data of a run may print its own."""
    stopped = any(ending.outcome != "completed" for ending in run.endings)
    return stopped or not (run.memory.commanded or run.memory.in_loop)


def same_again(run: Draft[Memory], event: Event) -> bool:
    """Return whether nothing was done since the line of this shape before."""
    return run.phase == event.shape.phase


def processed(run: Draft[Memory], event: Event) -> None:
    run.memory.processed = event
    if event.has("_training") and "loss" not in run.series:
        run.label(event, "stage", "train")
        run.forget("throughput")  # it was an evaluation's, and the excerpt lacks the training's


def close(run: Draft[Memory]) -> None:
    if run.memory.step_end and run.earliest(steps.STEP_LINE, run.memory.step_end):
        steps.forget(run)  # a later step line, which could not be read, would say it
    if run.phase == INFER and run.memory.processed and not run.endings:
        run.complete(run.memory.processed)  # an inference prints nothing else at its end
    last, since = run.latest(STAMP, run.finished_at), run.timed_from.get("total_time")
    now = seconds(decode(last.match["stamp"])) if last else None
    if last and now is not None:
        run.state_end(last)
        if since is not None and now > since:
            run.state_found("total_time", f"{now - since:.3f}", last)


RATES = line("Rate={_rate} samples/sec") + maybe(", GlobalRate={_global_rate} samples/sec")
STEP = (
    line("Step={step:int}, ") + maybe("Batch={_batch:int}, ") + line("Loss={_loss}")
    + rb"(?!\W{1,16}\d+, Rate=)"  # a terminal broke the number
    + maybe(", Rate={_rate} samples/sec") + maybe(", GlobalRate={_global_rate} samples/sec")
)  # fmt: skip
PROCESSED = (
    line("Processed {samples:int} ") + rb"(?P<_training>training )?" + line("{:any}sample") + rb"\\?\(s\\?\)"
    + line(" in {reported_time} seconds")
)  # fmt: skip
OTHER_LOOP = rb"(?!train )[\w./-]{1,120}+"
JOB, HASH = rb"wsjob-[\w-]{1,80}+", rb"cs_\w{1,80}+"
FAILED = rb"ERROR: +(?P<_reason>(?:(?:Job|Poll ingress for) wsjob-[\w-]+ failed[ :]|NaN )[^\r\n]{1,400}+)(?=[\r\n])"
# Exceptions of the runtime. These two say that the job was stopped from outside, all others that it failed.
STOPPED = rb"[\w.]{0,80}(?:CancelledByCsctl|RuntimeJobTimeoutError)\b"
EXCEPTION = rb"(?P<_reason>%b%b[\w.]{1,120}+(?::[^\r\n]{0,400}+)?)(?=[ \t]*[\r\n])"
# A module's name, in two spellings, and an exception's; each with an example of how it goes on.
EXCEPTIONS = (
    (rb"cerebras\.appliance\.", "cerebras.appliance.errors.Appliance"),
    (rb"cerebras_appliance\.", "cerebras_appliance.errors.Appliance"),
    (rb"Appliance(?=\w{1,60}Error: )", "Appliance"),
)

DIALECT = Dialect(
    system="Cerebras",
    called=r"cerebras|\bcs ?[123]\b|\bcsx\b|wafer",
    signs=(b"wsjob-", b"Cerebras", b"sample(s) in ", b"sample\\(s\\) in ", b"Effective batch size is",
           b" completed successfully!", b", Loss=", b" samples/sec, GlobalRate=", b"cszoo ", b"cerebras.appliance.",
           b"cerebras_appliance.", b"ApplianceNanError"),
    repeating=PHASES, stamp=STAMP, memory=Memory, begin=begin, close=close,
    noise=(
        ("Cerebras phase", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} +[A-Z]+: +(?:Checkpoint autoloading|No checkpoints? w"
            r"|Saving checkpoint|Saved checkpoint|Defaulted to use|Custom worker image|Poll ingress|Ingress is ready"
            r"|Pre-optimization|Optimizing|Gradient accumulation|Exploring|No benefit from gradient|Post-layout"
            r"|Allocating buffers|Code generation|Compiling|Heartbeat thread|About to send|Finished sending"
            r"|Finalizing appliance|Waiting for|Device programming|Using network type|Input workers|Appliance staging"
            r"|Initiating a new image|Loading|Event \d{4}|Evaluation metrics|Found latest|Job queue"
            r"|Trainer (?:Fit|Validate)|Trainer will run|[-=]{9}|Train steps per|\* \w+ (?:loops? of|after every)"
            r"|Checkpoints will be|Progress will be|Appliance client|User sidecar|Recording the time"
            r"|Saving step \d+ in|$)"),
    ),
    shapes=(
        Shape(line("INFO:tensorflow:"), refuses=TENSORFLOW),
        Shape(line("Running command: {_command}", _command=rb"[^\r\n]{1,8000}+"), OPENS, commanded, bare=True,
              another=True),
        Shape(line("--python_paths {:any}/R_{sdk_version}", sdk_version=rb"\d+\.\d+\.\d+") + rb"(?=/)", AHEAD,
              example="> --python_paths /home/user/R_2.1.1/modelzoo/"),
        Shape(line("Effective batch size is {batch_size:int}."), OPENS, another=opens_anew),
        Shape(line("for a total of {steps:int} train step"), AHEAD),
        Shape(line("Starting train loop {_loop:int} of {_loops:int},") + maybe(" from global step "),
              action=loops.train_loop, phase=TRAIN, bare=True, another=loops.loop_again,
              example="Starting train loop 1 of 2, from global step 1 to 10 (10 steps)"),
        Shape(line("Starting {_data:name} loop {_loop:int} of {evaluations:int},", _data=OTHER_LOOP) + maybe(" with "),
              action=loops.evaluation_loop, phase=EVALUATE, bare=True,
              example="Starting val_dataloader_0 loop 1 of 2, with 8 steps"),
        Shape(line("Compiling the model.", unquoted=True), bare=True, times_from="compile_time"),
        Shape(line("Compile was successful!", unquoted=True), action=loops.compiled),
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
        Shape(line("Beginning appliance run", unquoted=True), action=loops.begin_loop, bare=True),
        Shape(STEP, action=steps.step, series=True, apart=steps.mixed, another=steps.trains_anew,
              example="Step=50, Batch=1, Loss=8.75, Rate=90.5 samples/sec, GlobalRate=90.25 samples/sec"),
        Shape(line("GlobalStep={_step:int}, Batch={:int}, ") + RATES, action=steps.rates_only,
              example="GlobalStep=50, Batch=1, Rate=90.5 samples/sec, GlobalRate=90.25 samples/sec"),
        Shape(line("Eval Device={:word} Step={_step:int}, ") + RATES, action=steps.rates_only,
              example="Eval Device=CSX, Step=50, Rate=90.5 samples/sec, GlobalRate=90.25 samples/sec"),
        Shape(line("Inference Device={:word} Step={_step:int}, ") + RATES, action=steps.rates_only,
              example="Inference Device=CSX, Step=50, Rate=90.5 samples/sec, GlobalRate=90.25 samples/sec"),
        Shape(line("Avg Eval Loss: {_loss}"), action=steps.mean_loss, phase=EVALUATE, says=EVALUATION),
        Shape(line("- eval/{_name:name} = {_value}"), action=steps.metric, phase=EVALUATE, says=EVALUATION),
        Shape(line("Training completed successfully!", unquoted=True), action=loops.trained, phase=TRAINED,
              another=same_again, says=TRAINING),
        Shape(line("Evaluation completed successfully!", unquoted=True), action=loops.evaluated, phase=EVALUATED,
              another=same_again, says=EVALUATION),
        Shape(line("Training and Eval runs completed successfully!"), ends="completed"),
        Shape(line("Training Complete. Completed {samples:int} sample(s) in {reported_time} seconds"), phase=TRAINED,
              says=TRAINING, ends="completed"),
        Shape(line("Monitoring ") + rb"(?:returned|is over)", INSIDE, last=True, example="Monitoring returned"),
        Shape(PROCESSED, action=processed, last=True, example="Processed 6400 training sample(s) in 20.125 seconds."),
        Shape(FAILED, INSIDE, ends="failed", example="ERROR:   Job wsjob-a1 failed during initialization: no room"),
        Shape(line("Job wsjob-{:id} was cancelled{:more}"), INSIDE, ends="killed"),
        Shape(line("Appliance job timer time out after {:int}s"), INSIDE, ends="killed"),
        *(Shape(EXCEPTION % (begins, rb"(?!%b)" % STOPPED), start=True, ends="failed", example=f"{said}NanError: NaN")
          for begins, said in EXCEPTIONS),
        *(Shape(EXCEPTION % (begins, rb"(?=%b)" % STOPPED), start=True, ends="killed",
                example=f"{said}RuntimeJobTimeoutError: 9 s")
          for begins, said in EXCEPTIONS),
    ),
)  # fmt: skip
