"""Single lines of the four dialects, of which a whole case would say no more."""

from __future__ import annotations

import pytest
import regex

from parsers.dialects import shell
from parsers.engine.loading import known
from parsers.engine.shapes import Shape, literal
from tests.parsers.samples import NAMES, case, said

ALL_SHAPES = (*shell.PROMPTS, *shell.FENCES, *shell.ENDINGS, *(shape for d in known() for shape in d.shapes))

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
    "a bar with more behind its pace": (EPOCHS + "[01:51<00:00, 11.11s/it, loss=1.47]\n", "epoch_time", ["11.11"]),
    "a bar of a wide terminal": (
        EPOCHS.replace("#" * 10, "█" * 220) + "[01:51<00:00, 11.11s/it]\n", "train_time", ["111"]
    ),
    "the end of the epochs, overwritten": (
        EPOCHS + "[01:2\n  0%|  | 0/125 [00:00<?, ?it/s]\n", "epoch_steps", []
    ),
    "the second compile without the first": (
        EPOCHS + "[00:09<00:00, 1s/it]\nGraph compilation: 100%|##| 100/100 [00:14<00:00]\n", "compile_time", []
    ),
    "a second start with other epochs": (
        EPOCHS.split("\n")[0] + "\n" + EPOCHS.replace("/10 ", "/5 ") + "[00:09<00:00]\n", "epochs", ["10", "5"]
    ),
    "a second start after an error": (
        "srun: job 1 has been allocated resources\nTraceback (most recent call last):\nOSError: x\n"
        + EPOCHS + "[00:09<00:00]\nAccuracy on test set: 9.5%\n", "outcome", ["failed", "completed"]
    ),
    "a second start after a silent end": (
        EPOCHS.split("\n")[0] + "\nGraph compilation: 100%|##| 100/100 [00:21<00:00]\n" + EPOCHS + "[00:09<00:00]\n"
        "Accuracy on test set: 9.5%\n", "outcome", ["truncated", "completed"]
    ),
    "a rate in another system's words": ("poptorch\n- throughput: 5.5 samples/sec\n", "throughput", []),
    "a result after a colon": ("- rate 0.1: Accuracy on test set: 97.5%\n", "outcome", ["unknown"]),
    "a result behind a process's label": ("Rank 0: Accuracy on test set: 97.5%\n", "outcome", ["completed"]),
    "an error in a sentence": ("if it stops with `poptorch.poptorch_core.Error: no IPU` then\n", "outcome", []),
    "a check in a sentence": ("It ended with AssertionError: Expected throughput to be 5.\nsambaflow\n", "outcome", []),
    "a phase in a sentence": ("Cerebras: until I saw Compile was successful! there\n", "outcome", []),
    "a second training, later": (
        STEP.format("1.5") + "Training completed successfully!\n" + STEP.replace("=9", "=10").format("1.5"),
        "throughput", ["2.5"],
    ),
    "a step said again with its rate": ("Step=9, Loss=1.5\nCerebras\n" + STEP.format("1.5"), "throughput", ["2.5"]),
    "the same step at another rate": (STEP.format("1.5") + STEP.replace("2.5", "3.5").format("1.5"), "outcome",
                                      ["unknown", "unknown"]),
    "training and evaluation in one": (
        STAMP + STEP.format("1.5") + "Training and Eval runs completed successfully!\n", "outcome", ["completed"]
    ),
    "an identifier with a capital": (
        STAMP + "Effective batch size is 4.\n" + STAMP + "Compile job id: wsjob-a1\n", "compile_job_id", ["wsjob-a1"]
    ),
    "a job that cannot be reached": (
        STAMP + "Effective batch size is 4.\n2024-05-01 10:00:01,000 ERROR:   Poll ingress for wsjob-a failed: gone\n",
        "failure_reason", ["Poll ingress for wsjob-a failed: gone"],
    ),
    "a batch size in backticks": ("`" + STAMP + "Effective batch size is 512.`\n", "batch_size", ["512"]),
    "a loss that a narrow terminal broke": ("Step=9, Loss=9.4\n8438, Rate=1.5 samples/sec\n", "outcome", []),
    "a result that a narrow terminal broke": ("{'e2e_train_time': 45\n0.99, 'final_loss': 8.5}\n", "train_time", []),
    "a result that a terminal broke indented": ("  'final_loss': 8.3\n  684, 'e2e_train_time': 4\n", "final_loss", []),
    "an option that a narrow terminal broke": (COMPILE + "-b 2\n56 --x 1\nCOMPILE END AT 5\n", "batch_size", []),
    "a number with separators": ("{'e2e_train_time': 1,450.99, 'final_loss': 8.5}\n", "train_time", []),
    "what stood before a header": (
        "sambaflow\nSLURM_NTASKS=8\nModel:  BertLarge\nDate:  04/11/24\nSLURM_NTASKS=16\n", "ntasks", ["16"]
    ),
    "a decimal comma": ("{'e2e_train_time': 450,9912, 'final_loss': 8.5}\n", "train_time", []),
    "an escaped point": ("{'e2e_train_time': 450\\.99, 'final_loss': 8.5}\n", "train_time", []),
    "a dictionary cut at a column": ("x {'final_loss': 8.5, 'e2e_train_time': 45\n", "train_time", []),
    "a dictionary without braces": ("x 'final_loss': 8.5, 'e2e_train_time': 45\n", "train_time", ["45"]),
    "curved quotes": ("{\u2018e2e_train_time\u2019: 450.5, \u2018final_loss\u2019: 8.5}\n", "final_loss", ["8.5"]),
    "a header with line numbers": (
        "1:Model:  BertLarge\n2:Date:  04/11/24\n3:SLURM_NTASKS=16\nsambaflow\n", "ntasks", ["16"]
    ),
    "a file's name before each line": (
        "slurm-1.out:1:RUN COMMAND: python a.py run -b 8\nslurm-1.out:2:SLURM_NTASKS=16\n", "ntasks", ["16"]
    ),
    "a header in HTML": ("Model:  BertLarge<br>\nDate:  04/11/24<br>\nsambaflow\n", "model", ["BertLarge"]),
    "blanks of a web page": (
        "RUN COMMAND: python a.py run -b 8\nDuration:\u00a0 484\u00a0\n", "wall_time", ["484"]
    ),
    "marks behind a line": ("RUN COMMAND: python a.py run -b 8\nDuration:  484 \\\n", "wall_time", ["484"]),
    "a printer's page": (STEP.format("1.5") + "\f\n" + STEP.replace("=9", "=10").format("1.5"), "outcome", ["unknown"]),
    "a last rate that a terminal broke": (
        STEP.format("1.5") + "Step=10, Loss=1.5, Rate=1.5 samples/sec, GlobalRate=2\n.5 samples/sec\n", "throughput", []
    ),
    "a last step with a separator": (
        STEP.format("1.5") + "| Train Device=CSX, Step=1,000, Loss=1.5, Rate=1.5 samples/sec\n", "throughput", []
    ),
    "an id that a terminal broke": (STAMP + "compile job id: wsjob-a1\nb2, remote log\n", "compile_job_id", []),
    "a whole id at the end of its line": (
        STAMP + "Effective batch size is 4.\n" + STAMP + "compile job id: wsjob-a1\n2024-05-01 x\n",
        "compile_job_id", ["wsjob-a1"],
    ),
    "time that runs back": (
        STAMP + "Compiling the model.\n2024-05-01 09:00:00,250 INFO:   Compile was successful!\n", "compile_time", []
    ),
    "a remark in a table": (
        "groqflow\n| Source | Accuracy | Comment |\n| cpu | 5.5% | 12 |\n", "score", []
    ),
    "a result in bold": ("Accuracy on test set: **97.5%**\n", "test_accuracy", ["97.5"]),
    "a failure in a table": (
        "RUN COMMAND: python a.py run\n| srun: error: n1: task 0: Exited with exit code 2 |\n", "failure_reason",
        ["srun: error: n1: task 0: Exited with exit code 2"],
    ),
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
        'GroqChip\nInput shape of model "a" changed from {} to {\'x\': (1, 3, 8, 8)} since\nBuilding "a"\n',
        "sequence_length",
        [],
    ),
    "the shape before": (
        'GroqChip\nInput shape of model "a" changed from {\'x\': (1, 128)} to {\'x\': (1, 64)} since\nBuilding "a"\n',
        "previous_sequence_length",
        ["128"],
    ),
    "a compiler that fails": ("] [samba]: x\nTraceback (most recent call last):\nOSError: x\n", "stage", ["compile"]),
    "a compiler that ends": ("[Info][SAMBA]# x\nPEF file a created\n", "outcome", ["completed"]),
    "a compiled program": ("PEF compiled successfully: a\n", "outcome", ["completed"]),
    "a training of steps": ("Number of batches (steps): 4\nNumber of epochs: 1\nBatch size: 4\n", "epochs", ["1"]),
    "a model on a chip": ("Status:  Model successfully benchmarked on GroqChip1\n", "stage", ["inference"]),
    "a build's stage": ("Building \"a\"\n  Assembling model\n", "workload", ["a"]),
    "a build's check": ("Building \"a\"\n  Checking for Op support\n", "workload", ["a"]),
    "a build's error": ("Building \"a\"\nGroqFlowError: x\n", "workload", ["a"]),
    "a trainer of another system": ("poptorch\nsrun: job 12 has been allocated\n{'eval_loss': 1.5}\n", "eval_loss", []),
    "a rate of items alone": ("IPU throughput: 812.5 items/s\n", "throughput", ["812.5"]),
    "a compile of PopXL alone": ("PopXL compilation duration: 2.5 mins\n", "compile_minutes", ["2.5"]),
    "a graph loaded alone": ("Compiled/Loaded model in 9.5 secs\n", "load_time", ["9.5"]),
    "a trainer's logger": ("INFO:optimum.graphcore.trainer:x\n{'eval_loss': 1.5}\n", "eval_loss", ["1.5"]),
    "a trainer's file": ("  /opt/optimum/graphcore/trainer.py\n{'eval_loss': 1.5}\n", "eval_loss", ["1.5"]),
    "a build's name": ('GroqChip\nBuilding "Bert_Tiny"\n', "workload", ["bert-tiny"]),
    "a build for any device": ('Building "bert_tiny"\n', "workload", []),
    "a build of earlier releases": ('GroqFlow is building "bert_tiny"\n', "workload", ["bert-tiny"]),
    "a table without latencies": ("groqflow\n| Source | Accuracy |\n|---|---|\n| cpu | 5.5% |\n", "accuracy", ["5.5"]),
    "a table behind line numbers": ("groqflow\n12\t| Source | Accuracy |\n13\t| cpu | 5.5% |\n", "accuracy", ["5.5"]),
    "an error behind the end": ("Proof point a finished!\nError: x\n", "outcome", ["completed"]),
    "a traceback behind the end": (
        "Proof point a finished!\nTraceback (most recent call last):\nKeyError: 'x'\n", "outcome", ["completed"]
    ),
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
