"""Graphcore: `srun` sessions of the poptorch MNIST example, and the bars that other programs draw too."""

from __future__ import annotations

import re

from ..grammar import AHEAD, OPENS, Dialect, Draft, Event, Shape, decode, line

# A line that only Graphcore's programs print; the phases of the MNIST example, whose epochs' bar is drawn again and
# again; a trainer's training and evaluation; a measured rate. The other files of this system have the lines of these.
OWN, EPOCHS, TESTED, TRAINER, EVALUATED, MEASURED = range(1, 7)
TRAINS = {"stage": "train"}

# A bar behind its percentage, as far as nothing was written over it. A narrow terminal breaks it into several lines.
BAR = (
    rb"(?:[^|\r\n]{0,2000}(?:\r?\n[#?\x80-\xff \t>+\d]{0,400}){0,4}\| (?P<_done>\d{1,18})/(?P<_total>\d{1,18}) "
    rb"\[(?:(?P<_time>\d{1,4}(?::\d\d){1,2})<"
    rb"(?:[\d:?]{1,12}(?:, *(?:(?P<_pace>[\d.]+)s/it|[\d.?]+it/s)(?:, [^\]\r\n]{0,200})?)?\])?)?)?"
)
EPOCHS_BEGIN = line("Epochs:{:blanks}0%|") + rb"(?=[^|\r\n]{0,2000}\| 0/\d{1,18} \[00:00)" + BAR
CUT = rb"(?!\s{1,16}0%\|[^|\r\n]{0,2000}(?:\|[\d/ ]{0,40}(?:\[[\d:]{0,4})?)?\Z)"  # it may be how the epochs begin
EPOCHS_BAR = line("Epochs:") + CUT + line("{:blanks}{_percent:int}%|") + BAR
COMPILATION = line("Graph compilation:{:blanks}{_percent:int}%|") + BAR
# The bar within an epoch has no label: no word and colon before its percentage.
INNER_BAR = re.compile(
    rb"(?<![A-Za-z]: [ \d][ \d]\d)(?<![A-Za-z]: \d\d)(?<![A-Za-z]: \d)"
    rb"%\|[^|\r\n]{0,2000}\| *\d+/(?P<total>\d{1,18}) \["
)
# A bar that ends within its numbers at the end of a line, where a terminal or `cut` broke it.
BROKEN = re.compile(rb"[^|\r\n]{0,2000}(?:\|[\d/ ]{0,40}(?:\[[^\]\r\n]{0,80})?)?\r?\n")
BANNER, REACH = b"***** Running ", 4096


class Bars:
    """Offsets after which bars are: the first of the epochs, of the test pass, of both full compilations.

    Each is 0 until the bar is seen. `bars_tell` notes that a bar told its epoch's loss, with no line to sum it up.
    """

    epochs = test = compiled = recompiled = 0
    bars_tell = False


def begins(run: Draft[Bars], event: Event) -> bool:
    """Return whether a line begins another run: the open one is another job, or did more than wait and print it."""
    if run.reported:
        return run.source is None or run.source.match[0] != event.match[0]
    return event.has("job_id") and run.fact_value("job_id") not in (None, event.text("job_id"))


def trains_anew(run: Draft[Bars], event: Event) -> bool:
    """Return whether a bar of epochs begins a run. A job may compile its graph before its first epoch.

    A bar whose text is lost behind its percentage is taken to be the same bar, drawn before.
    """
    compiled = run.opened and run.phase == OWN and not (run.memory.epochs or run.endings or run.series)
    torn = run.source is not None and run.source.match[0].startswith(b"Epochs:") and run.source.precedes_gap()
    return not (compiled or torn) and begins(run, event)


def coming(event: Event) -> str:
    """Return what a trainer's next banner announces: training, Evaluation or Prediction; else nothing."""
    end = event.match.end()
    until, *_ = event.match.string[end : end + REACH].split(b"Compiling Model")  # which has a banner of its own
    words = until.partition(BANNER)[2].split(maxsplit=1)
    return decode(words[0]) if words else ""


def compiles_anew(run: Draft[Bars], event: Event) -> bool:
    """Return whether a graph is of another run: after a measured rate, or before another training."""
    return run.phase == MEASURED or (run.phase in (TRAINER, EVALUATED) and coming(event) == "training")


def belongs(run: Draft[Bars], event: Event) -> bool:
    """Return whether a graph is known to be of this run; after a trainer's training, the next banner tells."""
    return run.phase not in (TRAINER, EVALUATED) or coming(event) in ("Evaluation", "Prediction")


def allocated(run: Draft[Bars], _event: Event) -> None:
    run.started = True


