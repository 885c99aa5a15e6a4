"""Graphcore: loops that people write around PopTorch, and Graphcore's examples of PopART, PopXL and data loading.

A loop prints an epoch's loss, or shows it in a progress bar. Such a line does not name the system, so a run of
Graphcore must be open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from ..grammar import END, FOLLOWS, NUMBER, Dialect, Draft, Event, Shape, decode, line
from .graphcore import MEASURED, OWN, REACH, TRAINS, Bars
from .graphcore_examples import throughput

# A number in the line of an epoch, with the words before it: `Train Loss: 0.5`, `acc=81.2%`.
PAIR = re.compile(
    rb"(?i)(?<![a-z_\d.])(?<![a-z] )"
    rb"(?:(?P<part>train|training|total|average|avg|mean|val|valid|validation|test)[ _.-]?)?"
    rb"(?P<what>loss|accuracy|acc|lr|learning[ _]rate)[ \t]*[:=]?[ \t]*"
    rb"(?P<value>" + NUMBER + rb")[ \t]*(?P<percent>%)?(?![\w.+%-]|,\d)"
)
ENDED = re.compile(END)
VALIDATION = ("val", "valid", "validation")
# An epoch's number and the rest of its line, which states a loss, is not a progress bar and does not count steps.
EPOCH = (
    rb"poch[ :#=\[]{0,3}(?P<_epoch>\d{1,9}+)(?:/(?P<epochs>\d{1,9}+))?+(?![\d.]|\|\w{1,20}step:)"
    rb"(?P<_rest>(?>(?:(?!%\|)[^\r\n]){0,200}?[lL](?:oss|OSS))[^\r\n]{1,400}+)(?=[\r\n])"
)
# An epoch's number on a line of its own, and the lines below that say its losses. Bars have shapes of their own.
LOSSES = (
    rb"poch[ :#=\[]{0,3}(?P<_epoch>\d{1,9}+)(?:/(?P<epochs>\d{1,9}+))?+[\]:. \t-]{0,80}+\r?\n"
    rb"(?P<_rest>(?:(?![^\r\n]{0,400}(?:poch|/step|it/s|s/it|%\|))"
    rb"[ \t>|*#+-]{0,24}(?:[A-Za-z]{1,16}[ _-]){0,2}(?:[lL]oss|LOSS|[aA]cc)[^\r\n]{1,200}+\r?\n){1,6}+)"
)
# A step or batch beside the epoch: the line is one of many of its epoch.
WITHIN = re.compile(rb"(?i)[^:=]{0,20}(?:step|batch|iter)")
# A full bar with words after its pace, and the number of the epoch before it.
BAR = (
    rb"100%\|[^|\r\n]{0,2000}\| *(?P<_done>\d{1,18}+)/(?P=_done) \[[^\],\r\n]{1,80},[^\],\r\n]{1,80}, "
    rb"(?P<_rest>[^\]\r\n]{3,200})\]"
)
LABEL = re.compile(rb"(?i)epoch\D{0,3}(\d{1,9})\D{0,40}$")
TESTING = re.compile(rb"(?i)\b(?:val|test|eval)[a-z]*[\])]?[ :\w]{0,20}$")
# What follows the bar of an epoch: the end of its line, and a whole line; and the next epoch's bar, or a line that sums
# the epoch up.
LINE_END = re.compile(rb"[^\r\n%]{0,200}\r?\n")
WHOLE_LINE = re.compile(LINE_END.pattern + rb"(?:[ \t>+#|*]{0,20}\r?\n){0,9}+[^\n]+\n")
NEXT_EPOCH = re.compile(rb"poch\D{0,4}(?P<epoch>\d{1,9})[^\r\n]{0,40}?%\||(?P<sum>poch[^\r\n]{0,200}[lL]oss)")


def named(pair: re.Match[bytes]) -> Iterator[tuple[str, str]]:
    """Yield what a number is by its words, as a name of the vocabulary, and the number."""
    part, what, value = decode(pair["part"] or b"").lower(), pair["what"].lower(), decode(pair["value"])
    if what == b"loss":
        yield "eval_loss" if part in VALIDATION else "test_loss" if part == "test" else "loss", value
    elif what[:1] == b"l":
        yield "learning_rate", value
    elif part not in VALIDATION:
        name = "test_accuracy" if part == "test" else "train_accuracy"
        yield name if pair["percent"] or float(value) > 1 else f"{name}_unitless", value  # no share is above one


def pairs(event: Event) -> Iterator[re.Match[bytes]]:
    """Yield the numbers in the line of an epoch, but one at its end with which the next line goes on."""
    begin = event.match.start("_rest")
    for pair in PAIR.finditer(event.match["_rest"]):
        if pair["percent"] or ENDED.match(event.match.string, begin + pair.end()):
            yield pair


def tell(run: Draft[Bars], event: Event, epoch: int | None = None) -> None:
    """State what the line of an epoch says: the first number of each name."""
    said: dict[str, str] = {}
    for name, value in chain.from_iterable(map(named, pairs(event))):
        said.setdefault(name, value)
    for name, value in said.items():
        if name.startswith("test_"):
            run.state(name, value, event.line, event.view_line)
        else:
            ordinal = len(run.series[name].steps) + 1 if name in run.series else 1
            run.point(event, name, ordinal if epoch is None else epoch, value)


def summary(run: Draft[Bars], event: Event) -> None:
    tell(run, event, None if WITHIN.match(event.match["_rest"]) else event.number("_epoch"))


def losses(run: Draft[Bars], event: Event) -> None:
    """Tell what the lines below an epoch's number say, each value on its own line."""
    begin = event.base + event.match.start("_rest")
    for pair in pairs(event):
        for name, value in named(pair):
            line, view_line = run.ruler.place(begin + pair.start("value"))
            if name.startswith("test_"):
                run.state(name, value, line, view_line, evidence=decode(pair[0]))
            else:
                run.point_at(name, event.number("_epoch"), value, line, view_line)


