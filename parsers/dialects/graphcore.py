"""Graphcore: `srun` sessions of the poptorch MNIST example, and the lines of BERT, GPT-2, ResNet50 and Keras runs."""

from __future__ import annotations

import re
from typing import Any

from ..engine.evidence import of_match
from ..grammar import END, EOL, NUMBER, Dialect, Draft, Event, Lines, Role, Shape, clock, decode, each_match

_STAMP = re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z)")
# A bar without a label of its own: what stands before its percentage ends in no "word:".
_INNER = re.compile(rb"%\|[^|\r\n]{0,2000}\| *\d+/(?P<total>\d{1,18}) \[")
_LABEL = re.compile(rb"[A-Za-z]: *\d*$")


def _queued(run: Draft[Any], event: Event) -> None:
    run.tell(event, "job_id", "job")
    run.started |= event.match["state"] != b"queued"


def _epochs(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "train")
    run.notes.setdefault("epochs_at", event.at)
    run.notes.setdefault("epochs_line", event.line)
    if event.match["percent"] == b"100" and event.match["done"] == event.match["total"]:
        run.notes.setdefault("epochs_end", event.at)  # also where the rest of the bar is overwritten
    if event.match["total"] is None:
        return
    run.tell(event, "epochs", "total")
    done, total = int(event.match["done"]), int(event.match["total"])
    run.notes["progress"] = max(run.notes.get("progress", 0), done)
    if done != total or event.match["elapsed"] is None:
        return
    run.restate("train_time", str(clock(event.text("elapsed"))), event.line, event.view_line)
    if event.match["pace"]:
        run.restate("epoch_time", event.text("pace"), event.line, event.view_line)


def _compilation(run: Draft[Any], event: Event) -> None:
    if event.match["percent"] == b"0":
        run.notes["bars"] = run.notes.get("bars", 0) + ("compiled" in run.notes)
    if event.match["elapsed"] is None or event.match["done"] != event.match["total"]:
        return
    if event.line > run.notes.get("compiled", event.line):
        run.notes.setdefault("recompiled_at", event.at)
    second = "epochs_end" in run.notes or (run.notes.get("bars") and "compiled" in run.notes)
    name = "inference_compile_time" if second else "compile_time"
    run.notes.setdefault("compiled", event.line)
    if not run.has(name):
        run.state(name, str(clock(event.text("elapsed"))), event.line, event.view_line)


def _training(run: Draft[Any], lines: Event) -> None:
    assert isinstance(lines, Lines)
    run.label(lines, "stage", "train")
    run.extend(lines, *lines.columns)


def _throughput(run: Draft[Any], lines: Event) -> None:
    assert isinstance(lines, Lines)
    run.extend(lines, "rate")
    run.restate("throughput", lines.last("rate"), *lines.last_place())


def _accuracy(run: Draft[Any], event: Event) -> None:
    run.tell(event, "test_accuracy", "accuracy")
    run.complete(event)


def _training_time(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "train")
    run.tell(event, "train_time", "seconds")
    run.complete(event)


def _finished_training(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "train")
    run.complete(event)


def _network(run: Draft[Any], event: Event) -> None:
    run.label(event, "workload", "mnist")


def _config(run: Draft[Any], event: Event) -> None:
    run.tell(event, "model", "model")


def _error(run: Draft[Any], event: Event) -> None:
    run.fail(event, event.text(0))


def _anew(run: Draft[Any], event: Event) -> bool:
    if event.shape is _QUEUED:
        job = run.fact_value("job_id")
        return (job is not None and job != event.text("job")) or run.reported
    if event.shape is _EPOCHS:
        return run.has("test_accuracy") and run.has("epochs")
    if event.shape is _EPOCHS_BEGIN:
        if "epochs_at" not in run.notes:
            failed = any(ending.outcome == "failed" for ending in run.endings)
            return failed or bool(run.series) or run.has("test_accuracy")
        if event.match["total"] is not None and run.fact_value("epochs") not in (None, event.text("total")):
            return True
        # What has compiled for seconds, or was stopped, does not stand at its beginning again.
        stopped = any(ending.line >= run.notes["epochs_line"] for ending in run.endings)
        older = stopped or run.fact_value("compile_time") not in (None, "0")
        return bool(run.notes.get("progress")) or (older and event.match["elapsed"] in (None, b"00:00"))
    if event.shape is _ACCURACY:
        return run.has("test_accuracy")
    return event.shape is _CONFIG and run.reported


def _close(run: Draft[Any]) -> None:
    _inner_bar(run)
    run.state_span()


