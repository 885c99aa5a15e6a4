"""Groq: `benchit` of MLAgility on a GroqChip. It builds each model of a script, measures it, and reports all of them.

For other devices it prints the same lines with another name.
"""

from __future__ import annotations

from ..grammar import AHEAD, INSIDE, Dialect, Draft, Event, Shape, line
from .groq import ELSEWHERE, MEASURED, REPORTED, Memory, is_groq

INFERS = {"stage": "inference"}
VALUES = (MEASURED, REPORTED)
DEVICE = "groq"
# What is printed before the name of the device.
BEFORE_DEVICE = (
    b"uccessfully benchmarked on ",
    rb"Performance of build [\w.-]{1,120}+ on (?:groq device )?+",
    b"Benchmarking on (?:local|remote) ",
)


def describes(run: Draft[Memory], event: Event) -> None:
    run.memory.model, run.memory.hash = event, ""


def hashed(run: Draft[Memory], event: Event) -> None:
    run.memory.hash = event.text("_hash")


def is_of_this_build(run: Draft[Memory]) -> bool:
    """Return whether the run has built the model that was described last; the build's name ends in its hash."""
    built = run.fact_value("model")
    return built is None or built.endswith(run.memory.hash)


def reported(run: Draft[Memory], event: Event) -> None:
    """Take a result of the report, which repeats results of earlier models."""
    model = run.memory.model
    if not is_of_this_build(run) or (model is not None and run.has_gap(model.at, event.at)):
        return run.reach(ELSEWHERE)  # of an earlier model, or of one whose name is lost
    if model is not None and not run.has("model"):
        run.state("model", model.text("_class"), model.line, model.view_line, evidence=model.evidence("", model.line))
    is_groq(run, event)
    return run.complete(event)


def is_reported(run: Draft[Memory], _event: Event) -> bool:
    return run.phase == REPORTED


def is_measured(run: Draft[Memory], _event: Event) -> bool:
    return run.has("end_to_end_latency")


def latency(run: Draft[Memory], event: Event) -> None:
    run.tell(event, "end_to_end_latency", device=DEVICE)


def rate(run: Draft[Memory], event: Event) -> None:
    run.tell(event, "end_to_end_throughput", device=DEVICE)
    if is_reported(run, event):
        run.finished_at = event.end


def failed(run: Draft[Memory], event: Event) -> None:
    if is_of_this_build(run):
        run.fail(event, event.text("_reason"))
        run.finished_at = event.end


DIALECT = Dialect(
    system="Groq",
    signs=(b"enchmarked on GroqChip",),
    noise=(
        ("benchit", r"Models discovered during profiling|[\w.-]+\.py:$|[\w.]+ \(executed \d+x|Model Type:|Class:"
                    r"|Location:|Parameters:|Input Shape:|Hash:|Build dir:|Status:|Woohoo! The 'benchmark' command"),
    ),
    shapes=(
        Shape(rb"Class:\s{1,16}(?P<_class>\w{1,120}+) \(<class '", AHEAD, describes, start=True,
              example="Class:          SmallNet (<class 'small.SmallNet'>)"),
        Shape(line("Hash:{:blanks}{_hash:id}"), AHEAD, hashed, start=True),
        *(Shape(words + b"(?!groq|GroqChip)", INSIDE, phase=ELSEWHERE, example=example)
          for words, example in zip(BEFORE_DEVICE, (
              "Successfully benchmarked on Intel(R) Xeon(R)", "Performance of build a on Intel(R) Xeon(R)",
              "Benchmarking on local x86..."), strict=True)),
        Shape(b"Benchmarking on (?:local|remote) groq", INSIDE, is_groq, example="Benchmarking on local groq..."),
        Shape(rb"Performance of build [\w.-]{1,120}+ on (?:groq device )?+GroqChip", action=is_groq,
              phase=MEASURED, another=is_measured, says=INFERS, ends="completed",
              example="Performance of build small_0a1b on groq device GroqChip1 is:"),
        Shape(line("enchmarked on GroqChip") + rb"\d{0,3}(?: \(groq v(?P<sdk_version>[\w.]{1,40}+)\))?",
              action=reported, phase=REPORTED, another=is_reported, says=INFERS,
              example="Successfully benchmarked on GroqChip1 (groq v4.3.1)"),
        Shape(line("Mean Latency:{:blanks}{_end_to_end_latency}{:blanks}milliseconds"), INSIDE, latency, during=VALUES),
        Shape(line("Throughput:{:blanks}{_end_to_end_throughput}{:blanks}inferences per second"), INSIDE, rate,
              during=VALUES),
        Shape(rb"Status:\s{1,16}(?P<_reason>(?:Build Error|GroqFlowError|Unknown benchit error)\b[^\r\n]{0,300}+)"
              rb"(?=[\r\n])", INSIDE, failed, start=True, example="Status:  Build Error: see log files for details."),
    ),
)  # fmt: skip