def is_full(event: Event) -> bool:
    """Return whether a bar is full; where its numbers are overwritten, its percentage tells."""
    return event.match["_percent"] == b"100" and event.match["_done"] == event.match["_total"]


def epochs(run: Draft[Bars], event: Event) -> None:
    run.memory.epochs = run.memory.epochs or event.end
    if event.has("_total"):
        run.tell(event, "epochs", "_total")
    if is_full(event):
        run.memory.test = run.memory.test or event.end
        broken = BROKEN.match(event.match.string, event.match.end()) is not None
        for name, group in (("train_time", "_time"), ("epoch_time", "_pace")):
            if event.has(group):
                run.retell(event, name, group)
            elif broken:
                run.forget(name)


def compilation(run: Draft[Bars], event: Event) -> None:
    """The first graph is the training's; one that is begun behind it, or compiled behind the training, the test's."""
    bars = run.memory
    if bars.compiled and event.text("_percent") == "0":
        bars.test = bars.test or event.end
    if not is_full(event) or not event.has("_time") or not belongs(run, event):
        return
    if run.has_gap(run.start, event.at):
        return  # an earlier bar may be lost
    name = "inference_compile_time" if bars.test or run.phase in (TRAINER, EVALUATED) else "compile_time"
    if not run.has(name):
        run.tell(event, name, "_time")
    if bars.compiled and b"\n" in run.ruler.data[bars.compiled : event.at]:  # the same bar is drawn on one line
        bars.recompiled = bars.recompiled or event.end
    bars.compiled = bars.compiled or event.end


def close(run: Draft[Bars]) -> None:
    run.state_span()
    bars = run.memory
    bar = run.earliest(INNER_BAR, bars.epochs, bars.test or bars.recompiled or run.end) if bars.epochs else None
    if bar and not run.has_gap(bars.epochs, bar.at):
        run.state_found("epoch_steps", decode(bar.match["total"]), bar)


DIALECT = Dialect(
    system="Graphcore",
    called=r"graph ?core|\bipus?\b|poptorch|poplar",
    signs=(b"Accuracy on test set", b"poptorch", b"Graph compilation:", b"POPLIN", b"driver/poplar", b"Epochs: "),
    # The timestamp of its libraries, not one that a container puts before each line.
    stamp=re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z)(?= (?:[A-Z]{2}|popart):)"),
    repeating=(EPOCHS,),
    memory=Bars,
    close=close,
    hosts=r"gc",
    noise=(
        ("poplar", r"\d{4}-\d\d-\d\dT[\d:.]+Z (?:PL|PO|popart)|\[\d\d:\d\d:\d\d\.\d+\] \[popt?orch|\[\d+,\d+\]<std"),
        ("network print", r"(?:TrainingModelWithLoss|\)+$|\(\w+\): (?:\w+\(|\w+$))"),
    ),
    shapes=(
        Shape(line("srun: job {job_id:int} queued"), OPENS, bare=True, another=begins),
        Shape(line("srun: job {job_id:int} has been allocated"), OPENS, allocated, bare=True, another=begins),
        Shape(EPOCHS_BEGIN, OPENS, another=trains_anew, example="Epochs:   0%|          | 0/10 [00:00<?, ?it/s]"),
        Shape(EPOCHS_BAR, action=epochs, phase=EPOCHS, says=TRAINS,
              example="Epochs: 100%|##########| 10/10 [01:30<00:00,  9.00s/it]"),
        Shape(rb"\[poptorch:[^\]\r\n]{1,20}\] \[\w{1,10}\]", bare=True, phase=OWN, another=False,
              example="[poptorch:cpp] [warning] Type coerced"),
        Shape(COMPILATION, action=compilation, phase=OWN, another=compiles_anew,
              example="Graph compilation: 100%|##########| 100/100 [00:20<00:00]"),
        Shape(line("Loss:{:marks}{loss} | Accuracy:{:marks}{train_accuracy}%"), series=True, says=TRAINS),
        Shape(line("Accuracy on test set:{:marks}{test_accuracy}%"), phase=TESTED, ends="completed"),
        Shape(line("poptorch.poptorch_core.Error: {:rest}"), ends="failed"),
        Shape(rb"(?<!poptorch\.)" + line("poptorch_core.Error: {:rest}"), ends="failed",
              example="poptorch_core.Error: no IPU"),
        Shape(line("Fabric error: {:rest}"), ends="failed"),
        Shape(line("Conv2d(1, 32, kernel_size=(3, 3)"), AHEAD, says={"workload": "mnist"}),
    ),
)  # fmt: skip
