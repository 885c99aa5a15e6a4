"""Groq: GroqFlow proof points, from the build to the result table."""

from __future__ import annotations

import re

from ..grammar import INSIDE, NUMBER, OPENS, Dialect, Draft, Event, Shape, decode, line

# The phases of a proof point, in their order. The chip and the host may run the inference in either order. After them
# come the phases of `benchit`, whose lines are in another file: what a card did, the same in a report, what another
# device did.
REBUILD, BUILD, INFERENCE, TABLE, ROWS, END, MEASURED, REPORTED, ELSEWHERE = range(1, 10)
COLUMNS = {
    b"end-to-end latency (ms)": "end_to_end_latency",
    b"end-to-end IPS": "end_to_end_throughput",
    b"on-chip latency (ms)": "on_chip_latency",
    b"on-chip IPS": "on_chip_throughput",
    b"Accuracy": "accuracy",
}
CELL = re.compile(rb"(?P<value>" + NUMBER + rb")%?$")
MARKS = b" \t*`"  # around the words of a cell, in a terminal and in Markdown
MODEL, INFERS = {"workload": "{model}"}, {"stage": "inference"}


class Memory:
    """What later lines refer to.

    `columns` are those of the result table. `model` and `hash` are the class and the hash of the model that `benchit`
    described last. `groq` tells whether a line showed that a Groq card is meant.
    """

    def __init__(self) -> None:
        self.columns: list[bytes] = []
        self.model: Event | None = None
        self.hash = ""
        self.groq = False


def is_groq(run: Draft[Memory], _event: Event) -> None:
    run.started = run.reported = run.memory.groq = True


def builds(run: Draft[Memory], event: Event) -> None:
    """Do not count a build of `benchit` as a run until a line, or a run script, shows that it is for a Groq card."""
    if (run.memory.model is not None or OF_BENCHIT.search(event.match[0])) and not run.recorded:
        run.started = run.reported = run.memory.groq


def cells(event: Event) -> list[bytes]:
    return [cell.strip(MARKS) for cell in event.match["_cells"].removesuffix(b"|").split(b"|")]


def header(run: Draft[Memory], event: Event) -> None:
    run.memory.columns = columns = cells(event)
    if columns[0] not in (b"", *COLUMNS):  # the measure is the first column
        run.state("score_measure", decode(columns[0]), event.line, event.view_line)


def row(run: Draft[Memory], event: Event) -> None:
    columns, values = run.memory.columns, cells(event)
    if len(values) != len(columns) or event.before().rstrip(MARKS)[-1:] != b"|":
        return
    run.reach(ROWS)
    for place, (column, cell) in enumerate(zip(columns, values, strict=True)):
        value, name = CELL.match(cell), COLUMNS.get(column, "" if place or b"\0" in column else "score")
        if value and name:
            run.state(name, decode(value["value"]), event.line, event.view_line, event.text("_device"))


SHAPE_CHANGED = (
    rb"Input shape of model \"?[\w.-]{1,120}\"? changed from "
    rb"(?:\{[^(}\r\n]{0,400}+\(\d++, (?P<previous_sequence_length>\d++)\))?+[^\r\n]{1,2000}? to "
    rb"\{[^}\r\n]{0,400}?\((?P<batch_size>\d+), (?P<sequence_length>\d+)\)"
)
# A bar with a word before it counts something else.
FULL_BAR = rb"(?<![A-Za-z]: )(?<![A-Za-z]:)100%\|[^|\r\n]{0,2000}\| *(?P<samples>\d+)/(?P=samples) \["
HEADER = rb"Source[ *`]{1,8}\|(?=[^\r\n]{0,300}?(?:latency|IPS| Accuracy ))"
CELLS = line("{_cells:cells}")
# The name of a build by `benchit` ends in a hash.
OF_BENCHIT = re.compile(rb"_[0-9a-f]{8}\b")
# Stages and folders of builds that no other device has.
GROQ_ONLY = ("Checking for Op support", "Compiling model", "Assembling model", ".cache/groqflow/")
ERRORS = (
    "groq-devtools>={:word} is a required dependency", "Your OS must be one of", "Failed to bringup GroqChip",
    "Trying to execute a model compiled for", "Failed while trying to run GroqChips",
    "Model built to always take input of shape",
)  # fmt: skip

DIALECT = Dialect(
    system="Groq",
    # A build may be for another device: its lines are no sign.
    signs=(b"GroqChip", b"groqflow", b"on-chip IPS", b"Proof point ", b"GroqFlow is building", b"GroqFlowError",
           b"groq-devtools", b"Checking for Op support", b"Assembling model"),
    repeating=(INFERENCE, MEASURED, REPORTED, ELSEWHERE),
    memory=Memory,
    noise=(
        ("Groq build stage", r"(?:[✓?×]|â(?:œ|\x9c)[“\x93])? ?(?:Exporting PyTorch|Optimizing ONNX|Checking for Op"
                             r"|Converting to FP16|Compiling model|Assembling model)"
                             r"|Woohoo!|Preprocessing data|build_model\(\) will now rebuild"),
        ("Groq note", r"Info: No inputs received|You can avoid this message|Passing `trust_remote_code"),
    ),
    shapes=(
        Shape(line("build_model() discovered a cached build of "), OPENS, phase=REBUILD, bare=True),
        Shape(SHAPE_CHANGED, action=builds, phase=REBUILD, another=False,
              example="Input shape of model \"a\" changed from {'ids': (1, 128)} to {'ids': (1, 256)} since the last"),
        Shape(line('GroqFlow is building "{model:name}"'), OPENS, phase=BUILD, says=MODEL),  # releases 2, 3
        Shape(line('Building "{model:name}"'), OPENS, builds, phase=BUILD, says=MODEL),
        Shape(line('Build "{model:name}"{:any} found in cache'), OPENS, builds, phase=BUILD, says=MODEL),
        *(Shape(line(words), INSIDE, is_groq) for words in GROQ_ONLY),
        Shape(line("Running inference on GroqChip", unquoted=True), OPENS, phase=INFERENCE, once=True, says=INFERS),
        Shape(line("Running inference using PyTorch", unquoted=True), OPENS, phase=INFERENCE, once=True, says=INFERS),
        Shape(FULL_BAR, INSIDE, during=(INFERENCE,), example="100%|█████| 5/5 [00:01<00:00,  3.5it/s]"),
        Shape(HEADER + CELLS, action=header, phase=TABLE, says=INFERS, example="| Source | Accuracy | on-chip IPS |"),
        Shape(rb"(?P<_device>cpu)[ *`]*+\|" + CELLS, INSIDE, row, example="| cpu | 97.5% | -- |"),
        Shape(rb"(?P<_device>groq)[ *`]*+\|" + CELLS, INSIDE, row, example="| groq | 97.5% | 3580.95 |"),
        Shape(rb"\+-[-+]{10,400}\+", INSIDE, during=(ROWS, END), ends="completed", example="+--------+----------+"),
        Shape(line("Proof point {:word} finished!"), phase=END, ends="completed", final=True),
        Shape(line("Error: {_reason:rest}"), INSIDE, ends="failed", start=True),
        *(Shape(line(words + "{:more}"), INSIDE, is_groq, ends="failed") for words in ERRORS),
    ),
)  # fmt: skip