def _inner_bar(run: Draft[Any]) -> None:
    """State the steps of an epoch: the total of the bar that runs inside the epochs' bar, before the test's."""
    if "epochs_at" not in run.notes:
        return
    begin = int(run.notes["epochs_at"])
    end = int(run.notes.get("epochs_end", run.notes.get("recompiled_at", run.end)))
    data = run.ruler.data
    for at, bar in each_match(_INNER, data, begin, end):
        if not _LABEL.search(data[max(begin, at - 40) : at]):
            place = run.ruler.place(at + bar.start("total") - bar.start())
            run.state("epoch_steps", decode(bar["total"]), *place, evidence=of_match(bar, decode(bar["total"])))
            return


_BAR = (
    rb"%\|(?:[^|\r\n]{0,2000}\| *(?P<done>\d{1,18})/(?P<total>\d{1,18}) "
    rb"\[(?:(?P<elapsed>\d{1,4}(?::\d\d){1,2})<[\d:?]{1,12}"
)
_QUEUED = Shape(rb"srun: job (?P<job>\d+) (?P<state>queued|has been allocated)", Role.OPENS, _queued, bare=True)
_PACE = rb"(?:, *(?:(?P<pace>[\d.]+)s/it|[\d.?]+it/s)(?:, [^\]\r\n]{0,200})?)?\])?)?"
_EPOCHS_BEGIN = Shape(rb"Epochs: +(?P<percent>0)" + _BAR + _PACE, Role.OPENS, _epochs)
_EPOCHS = Shape(rb"Epochs: +(?P<percent>[1-9]\d*)" + _BAR + _PACE, Role.GIVES, _epochs)
_ACCURACY = Shape(rb"Accuracy on test set:[ *`_]{0,8}(?P<accuracy>" + NUMBER + rb")%", Role.GIVES, _accuracy)
_CONFIG = Shape(rb"Using config: (?P<model>[\w.-]{1,80})" + EOL, Role.OPENS, _config)

DIALECT = Dialect(
    system="Graphcore",
    signs=(b"Accuracy on test set", b"poptorch", b"Graph compilation:", b"POPLIN",
           b"driver/poplar", b"Epochs: ", b" of epoch ", b" - total loss: ", b"[INFO] throughput"),
    shapes=(
        _QUEUED,
        _EPOCHS_BEGIN,
        _EPOCHS,
        Shape(rb"Graph compilation: +(?P<percent>\d+)" + _BAR + rb"\])?)?", Role.GIVES, _compilation),
        Shape(
            rb"Loss: ?(?P<loss>" + NUMBER + rb") \| Accuracy: ?(?P<train_accuracy>" + NUMBER + rb")%",
            Role.GIVES, _training, series=True
        ),
        _ACCURACY,
        Shape(rb"poptorch\.poptorch_core\.Error: [^\r\n]{1,400}+(?=[\r\n])", Role.GIVES, _error),
        Shape(rb"Fabric error: [^\r\n]{1,400}+(?=[\r\n])", Role.GIVES, _error),
        Shape(rb"Conv2d\(1, 32, kernel_size=\(3, 3\)", Role.AHEAD, _network),
        _CONFIG,
        Shape(
            rb"Step: \d+ / \d+ - LR: (?P<learning_rate>" + NUMBER + rb")"
            rb" - total loss: (?P<loss>" + NUMBER + rb")" + END,
            Role.GIVES, _training, series=True
        ),
        Shape(
            rb" of epoch \d+, loss: (?P<loss>" + NUMBER + rb"), acc: " + NUMBER + rb", "
            rb"lr: (?P<learning_rate>" + NUMBER + rb")" + END, Role.GIVES, _training, series=True
        ),
        Shape(rb"\[INFO\] loss: (?P<loss>" + NUMBER + rb")" + END, Role.GIVES, _training, series=True),
        Shape(rb"\[INFO\] accuracy: (?P<train_accuracy>" + NUMBER + rb") %", Role.GIVES, _training, series=True),
        Shape(rb"Epoch \d+/(?P<epochs>\d+)" + EOL, Role.AHEAD, start=True),
        Shape(rb"s/step - loss: (?P<loss>" + NUMBER + rb")" + END, Role.GIVES, _training, series=True),
        # These words are not Graphcore's own: by themselves they begin no run.
        Shape(rb"throughput: (?P<rate>" + NUMBER + rb") samples/sec", Role.INSIDE, _throughput, series=True),
        Shape(rb"Global batch size: (?P<batch_size>\d+)" + EOL, Role.AHEAD),
        Shape(rb"global_batch_size: (?P<batch_size>\d+)" + EOL, Role.AHEAD),
        Shape(rb"training_steps: (?P<steps>\d+)" + EOL, Role.AHEAD),
        Shape(rb"Compiled/Loaded model in (?P<load_time>" + NUMBER + rb") secs", Role.GIVES),
        Shape(rb"Training time: (?P<seconds>" + NUMBER + rb") secs", Role.GIVES, _training_time),
        Shape(rb"Finished training\. Time: ", Role.GIVES, _finished_training),
    ),
    anew=_anew,
    stamp=_STAMP,
    close=_close,
)  # fmt: skip
