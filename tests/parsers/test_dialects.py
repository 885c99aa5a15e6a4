"""Single lines of the four dialects, of which a whole case would say no more."""

from __future__ import annotations

import pytest
import regex

from parsers import shell
from parsers.detect import DIALECTS
from parsers.grammar import Shape, literal
from tests.parsers.samples import NAMES, case, said

ALL_SHAPES = (*shell.PROMPTS, *shell.FENCES, *shell.ENDINGS, *(shape for d in DIALECTS for shape in d.shapes))

STAMP = "2024-05-01 10:00:00,250 INFO:   "
EPOCHS = "Epochs:   0%|          | 0/10 [00:00<?, ?it/s]\nEpochs: 100%|##########| 10/10 "
STEP = "Step=9, Loss={}, Rate=1.5 samples/sec, GlobalRate=2.5 samples/sec\n"
COMPILE = "COMPILE COMMAND: python hook.py compile "
TABLE = "| Source | Accuracy | on-chip IPS |\n"

FACTS = {
    "an hour and more": (EPOCHS + "[1:00:05<00:00, 360.50s/it]\n", "train_time", ["3605"]),
    "a pace the other way round": (EPOCHS + "[00:03<00:00,  3.11it/s]\n", "epoch_time", []),
    "a bar's clock that is none": (EPOCHS + "[::::<00:00]\n", "train_time", []),
    "a step of five thousand digits": (STEP.replace("9", "9" * 5000).format("1.5"), "throughput", []),
    "a second of five thousand digits": ("COMPILE START AT " + "9" * 5000 + "\nCOMPILE END AT 5\n", "compile_time", []),
    "accuracy of a bar": ("poptorch\nLoss: 0.5 | Accuracy: 80.25%\n", "test_accuracy", []),
    "a job's number": ("srun: job 12 has been allocated resources\n" + EPOCHS + "[00:01<00:00]\n", "job_id", ["12"]),
    "two accuracies": ("Accuracy on test set: 9.5%\nAccuracy on test set: 9.6%\n", "test_accuracy", ["9.5", "9.6"]),
    "an option at the end": (COMPILE + "-b 32\nCOMPILE END AT 5\n", "batch_size", ["32"]),
    "an option with =": (COMPILE + "--max_seq_length=128 -x\nCOMPILE END AT 5\n", "sequence_length", ["128"]),
    "no batch size but -b": (COMPILE + "--num-b 32 -bb 5\nCOMPILE END AT 5\n", "batch_size", []),
    "a kept value": ("{'e2e_train_time': 5.10, 'final_loss': 1e-05}\n", "final_loss", ["1e-05"]),
    "a number cut at the end": ("'e2e_train_time': 5.1", "train_time", []),
    "a loss that is none": (STEP.format("nan"), "outcome", ["unknown"]),
    "one step with two losses": (STEP.format("1.5") + STEP.format("2.5"), "throughput", ["2.5", "2.5"]),
    "one step said twice": (STEP.format("1.5") * 2, "throughput", ["2.5"]),
    "an escaped plural": (STAMP + "Processed 64 sample\\(s\\) in 2.5 seconds.\n", "samples", ["64"]),
    "a release in a path": (
        "python run.py --python_paths /home/user/R_2.1.1/modelzoo/\n" + STAMP + "Effective batch size is 4.\n",
        "sdk_version",
        ["2.1.1"],
    ),
    "a single timestamp, quoted": ("> " + STAMP + "Effective batch size is 4.\n", "total_time", []),
    "a cell without a value": (TABLE + "| cpu | 5.5% | -- |\n", "on_chip_throughput", []),
    "a row of another width": (TABLE + "| cpu | 5.5% |\n", "accuracy", []),
    "a row in bold": (TABLE + "| **cpu** | **5.5%** | -- |\n", "accuracy", ["5.5"]),
    "a device in prose": (TABLE + "cpu | 5.5% | -- |\n", "accuracy", []),
    "a bar with a label": ("Running inference on GroqChip\nmap: 100%|##| 9/9 [00:01\n", "samples", []),
    "a bar without one": ("Running inference on GroqChip\n100%|##| 9/9 [00:01\n", "samples", ["9"]),
    "a shape of four": (
        'Input shape of model "a" changed from {} to {\'x\': (1, 3, 8, 8)} since\nBuilding "a"\n',
        "sequence_length",
        [],
    ),
    "a build's name": ('Building "Bert_Tiny"\n', "workload", ["bert-tiny"]),
    "an error behind the end": ("Proof point a finished!\nError: x\n", "outcome", ["failed"]),
    "an error ahead of the end": ("Building \"a\"\nError: x\nProof point a finished!\n", "outcome", ["completed"]),
}  # fmt: skip


@pytest.mark.parametrize("what", FACTS)
def test_a_line_says(what: str) -> None:
    text, name, expected = FACTS[what]
    assert said(text.encode(), name) == expected


@pytest.mark.parametrize("shape", ALL_SHAPES, ids=lambda shape: shape.pattern[:30].decode("utf-8", "replace"))
def test_a_pattern_begins_with_a_literal_that_every_match_begins_with(shape: Shape) -> None:
    begins = literal(shape.pattern)
    assert begins
    for name in NAMES:
        for match in regex.finditer(shape.pattern, case(name)):
            assert match[0].startswith(begins)
