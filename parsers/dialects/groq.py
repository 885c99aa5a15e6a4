"""Groq: GroqFlow proof points, from the build to the result table."""

from __future__ import annotations

import re

from ..engine.drafts import Draft
from ..engine.events import Event
from ..engine.lines import decode
from ..engine.shapes import NUMBER, Dialect, Role, Shape, nothing

_COLUMNS = {
    b"end-to-end latency (ms)": "end_to_end_latency",
    b"end-to-end IPS": "end_to_end_throughput",
    b"on-chip latency (ms)": "on_chip_latency",
    b"on-chip IPS": "on_chip_throughput",
    b"Accuracy": "accuracy",
}
_CELL = re.compile(rb"(?P<value>" + NUMBER + rb")(?P<unit>%?)$")
_MARKS = b" \t*`"  # around a cell's words, in a terminal and in Markdown
_LABEL = re.compile(rb"[A-Za-z]: *$")

# The stages of a proof point, in their order: a line of an earlier stage than the run has reached is another run's.
_NOTICE, _BUILD, _INFERENCE, _TABLE, _END = 1, 2, 3, 4, 5


def _reach(run: Draft, stage: int) -> None:
    run.notes["stage"] = max(run.notes.get("stage", 0), stage)


def _notice(run: Draft, event: Event) -> None:
    _reach(run, _NOTICE)
    said = event.match.groupdict()
    for name in ("batch_size", "sequence_length", "previous_sequence_length"):
        if said.get(name) is not None:
            run.tell(event, name, name)


def _build(run: Draft, event: Event) -> None:
    _reach(run, _BUILD)
    run.tell(event, "model", "model")
    run.label(event, "workload", event.text("model").lower().replace("_", "-"))


def _inference(run: Draft, event: Event) -> None:
    _reach(run, _INFERENCE)
    run.notes[event.text(0)] = 1
    run.label(event, "stage", "inference")


def _full_bar(run: Draft, event: Event) -> None:
    labelled = _LABEL.search(event.before(60))
    if run.notes.get("stage") == _INFERENCE and event.match["done"] == event.match["samples"] and not labelled:
        run.tell(event, "samples", "samples")


def _cells(row: bytes) -> tuple[bytes, ...]:
    return tuple(cell.strip(_MARKS) for cell in row.removesuffix(b"|").split(b"|"))


def _header(run: Draft, event: Event) -> None:
    _reach(run, _TABLE)
    run.label(event, "stage", "inference")
    run.columns = _cells(event.match["columns"])
    run.notes["rows"] = 0
    if run.columns[0] and run.columns[0] not in _COLUMNS:  # the measure stands first
        run.state("score_measure", decode(run.columns[0]), event.line, event.view_line)


def _row(run: Draft, event: Event) -> None:
    cells = _cells(event.match["cells"])
    if len(cells) != len(run.columns) or event.before().rstrip(_MARKS)[-1:] != b"|":
        return
    run.notes["rows"] = run.notes.get("rows", 0) + 1
    for place, (column, cell) in enumerate(zip(run.columns, cells, strict=True)):
        value, name = _CELL.match(cell), _COLUMNS.get(column, "" if place else "score")
        if value and name:
            run.state(name, decode(value["value"]), event.line, event.view_line, event.text("device"))


def _border(run: Draft, event: Event) -> None:
    if run.notes.get("rows"):
        run.complete(event)


def _finished(run: Draft, event: Event) -> None:
    """Note the last words of the program: no error printed after them is its own."""
    run.complete(event)
    _reach(run, _END)
    run.notes["endings"] = len(run.endings)


def _error(run: Draft, event: Event) -> None:
    run.fail(event, event.text("reason"))


def _anew(run: Draft, event: Event) -> bool:
    reached = run.notes.get("stage", 0)
    if event.shape in (_REBUILD, _BUILDING_BEFORE, _BUILDING, _CACHED):
        stage = _NOTICE if event.shape is _REBUILD else _BUILD
        return reached >= _BUILD or (stage == _NOTICE and reached >= _NOTICE)
    if event.shape in _RUNNING:
        return reached >= _TABLE or event.text(0) in run.notes
    if event.shape is _TABLE_HEADER:
        return reached >= _TABLE
    return event.shape is _PROOF and reached >= _END


