"""CPU: the reader's own machine, by the programs of `scripts/run/cpu.sh`, whose lines begin with their name."""

from __future__ import annotations

from ..engine.drafts import Draft
from ..engine.events import Event
from ..engine.shapes import END, EOL, NUMBER, Dialect, Role, Shape, nothing


def _epoch(run: Draft, event: Event) -> None:
    run.point(event, "loss", int(event.match["step"]), event.text("loss"))


def _finished(run: Draft, event: Event) -> None:
    run.complete(event)


def _error(run: Draft, event: Event) -> None:
    run.fail(event, event.text("reason"))


def _anew(run: Draft, event: Event) -> bool:
    return event.shape is _WORKLOAD and run.has("stage")


def _close(_run: Draft) -> None:
    """These lines carry no timestamps: nothing is left to say at the end."""


def _line(words: bytes) -> bytes:
    """Return the pattern of a whole line of the programs."""
    return rb"testbed-cpu: " + words + EOL


def _number(name: str) -> bytes:
    return rb"(?P<" + name.encode() + rb">" + NUMBER + rb")"


_WORKLOAD = Shape(_line(rb"workload (?P<workload>[\w-]+), stage (?P<stage>\w+)"), Role.OPENS, start=True)

DIALECT = Dialect(
    system="CPU",
    signs=(b"testbed-cpu: ",),
    shapes=(
        _WORKLOAD,
        Shape(_line(rb"processor (?P<platform>\S[^\r\n]{0,200}?)"), start=True, bare=True),
        Shape(_line(rb"software torch (?P<sdk_version>[\w.+]+), [^\r\n]{0,200}+"), start=True, bare=True),
        Shape(_line(rb"threads (?P<threads>\d+)"), start=True),
        Shape(rb"testbed-cpu: model (?P<model>[\w./-]+), \d+ weights", start=True),
        Shape(_line(rb"batch_size (?P<batch_size>\d+), sequence_length (?P<sequence_length>\d+)"), start=True),
        Shape(
            _line(rb"latency median " + _number("median_latency") + rb" ms, mean " + _number("end_to_end_latency")
                  + rb" ms, low " + _number("low_latency") + rb" ms, high " + _number("high_latency")
                  + rb" ms, repetitions (?P<repetitions>\d+)"), start=True
        ),
        Shape(rb"testbed-cpu: accuracy " + _number("accuracy") + rb" % of (?P<test_samples>\d+)" + END, start=True),
        Shape(
            _line(rb"learning_rate " + _number("learning_rate") + rb", batch_size (?P<batch_size>\d+),"
                  rb" epochs (?P<epochs>\d+), seed (?P<seed>\d+)"), start=True
        ),
        Shape(
            _line(rb"training set (?P<training_samples>\d+) images, test set (?P<test_samples>\d+) images"),
            start=True,
        ),
        Shape(
            _line(rb"epoch \d+ of \d+, step (?P<step>\d{1,18}), loss " + _number("loss")),
            Role.GIVES, _epoch, start=True
        ),
        Shape(
            _line(rb"training " + _number("train_time") + rb" s, processor " + _number("processor_time")
                  + rb" s, throughput " + _number("throughput") + rb" samples/s"), start=True
        ),
        Shape(_line(rb"test_accuracy " + _number("test_accuracy") + rb" %"), start=True),
        Shape(_line(rb"finished"), Role.GIVES, _finished, start=True),
        Shape(rb"error: (?P<reason>[^\r\n]{1,300}+)(?=[\r\n])", Role.INSIDE, _error, start=True),
    ),
    begin=nothing,
    anew=_anew,
    close=_close,
)  # fmt: skip
