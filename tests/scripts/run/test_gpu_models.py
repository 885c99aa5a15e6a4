"""The library's models as the programs of the reference call them: the same answers as by the library's own call."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from scripts.run import gpu_bert_large
from scripts.run.bert_model import SHAPE
from scripts.run.card import Device
from scripts.run.gpu_bert_tiny import answer
from tests.scripts.run.conftest import needs_torch

PROCESSOR = Device("cpu", "a processor")


def large(batch_size: int) -> tuple[Any, list[gpu_bert_large.Batch]]:
    """Return the small form of the model, without dropout, and batches of it."""
    import torch
    import transformers

    torch.manual_seed(1)
    model = gpu_bert_large._model(torch, transformers, PROCESSOR).eval()
    options = argparse.Namespace(batch_size=batch_size, sequence_length=32, steps=1, seed=1)
    return model, gpu_bert_large._batches(torch, options, model.config.vocab_size, PROCESSOR)


@needs_torch
def test_an_answer_is_that_of_the_library() -> None:
    import torch
    import transformers

    model = transformers.BertForSequenceClassification(transformers.BertConfig(**SHAPE)).eval()
    tokens = torch.randint(SHAPE["vocab_size"], (1, 16))
    with torch.inference_mode():
        assert torch.allclose(answer(model, tokens), model(input_ids=tokens).logits, atol=1e-6)


@needs_torch
def test_the_loss_is_that_of_the_library_for_the_predicted_tokens() -> None:
    import torch

    model, (batch, *_) = large(4)
    labels = torch.full_like(batch.tokens, -100).scatter(1, batch.places, batch.words)
    asked = {"input_ids": batch.tokens, "token_type_ids": batch.sentences}
    with torch.inference_mode():
        ours = gpu_bert_large._loss(torch, model, compiled=False)(batch)
        theirs = model(**asked, labels=labels, next_sentence_label=batch.order).loss
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)


@needs_torch
def test_a_batch_in_parts_gives_the_step_of_the_whole() -> None:
    import torch

    steps = []
    for part in (4, 2, 1):
        model, (batch, *_) = large(4)
        loss = gpu_bert_large._loss(torch, model, compiled=False)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        said = gpu_bert_large._step(torch, gpu_bert_large.Training(loss, optimizer, part, PROCESSOR), batch)
        steps.append((float(said), model.bert.pooler.dense.weight.detach().clone()))
    for said, weight in steps[1:]:
        assert said == pytest.approx(steps[0][0], rel=2e-2)  # it computes with few digits
        assert torch.allclose(weight, steps[0][1], atol=1e-2)


@needs_torch
def test_the_predicted_places_of_a_sample_are_different_ones() -> None:
    _, batches = large(4)
    for batch in batches:
        assert batch.places.shape == (4, gpu_bert_large.PREDICTIONS)
        assert all(len(set(row.tolist())) == gpu_bert_large.PREDICTIONS for row in batch.places)


@needs_torch
def test_a_part_that_does_not_fit_is_halved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stand-in for a card's memory that holds two samples at most."""
    import torch

    def short(torch: Any, training: gpu_bert_large.Training, batch: gpu_bert_large.Batch) -> Any:
        if training.part > 2:
            raise torch.cuda.OutOfMemoryError("a stand-in for a full card")
        return torch.zeros(())

    monkeypatch.setattr(gpu_bert_large, "_step", short)
    model, batches = large(16)
    options = argparse.Namespace(batch_size=16, sequence_length=32)
    assert gpu_bert_large._begun(torch, model, batches, options, PROCESSOR, compiled=False).part == 2
    lines = [line for line in capsys.readouterr().out.splitlines() if "do not fit" in line]
    assert [line.split()[3] for line in lines] == ["8", "4"]