def _close(run: Draft) -> None:
    """Groq logs carry no timestamps: nothing is left to say at the end."""
    del run.endings[int(run.notes.get("endings", len(run.endings))) :]


_REBUILD = Shape(rb"build_model\(\) discovered a cached build of ", Role.OPENS, _notice, bare=True)
_BUILDING_BEFORE = Shape(rb"GroqFlow is building \"(?P<model>[\w.-]{1,120})\"", Role.OPENS, _build)  # release 2, 3
_BUILDING = Shape(rb"Building \"(?P<model>[\w.-]{1,120})\"", Role.OPENS, _build)
_CACHED = Shape(rb"Build \"(?P<model>[\w.-]{1,120})\"[^\r\n]{0,80}? found in cache", Role.OPENS, _build)
_RUNNING = (
    Shape(rb"(?<![\"'])Running inference on GroqChip", Role.OPENS, _inference),
    Shape(rb"(?<![\"'])Running inference using PyTorch", Role.OPENS, _inference),
)
_ROW = rb"(?:[^|\r\n]{0,120}+\|){1,16}+"
_ROW_END = rb"[ \t]*+(?:(?:<br */?>|[\\$`*])[ \t]*+)*+[\r\n]"
_TABLE_HEADER = Shape(
    rb"Source[ *`]{1,8}\|(?=[^\r\n]{0,300}?(?:latency|IPS| Accuracy ))(?P<columns>" + _ROW + rb")" + _ROW_END,
    Role.GIVES,
    _header,
)
_PROOF = Shape(rb"Proof point [^\s{}\"]{1,400} finished!", Role.GIVES, _finished)

_ERRORS = (
    rb"groq-devtools>=\S{1,40} is a required dependency",
    rb"Your OS must be one of",
    rb"Trying to execute a model compiled for",
    rb"Failed while trying to run GroqChips",
    rb"Failed to bringup GroqChip",
    rb"Model built to always take input of shape",
)

DIALECT = Dialect(
    system="Groq",
    signs=(b"GroqChip", b"groqflow", b"on-chip IPS", b"Proof point ", b"build_model()", b"Building \"",
           b"GroqFlow is building"),
    shapes=(
        _REBUILD,
        Shape(
            rb"Input shape of model \"?[\w.-]{1,120}\"? changed from "
            rb"(?:\{[^(}\r\n]{0,400}+\(\d++, (?P<previous_sequence_length>\d++)\))?+[^\r\n]{1,2000}? to "
            rb"\{[^}\r\n]{0,400}?\((?P<batch_size>\d+), (?P<sequence_length>\d+)\)", Role.GIVES, _notice
        ),
        _BUILDING_BEFORE,
        _BUILDING,
        _CACHED,
        *_RUNNING,
        Shape(rb"100%\|[^|\r\n]{0,2000}\| *(?P<done>\d+)/(?P<samples>\d+) \[", Role.INSIDE, _full_bar),
        _TABLE_HEADER,
        Shape(rb"(?P<device>cpu)[ *`]*+\|(?P<cells>" + _ROW + rb")" + _ROW_END, Role.INSIDE, _row),
        Shape(rb"(?P<device>groq)[ *`]*+\|(?P<cells>" + _ROW + rb")" + _ROW_END, Role.INSIDE, _row),
        Shape(rb"\+-[-+]{10,400}\+", Role.INSIDE, _border),
        _PROOF,
        Shape(rb"Error: (?P<reason>[^\r\n]{1,300}+)(?=[\r\n])", Role.INSIDE, _error, start=True),
        *(Shape(rb"(?P<reason>" + words + rb"[^\r\n]{0,300}+)(?=[\r\n])", Role.INSIDE, _error) for words in _ERRORS),
    ),
    begin=nothing,
    anew=_anew,
    close=_close,
)  # fmt: skip
