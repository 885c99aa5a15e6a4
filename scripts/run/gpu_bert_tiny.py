"""Single inferences with bert_tiny, from the host's memory to the host's memory: each operation anew, or a CUDA graph.

Weights and input are drawn from a seed. The input has no padding and no mask. The time end to end is that of the
processor's clock, the copies of input and answer in it. The time on the card is between two CUDA events, without them.
"""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import Any, Callable, NamedTuple

from .bert_model import SHAPE, hidden_states
from .bert_tiny import latency
from .card import Device, Readings, answers_alike, device, introduce, say
from .machine import Problem, imported

_WARM_UP = 50


class Way(NamedTuple):
    """A way to compute an answer: from host to host, and the part of it on the card alone."""

    whole: Callable[[], Any]
    on_card: Callable[[], Any]


def infer(options: argparse.Namespace) -> None:
    """Time inferences one by one, and say in lines what was set and what came of it."""
    torch, transformers = imported("torch", "transformers")
    used = device(torch, options.cpu)
    if options.cuda_graph and not used.is_card:
        raise Problem("a CUDA graph needs a card: leave out --cpu or --cuda-graph")
    introduce(torch, used, "bert-tiny", "inference", [transformers])
    torch.manual_seed(options.seed)
    model = _model(torch, transformers, used)
    tokens = torch.randint(SHAPE["vocab_size"], (1, options.sequence_length))
    execution = "cuda-graph" if options.cuda_graph else "eager"
    say(f"execution {execution}, precision {_precision(used)}, data random tokens")
    say(f"batch_size 1, sequence_length {options.sequence_length}, seed {options.seed}")
    with torch.inference_mode():
        way = _way(torch, model, tokens, used, options.cuda_graph)
        with Readings(used) as driver:
            say(f"{latency(_seconds(way.whole, options.repetitions))}, by {used.kind}")
            if used.is_card:
                say(f"on card median {_on_card(torch, way, options.repetitions):.4f} ms, by {used.kind}")
    driver.tell()
    say("finished")


def _precision(used: Device) -> str:
    return "float16" if used.is_card else "float32"


def _model(torch: Any, transformers: Any, used: Device) -> Any:
    model = transformers.BertForSequenceClassification(transformers.BertConfig(**SHAPE)).eval()
    weights = sum(weight.numel() for weight in model.parameters())
    say(f"model bert-tiny-random, {weights} weights: the answers mean nothing")
    return model.to(used.kind, getattr(torch, _precision(used)))


def _way(torch: Any, model: Any, tokens: Any, used: Device, graph: bool) -> Way:
    """Return a way that has been gone often enough; that of a graph gives the answers of the other one."""
    pinned = tokens.pin_memory() if used.is_card else tokens
    there = pinned.to(used.kind)

    def eager() -> Any:
        return answer(model, pinned.to(used.kind, non_blocking=True)).cpu()

    for _ in range(_WARM_UP):
        first = eager()
    if not graph:
        return Way(eager, lambda: answer(model, there))
    replay, held = _captured(torch, model, there)

    def replayed() -> Any:
        there.copy_(pinned, non_blocking=True)
        replay()
        return held.cpu()

    for _ in range(_WARM_UP):
        again = replayed()
    answers_alike(torch, first, again)
    return Way(replayed, replay)


def answer(model: Any, tokens: Any) -> Any:
    """Return the model's answer, as the library computes it from tokens without padding."""
    return model.classifier(model.bert.pooler(hidden_states(model.bert, tokens)))


def _captured(torch: Any, model: Any, tokens: Any) -> tuple[Callable[[], Any], Any]:
    """Return what replays an inference of the tokens held in `tokens`, and where its answer is."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(3):
            answer(model, tokens)
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        held = answer(model, tokens)
    return graph.replay, held


def _seconds(way: Callable[[], Any], repetitions: int) -> list[float]:
    """Return the seconds of each inference by the processor's clock; the answer is in the host's memory by then."""
    times = []
    for _ in range(repetitions):
        begun = time.perf_counter()
        way()
        times.append(time.perf_counter() - begun)
    return times


def _on_card(torch: Any, way: Way, repetitions: int) -> float:
    """Return the median milliseconds between two events on the card, one before and one behind an inference."""
    times: list[float] = []
    for _ in range(repetitions):
        before, behind = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        before.record()
        way.on_card()
        behind.record()
        behind.synchronize()
        times.append(before.elapsed_time(behind))
    return median(times)
