"""Steps of BERT-large's pre-training on random tokens: both heads, 20 predictions, AdamW, bfloat16.

The model is `BertForPreTraining` of `transformers`. Its head for words gets the predicted tokens of a sample only, as
in the original program. A throughput does not depend on what the tokens are.
"""

from __future__ import annotations

import argparse
import time
from typing import Any, Callable, Iterator, NamedTuple

from .bert_model import LONGEST, hidden_states
from .card import Device, Readings, device, introduce, say
from .machine import imported

PREDICTIONS = 20
_WARM_UP = 3
_LEARNING_RATE = 1e-4
_LARGE = {
    "vocab_size": 30522,
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
    "max_position_embeddings": LONGEST,
}
_SMALL = {
    "vocab_size": 997,
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 128,
    "max_position_embeddings": LONGEST,
}
# Gibibytes that BERT-large needs at 128 tokens, as one card of 141 GB was seen to use them: 40 for 256 samples.
_NEEDED, _NEEDED_BY_SAMPLE, _SHARE = 8, 0.125, 0.9
_TOKENS = 128


class Batch(NamedTuple):
    """Samples: their tokens, which of two sentences a token is of, what is predicted where, the sentences' order."""

    tokens: Any
    sentences: Any
    places: Any
    words: Any
    order: Any

    def parts(self, size: int) -> Iterator[Batch]:
        """Return the samples in parts of a size."""
        return (Batch(*part) for part in zip(*(tensor.split(size) for tensor in self)))


Loss = Callable[[Batch], Any]


class Training(NamedTuple):
    """What a step needs: the loss of a part, the optimiser, the size of a part, the device."""

    loss: Loss
    optimizer: Any
    part: int
    device: Device


def pretrain(options: argparse.Namespace) -> None:
    """Take steps, and say in lines what was set, each loss, and how long the steps took."""
    torch, transformers = imported("torch", "transformers")
    used = device(torch, options.cpu)
    introduce(torch, used, "bert-large" if used.is_card else "bert-large-reduced", "train", [transformers])
    torch.manual_seed(options.seed)
    model = _model(torch, transformers, used)
    compiled = used.is_card and not options.eager
    say(f"execution {'compiled' if compiled else 'eager'}, precision bfloat16, data random tokens")
    batches = _batches(torch, options, model.config.vocab_size, used)
    training = _begun(torch, model, batches[:_WARM_UP], options, used, compiled)
    say(_settings(options, training.part))
    with Readings(used) as driver:
        seconds, losses = _timed(torch, training, batches[_WARM_UP:])
    for step, loss in enumerate(losses, 1):
        say(f"step {step}, loss {float(loss):.4f}")
    rate = options.steps * options.batch_size / seconds
    tokens = rate * options.sequence_length
    say(f"training {seconds:.4f} s, throughput {rate:.4f} samples/s, {tokens:.2f} tokens/s, by {used.kind}")
    driver.tell()
    say("finished")


def _model(torch: Any, transformers: Any, used: Device) -> Any:
    config = transformers.BertConfig(**(_LARGE if used.is_card else _SMALL))
    with torch.device(used.kind):
        model = transformers.BertForPreTraining(config).train()
    weights = sum(weight.numel() for weight in model.parameters())
    shape = f"{config.num_hidden_layers} layers of width {config.hidden_size}, {PREDICTIONS} predictions"
    say(f"model BertForPreTraining, {weights} weights, {shape}, AdamW, dropout {config.hidden_dropout_prob}")
    return model.to(used.kind)


def _settings(options: argparse.Namespace, part: int) -> str:
    parts = options.batch_size // part
    sizes = f"batch_size {options.batch_size}, micro_batch_size {part}, gradient_accumulation {parts}"
    return f"{sizes}, sequence_length {options.sequence_length}, steps {options.steps}, seed {options.seed}"


