"""Logs of a card that does not exist, in the lines of the programs of `gpu.sh`: a stand-in for what nobody has run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

NAME = "a stand-in for a card"
_OPENING = """\
#testbed-run {record}
testbed-nvidia: workload {workload}, stage {stage}
testbed-nvidia: hardware {hardware}, {name}
testbed-nvidia: software torch 1.2.3, transformers 4.5.6, CUDA 7.8
testbed-nvidia: cards 1, memory 1000 MiB, driver 9.9, power limit 90.00 W
"""
_LARGE = """\
testbed-nvidia: execution compiled, precision bfloat16, data random tokens
testbed-nvidia: first step 12.5 s, by {hardware}
testbed-nvidia: batch_size {batch}, micro_batch_size 16, gradient_accumulation {parts}, sequence_length 128, steps 2, \
seed 1
testbed-nvidia: step 1, loss 11.5000
testbed-nvidia: step 2, loss 11.2500
testbed-nvidia: training {seconds:.4f} s, throughput {rate:.4f} samples/s, {tokens:.2f} tokens/s, by {hardware}
"""
_TINY = """\
testbed-nvidia: execution {execution}, precision float16, data random tokens
testbed-nvidia: batch_size 1, sequence_length {length}, seed 1
testbed-nvidia: latency median {latency:.4f} ms, mean {mean:.4f} ms, low 0.0100 ms, high 9.0000 ms, repetitions 7, \
by {hardware}
testbed-nvidia: on card median {on_card:.4f} ms, by {hardware}
"""
_DIGITS = """\
testbed-nvidia: execution eager, precision float32, data handwritten digits
testbed-nvidia: learning_rate {rate}, batch_size 8, epochs 2, seed {seed}
testbed-nvidia: training set 1437 images, test set 360 images
testbed-nvidia: epoch 1 of 2, step 180, loss 2.3125
testbed-nvidia: epoch 2 of 2, step 360, loss {loss}
testbed-nvidia: training {seconds:.4f} s, processor 1.5000 s, throughput {rate_of_images:.4f} samples/s, by {hardware}
testbed-nvidia: test_accuracy {accuracy} %, by {hardware}
"""
_DRIVER = """\
testbed-nvidia: driver readings 3, peak memory 900 MiB, power 70.50 W, peak power 80.25 W, clock 1200 MHz
"""
_END = """\
testbed-nvidia: finished
#testbed-end {"exit_status": 0, "seconds": 9, "ended_at": "2031-02-03T04:05:15Z"}
"""


def large(batch: int, rate: float, hardware: str = "cuda", name: str = NAME) -> str:
    """Return the log of steps of BERT-large."""
    said = {"batch": batch, "parts": batch // 16, "seconds": 2 * batch / rate, "rate": rate, "tokens": 128 * rate}
    return _log("bert-large", "train", _LARGE, said, hardware, name)


def tiny(length: int, execution: str, latency: float, hardware: str = "cuda") -> str:
    """Return the log of inferences with bert_tiny."""
    said = {"length": length, "latency": latency, "mean": 1.25 * latency, "on_card": latency / 2}
    return _log("bert-tiny", "inference", _TINY, said | {"execution": execution}, hardware)


def digits(rate: str, seed: int, accuracy: str, loss: str, hardware: str = "cuda") -> str:
    """Return the log of a training with the digits."""
    seconds = 2 + seed / 8  # two runs with the same results would be one run, published twice
    said = {"rate": rate, "seed": seed, "accuracy": accuracy, "loss": loss, "seconds": seconds}
    return _log("digits", "train", _DIGITS, said | {"rate_of_images": 2 * 1437 / seconds}, hardware)


def _log(workload: str, stage: str, lines: str, said: Mapping[str, object], hardware: str, name: str = NAME) -> str:
    record = {"format": 1, "system": "NVIDIA", "experiment": workload, "workload": workload, "parameters": {}}
    common = {"hardware": hardware, "name": name, "workload": workload, "stage": stage}
    opening = _OPENING.format(record=json.dumps(record | {"started_at": "2031-02-03T04:05:06Z"}), **common)
    return opening + lines.format(**common, **said) + (_DRIVER if hardware == "cuda" else "") + _END


def write(folder: Path, hardware: str = "cuda") -> Path:
    """Write a log of each kind of run; the numbers are made up and round."""
    folder.mkdir(parents=True)
    for batch, speed in ((32, 1000.0), (64, 1010.0), (128, 1024.0)):
        (folder / f"large-{batch}.log").write_text(large(batch, speed, hardware))
    for length, factor in ((128, 1.0), (256, 1.5)):
        for execution, latency in (("eager", 0.8), ("cuda-graph", 0.2)):
            (folder / f"tiny-{length}-{execution}.log").write_text(tiny(length, execution, factor * latency, hardware))
    for rate, accuracy, loss in (("0.0005", "9.72", "2.3000"), ("0.05", "96.67", "0.1250"), ("0.5", "10.00", "2.3500")):
        for seed in (1, 2):
            (folder / f"digits-{rate}-{seed}.log").write_text(digits(rate, seed, accuracy, loss, hardware))
    return folder