def has_no_sum(behind: bytes, epoch: int | None, full: bytes) -> bool:
    """Return whether no line sums up a bar's epoch: another line, or the next epoch's bar, comes first."""
    if epoch is None:  # the bar behind it is not numbered
        between, again, _ = behind.partition(full)
        return bool(again) and b"oss" not in between
    for found in NEXT_EPOCH.finditer(behind):
        if found["sum"] or int(found["epoch"]) != epoch:
            return not found["sum"]
    line = WHOLE_LINE.match(behind)
    return line is not None and b"%|" not in line[0]


def bar(run: Draft[Bars], event: Event) -> None:
    """State what a bar shows of its epoch, unless a line sums it up (never, if an earlier bar had none)."""
    before, end, done = event.before(120), event.match.end(), event.match["_done"]
    behind = event.match.string[end : end + REACH]
    label = LABEL.search(before)
    epoch = int(label[1]) if label else None
    if TESTING.search(before) or not LINE_END.match(behind):
        return
    if run.memory.bars_tell or has_no_sum(behind, epoch, b" %b/%b [" % (done, done)):
        run.memory.bars_tell = True
        tell(run, event, epoch)
        run.label(event, "stage", "train")


def another_rate(run: Draft[Bars], event: Event) -> bool:
    return run.fact_value("throughput") not in (None, event.text("throughput"))


def step_falls(run: Draft[Bars], event: Event) -> bool:
    return any(event.number("step") < series.steps[-1] for series in run.series.values())


# A line that is cut has no rate, and takes the place of an earlier one all the same.
POPXL = (
    rb"Step: (?P<step>\d{1,18}+)(?:/\d{1,18}+)? Loss: {1,8}(?P<loss>" + NUMBER + rb")" + END
    + rb"(?: Duration: {1,8}" + NUMBER + rb" s throughput: {1,8}(?:(?P<rate>" + NUMBER + rb") samples/sec|(?=\d)))?"
)  # fmt: skip
POPART = (
    rb"Iteration: {1,8}(?P<step>\d{1,18}+) Epoch: {1,8}[\d./]{1,40}+(?: Loss: {1,8}(?P<loss>" + NUMBER + rb")" + END
    + rb")?(?=\s)(?:[^\r\n]{1,90}? Learning Rate: {1,8}(?P<learning_rate>" + NUMBER + rb") Duration: {1,8}" + NUMBER
    + rb" s Throughput: {1,8}(?:(?P<rate>" + NUMBER + rb") samples/s" + END + rb"|(?=\d)))?"
)  # fmt: skip

DIALECT = Dialect(
    system="Graphcore",
    signs=(b"IPU throughput: ", b"PopXL", b" s throughput: ", b" s Throughput: "),
    shapes=(
        Shape(b"E" + EPOCH, FOLLOWS, summary, says=TRAINS,
              example=("Epoch: 1, Loss: 1.5", "Epoch 1/5, Loss: 1.5")),
        Shape(b"(?<!of )e" + EPOCH, FOLLOWS, summary, says=TRAINS,
              example=("epoch 1 | train loss 1.5", "epoch 1/5 | loss: 1.5")),
        *(Shape(first + LOSSES, FOLLOWS, losses, says=TRAINS,
                example=(f"{first.decode()}poch 1\n  loss: 0.5", f"{first.decode()}poch 1/5:\ntrain loss: 0.5"))
          for first in (b"E", b"e")),
        *(Shape(b"(?P<_rest>" + word + rb" [aAlL][^\r\n]{4,200}+)(?=[\r\n])", FOLLOWS, tell,
                example="Test Accuracy: 81.25%, test accuracy: 81.25%")
          for word in (b"Test", b"test")),
        Shape(BAR, FOLLOWS, bar,
              example="[Epoch 01]: 100%|####| 40/40 [00:06<00:00,  6.45it/s, loss=1.5, acc=50.0]"),
        Shape(line("IPU throughput: {throughput} items/s"), phase=MEASURED, another=another_rate),
        Shape(rb"Data[lL]oader(?: throughput)?: (?P<data_loader_throughput>" + NUMBER + rb") items/s", FOLLOWS,
              example="DataLoader throughput: 37500.25 items/s"),
        Shape(line("PopXL compilation duration: {compile_minutes} mins"), phase=OWN, another=False),
        Shape(POPXL, action=throughput, phase=OWN, another=step_falls, series=True, says=TRAINS,
              example="Step: 1/9 Loss: 9.125 Duration: 0.2500 s throughput: 2048.5 samples/sec"),
        Shape(POPART, action=throughput, phase=OWN, another=step_falls, series=True, says=TRAINS,
              example="Iteration:  1 Epoch: 0.1/3 Loss: 9.125 Accuracy: 0.250 Learning Rate: 0.00001 "
                      "Duration: 0.2500 s Throughput: 2048.5 samples/s"),
    ),
)  # fmt: skip