def _batches(torch: Any, options: argparse.Namespace, words: int, used: Device) -> list[Batch]:
    """Return a batch for each step, drawn before any time is taken."""
    torch.manual_seed(options.seed)
    shape, length = (options.batch_size, options.sequence_length), options.sequence_length
    predicted = (options.batch_size, min(PREDICTIONS, length))

    def drawn() -> Batch:
        draw = {"device": used.kind}
        places = torch.rand(shape, **draw).argsort(1)[:, : predicted[1]]
        sentences = (torch.arange(length, **draw) >= length // 2).long().expand(shape)
        word, order = torch.randint(words, predicted, **draw), torch.randint(2, shape[:1], **draw)
        return Batch(torch.randint(words, shape, **draw), sentences, places, word, order)

    return [drawn() for _ in range(_WARM_UP + options.steps)]


def _begun(
    torch: Any, model: Any, batches: list[Batch], options: argparse.Namespace, used: Device, compiled: bool
) -> Training:
    """Return the training after its first steps; say how long the very first took, the compilation in it.

    If the card's memory does not hold a part of the estimated size, smaller ones are tried.
    """
    most = largest_part(used, options.sequence_length) if used.is_card else -(-options.batch_size // 2)
    while True:
        part = next(size for size in range(min(most, options.batch_size), 0, -1) if options.batch_size % size == 0)
        try:
            training = Training(_loss(torch, model, compiled), _optimizer(torch, model, used), part, used)
            begun = time.perf_counter()
            float(_step(torch, training, batches[0]))
            say(f"first step {time.perf_counter() - begun:.4f} s, by {used.kind}")
            for batch in batches[1:]:
                _step(torch, training, batch)
            return training
        except torch.cuda.OutOfMemoryError:
            if part == 1:
                raise
        say(f"micro-batches of {part} samples do not fit into the card's memory; smaller ones are tried")
        model.zero_grad(set_to_none=True)
        torch.cuda.empty_cache()
        most = part // 2


def largest_part(used: Device, length: int) -> int:
    """Return how many samples are expected to fit into the card's memory at a time."""
    return max(1, int((_SHARE * used.memory - _NEEDED) / (_NEEDED_BY_SAMPLE * length / _TOKENS)))


def _loss(torch: Any, model: Any, compiled: bool) -> Loss:
    cross_entropy = torch.nn.functional.cross_entropy

    def loss(batch: Batch) -> Any:
        hidden = hidden_states(model.bert, batch.tokens, batch.sentences)
        where = batch.places.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        words, order = model.cls(hidden.gather(1, where), model.bert.pooler(hidden))
        return cross_entropy(words.flatten(0, 1), batch.words.flatten()) + cross_entropy(order, batch.order)

    return torch.compile(loss, dynamic=False) if compiled else loss


def _optimizer(torch: Any, model: Any, used: Device) -> Any:
    return torch.optim.AdamW(model.parameters(), lr=_LEARNING_RATE, weight_decay=0.01, fused=used.is_card)


def _step(torch: Any, training: Training, batch: Batch) -> Any:
    """Take an optimiser step, part by part; return its loss, which may not have been computed yet."""
    total, share = 0, training.part / len(batch.tokens)
    training.optimizer.zero_grad(set_to_none=True)
    for part in batch.parts(training.part):
        with torch.autocast(training.device.kind, dtype=torch.bfloat16):
            loss = training.loss(part) * share
        loss.backward()
        total = total + loss.detach()
    training.optimizer.step()
    return total


def _timed(torch: Any, training: Training, batches: list[Batch]) -> tuple[float, list[Any]]:
    """Return the seconds that steps take, from one idle moment of the device to the next, and their losses."""
    _wait(torch, training.device)
    begun = time.perf_counter()
    losses = [_step(torch, training, batch) for batch in batches]
    _wait(torch, training.device)
    return time.perf_counter() - begun, losses


def _wait(torch: Any, used: Device) -> None:
    if used.is_card:
        torch.cuda.synchronize()
