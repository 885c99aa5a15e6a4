"""`python -m scripts.run.bert_tiny`: bert_tiny on GroqRack with your own input, as the exercise asks.

Real sentences are tokenised and padded to the sequence length. The first sentence is the input of the build and of the
benchmark. The card and PyTorch on the host answer all sentences, side by side. The result table has the vendor's form,
so that its logs and these are read alike. With --cpu-only there is no card: the PyTorch half runs anywhere, and says
so.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, List, NamedTuple, Sequence

from .bert_inputs import BATCH_SIZE, Encoded, dummy, encode, labelled, sentences
from .bert_model import LONGEST, NAME, RANDOM, load, make_random
from .machine import Problem, imported, introduce, run, say, whole

# The inferences before the first that is timed.
_WARM_UP = 10


class Half(NamedTuple):
    """What one device did: its answer to each sentence, its accuracy, seconds of one inference."""

    device: str
    logits: Sequence[Any]
    accuracy: float | None
    latency: float
    on_chip: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    return run(lambda: _cpu_only(options) if options.cpu_only else _both(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.run.bert_tiny", description=__doc__)
    add = parser.add_argument
    add("--sequence-length", type=whole(3, LONGEST), default=128, metavar="N", help="tokens of an input (128)")
    fed = parser.add_mutually_exclusive_group()
    fed.add_argument("--sentences", type=Path, metavar="FILE", help="sentences to answer, one per line (a few of ours)")
    fed.add_argument("--dummy", action="store_true", help="feed the exercise's dummy input instead")
    add("--sst", type=Path, metavar="FILE", help="measure the accuracy on this TSV: sentence, tab, 0 or 1")
    add(
        "--model",
        default=NAME,
        metavar="DIR",
        help=f"a folder with a model, or its name on a hub ({NAME}); `{RANDOM}`: made here",
    )
    add("--or-random", action="store_true", help="with --cpu-only, take random weights where the model cannot be had")
    add("--repetitions", type=whole(), default=100, metavar="N", help="timed inferences of one input (100)")
    add("--threads", type=whole(), default=1, metavar="N", help="threads of PyTorch with --cpu-only (1)")
    add("--cpu-only", action="store_true", help="run the PyTorch half only, on any machine")
    return parser


def _both(options: argparse.Namespace) -> None:
    texts = sentences(options.sentences)
    test = labelled(options.sst) if options.sst else []
    torch, _, groqflow = imported("torch", "transformers", "groqflow")
    tokenizer, model = load(options.model)
    inputs = _inputs(options, tokenizer, texts)
    tests = _tests(options, tokenizer, test)
    for number, item in enumerate(inputs, 1):
        print(f"Input {number}: {_described(item, options.sequence_length)}")
    name = f"bert_tiny_{options.sequence_length}"
    card = groqflow.groqit(model, inputs[0].tensors, build_name=name, rebuild="always")
    groq = _on_card(card, inputs, tests, options.repetitions)
    cpu = _on_cpu(torch, model, inputs, tests, options.repetitions)
    _compare(inputs, cpu, groq)
    if not tests:
        print("Accuracy: not measured, for want of labelled sentences (--sst FILE, or groqflow's demo_helpers).")
    print(table([cpu, groq]))
    print(f"Proof point {name} finished!")


def _inputs(options: argparse.Namespace, tokenizer: Any, texts: Sequence[str]) -> list[Encoded]:
    if options.dummy:
        return [dummy(options.sequence_length)]
    return encode(tokenizer, texts, options.sequence_length)


def _described(item: Encoded, length: int) -> str:
    cut = f", {item.cut} cut off" if item.cut else ""
    return f"{item.tokens} of {length} tokens let through by the mask{cut}: {item.text[:80]}"


Tests = List[Any]


def _tests(options: argparse.Namespace, tokenizer: Any, test: Sequence[tuple[str, int]]) -> Tests:
    """Return (tensors, label) of each labelled sentence: of the file, else of SST where groqflow's helpers are."""
    if test:
        encoded = encode(tokenizer, [text for text, _ in test], options.sequence_length)
        return [(item.tensors, label) for item, (_, label) in zip(encoded, test)]
    try:
        from demo_helpers.dataset import create_dataset
    except ImportError:
        return []
    try:
        sst = create_dataset("sst", tokenizer=tokenizer, max_seq_length=options.sequence_length)
    except Exception as error:  # its download fails with whatever its libraries raise
        print(f"SST could not be loaded ({type(error).__name__}: {error}).")
        return []
    return [(tensors, int(label)) for tensors, label in zip(sst.x, sst.y)]


def _on_card(card: Any, inputs: Sequence[Encoded], tests: Tests, repetitions: int) -> Half:
    """Return the card's half: each sentence and test answered, the first one's latency measured."""
    print("Running inference on GroqChip.", flush=True)
    logits = _card_logits(card, [item.tensors for item in inputs])
    accuracy = _accuracy(_card_logits(card, [tensors for tensors, _ in tests]), tests) if tests else None
    latency = card.benchmark(inputs=inputs[0].tensors, repetitions=repetitions).latency
    return Half("groq", logits, accuracy, latency, card.estimate_performance().compute_latency)


def _card_logits(card: Any, tensors: list[Any]) -> list[Any]:
    answers = card.run_abunch(tensors)
    answers = answers if isinstance(answers, list) else [answers]  # a single one comes without a list
    return [(answer[0] if isinstance(answer, tuple) else answer).reshape(-1) for answer in answers]


