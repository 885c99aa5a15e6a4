"""SambaNova: compiles of any program by SambaFlow, and what the training and generation of its Model Zoo print."""

from __future__ import annotations

import re

from ..grammar import EOL, INSIDE, OPENS, Dialect, Draft, Event, Shape, line
from .sambanova import COMPILES, RESULT, TRAIN, TRAINS, Memory, differs

GENERATES = {"stage": "inference"}
COMMAND = re.compile(rb"\.py[ \t]+(?P<what>compile|run)\b")
# How a training begins: what was set, line by line.
OVERVIEW = (
    line("Number of epochs: {epochs:int}{:end}")
    + rb"(?=(?:[^\n]{0,200}\n){1,4}?[^\na-zA-Z]{0,24}(?:Per worker b|B)atch size: \d)"
)


def compiler_says(run: Draft[Memory], event: Event) -> None:
    """Take note that a program is being compiled, unless its command says otherwise."""
    if run.phase or run.memory.compiles is not None:
        return
    command = run.earliest(COMMAND, run.block, event.at)
    run.memory.compiles = command is None or command.match["what"] == b"compile"
    if command and run.memory.compiles:
        run.label(event, "stage", "compile")


def may_lack_command(run: Draft[Memory], event: Event) -> bool:
    """Return whether text before a line is lost, and with it perhaps the command that runs the program."""
    return run.has_gap(run.block, event.at)


def compiles(run: Draft[Memory], event: Event) -> None:
    """State that a program was being compiled if an exception ends it before it has run."""
    if run.memory.compiles and not may_lack_command(run, event):
        run.label(event, "stage", "compile")


def compiled(run: Draft[Memory], event: Event) -> None:
    if run.memory.compiles and not may_lack_command(run, event):
        run.label(event, "stage", "compile")
        run.complete(event)


def runs(run: Draft[Memory], _event: Event) -> None:
    run.memory.compiles = False


def was_compiled(run: Draft[Memory], _event: Event) -> bool:
    return bool(run.memory.compiles)


def has_ended(run: Draft[Memory], _event: Event) -> bool:
    return run.phase == RESULT or bool(run.memory.compiles)


def evaluated(run: Draft[Memory], event: Event) -> None:
    run.tell(event, "eval/perplexity", "_perplexity")


DIALECT = Dialect(
    system="SambaNova",
    signs=(b"] [samba", b"][SAMBA]", b"Number of batches (steps)", b"er worker batch size",
           b"PEF compiled successfully"),
    noise=(("Model Zoo", r"(?:Saving|Loading|Starting|Transferring|Materializing|Reinitializing|Tracing|Decoding)"
                         r" ?[\w .]*\.\.\."
                         r"|(?:Checkpoint|Summary|Metrics) saved at |Per worker number of |Number of batches \(steps\)"
                         r"|latencies$|throughputs$"),),
    shapes=(
        *(Shape(sign, bare=True, action=compiler_says, another=False, example=example)
          for sign, example in ((rb"\] \[samba *\]", "[info] [samba]: __get__ is not supported on RDU"),
                                (rb"\[Info\]\[SAMBA\]", "[Info][SAMBA]# Placing log files in"))),
        Shape(line("Traceback (most recent call last):"), INSIDE, compiles, bare=True),
        Shape(line("PEF file {:word} created"), INSIDE, compiled),
        Shape(line("PEF compiled successfully: {:word}"), another=False, says=COMPILES, ends="completed"),
        Shape(line("Log ID initialized to: "), action=runs, bare=True, another=was_compiled),
        # Training
        Shape(OVERVIEW, OPENS, start=True, phase=TRAIN, another=has_ended, says=TRAINS,
              example="Number of epochs: 1\nPer worker batch size: 4"),
        *(Shape(line(words + ": {batch_size:int}{:end}"), INSIDE, during=(TRAIN,), start=True)
          for words in ("Per worker batch size", "Batch size")),
        Shape(line("Number of DP workers: {replicas:int}{:end}"), INSIDE, during=(TRAIN,)),
        Shape(line("Evaluation loss: {eval_loss}, Perplexity: {_perplexity}"), INSIDE, evaluated),
        Shape(rb"Finished training\.?" + EOL, INSIDE, phase=RESULT, ends="completed", example="Finished training."),
        Shape(line("Total tokens seen: {tokens:int}{:end}"), INSIDE, phase=RESULT),
        Shape(line("Tokens per second: {token_throughput}{:end}"), INSIDE, phase=RESULT),
        Shape(line("Average time per step: {step_time}s{:end}"), INSIDE, phase=RESULT, ends="completed"),
        # Generation
        *(Shape(line(words), phase=RESULT, another=differs, says=GENERATES)
          for words in ("time to first token {time_to_first_token}s{:end}", "Total Latency {generation_time}s{:end}",
                        "tokens/second excluding first token {later_token_throughput}{:end}")),
    ),
)  # fmt: skip