def _on_cpu(torch: Any, model: Any, inputs: Sequence[Encoded], tests: Tests, repetitions: int) -> Half:
    """Return the host's half, its latency the mean over repetitions of the card's input."""
    print("Running inference using PyTorch model (CPU).", flush=True)
    logits = [answer(torch, model, item.tensors) for item in inputs]
    accuracy = _accuracy([answer(torch, model, tensors) for tensors, _ in tests], tests) if tests else None
    times = seconds(torch, model, inputs[0].tensors, repetitions)
    return Half("cpu", logits, accuracy, statistics.mean(times))


def answer(torch: Any, model: Any, tensors: dict[str, Any]) -> Any:
    """Return the model's logits for one input."""
    with torch.no_grad():
        return model(**tensors).logits.reshape(-1)


def seconds(torch: Any, model: Any, tensors: dict[str, Any], repetitions: int) -> list[float]:
    """Return the seconds of each of so many inferences of one input, after a few that do not count."""
    times = []
    for number in range(_WARM_UP + repetitions):
        begun = time.perf_counter()
        answer(torch, model, tensors)
        if number >= _WARM_UP:
            times.append(time.perf_counter() - begun)
    return times


def _accuracy(logits: Sequence[Any], tests: Tests) -> float:
    right = sum(int(given.argmax()) == label for given, (_, label) in zip(logits, tests))
    return float(right / len(tests))


def _compare(inputs: Sequence[Encoded], cpu: Half, groq: Half) -> None:
    """Print what both devices answer, in how many they agree, and how far their logits lie apart at most."""
    apart = 0.0
    agreed = 0
    for number, (item, here, there) in enumerate(zip(inputs, cpu.logits, groq.logits), 1):
        apart = max(apart, float((here - there.to(here.dtype)).abs().max()))
        same = int(here.argmax()) == int(there.argmax())
        agreed += same
        answers = f"cpu {int(here.argmax())}, groq {int(there.argmax())}, {'agree' if same else 'differ'}"
        print(f"Answer {number}: {answers}: {item.text[:60]}")
    print(f"Agreement: {agreed} of {len(inputs)}; largest difference of logits: {apart:.6f}")


def table(halves: Sequence[Half]) -> str:
    """Return the result table in the vendor's form, one row per device; `--` if a device has no such figure."""
    heading = ["Source", "Accuracy", "end-to-end latency (ms)", "end-to-end IPS", "on-chip latency (ms)", "on-chip IPS"]
    rows = [heading]
    for half in halves:
        score = "--" if half.accuracy is None else f"{100 * half.accuracy:.2f}%"
        rows.append([half.device, score, *_rate(half.latency), *_rate(half.on_chip)])
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(len(heading))]
    border = "+" + "+".join("-" * width for width in widths) + "+"
    lines = ["|" + "|".join(cell.center(width) for cell, width in zip(row, widths)) + "|" for row in rows]
    return "\n".join([border, lines[0], border, *lines[1:], border])


def _rate(latency: float | None) -> list[str]:
    return ["--", "--"] if latency is None else [f"{1000 * latency:.2f}", f"{BATCH_SIZE / latency:.2f}"]


def _cpu_only(options: argparse.Namespace) -> None:
    texts = sentences(options.sentences)
    test = labelled(options.sst) if options.sst else []
    torch, transformers = imported("torch", "transformers")
    torch.set_num_threads(options.threads)
    software = {"torch": torch.__version__, "transformers": transformers.__version__}
    introduce("bert-tiny", "inference", software, options.threads)
    say("PyTorch on this machine's CPU alone: no accelerator took part")
    tokenizer, model = _model(options, texts)
    say(f"batch_size {BATCH_SIZE}, sequence_length {options.sequence_length}")
    inputs = _inputs(options, tokenizer, texts)
    for number, item in enumerate(inputs, 1):
        given = answer(torch, model, item.tensors)
        logits = ", ".join(f"{float(value):.4f}" for value in given)
        say(
            f"input {number}: class {int(given.argmax())}, logits {logits}; {_described(item, options.sequence_length)}"
        )
    if test:
        tests = _tests(options, tokenizer, test)
        score = _accuracy([answer(torch, model, tensors) for tensors, _ in tests], tests)
        say(f"accuracy {100 * score:.2f} % of {len(tests)} labelled sentences")
    say(latency(seconds(torch, model, inputs[0].tensors, options.repetitions)))
    say("finished")


def _model(options: argparse.Namespace, texts: Sequence[str]) -> tuple[Any, Any]:
    """Return the model asked for; random weights where they are asked for, or allowed and it cannot be had."""
    why = "asked for"
    if options.model != RANDOM:
        try:
            loaded = load(options.model)
            say(f"model {options.model}, {_weights(loaded[1])} weights")
            return loaded
        except Problem as problem:
            if not options.or_random:
                raise
            why = str(problem)
    with tempfile.TemporaryDirectory() as folder:
        make_random(Path(folder), texts)
        loaded = load(folder)
    say(f"model bert-tiny-random, {_weights(loaded[1])} weights, seed 0: the answers mean nothing ({why})")
    return loaded


def _weights(model: Any) -> int:
    return sum(weight.numel() for weight in model.parameters())


def latency(times: Sequence[float]) -> str:
    """Return the line with the time of an inference: median, mean, and the range of nine of ten."""
    twentieths = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else [times[0]]
    figures = (statistics.median(times), statistics.mean(times), twentieths[0], twentieths[-1])
    middle, mean, low, high = (f"{1000 * figure:.4f} ms" for figure in figures)
    return f"latency median {middle}, mean {mean}, low {low}, high {high}, repetitions {len(times)}"


if __name__ == "__main__":
    sys.exit(main())
