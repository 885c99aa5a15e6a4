"""A stand-in for the model zoo's `cszoo fit`: prints its arguments in its line format, with invented figures.

It trains in two loops with a validation after each, as a configuration with an `eval_frequency` does. STAND_IN=fail
lets it fail in the second loop. A model directory that is there already ends it: it would go on from its checkpoint.
"""

import argparse
import os
import re
import sys
from itertools import count
from pathlib import Path

SECONDS = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("what", choices=["fit"])
    parser.add_argument("params", type=Path)
    parser.add_argument("--job_labels")
    parser.add_argument("--model_dir", type=Path, required=True)
    parser.add_argument("--num_csx", type=int, default=1)
    options = parser.parse_args()
    print("This is a stand-in for cszoo; its figures are made up.", flush=True)
    options.model_dir.mkdir(parents=True)
    text = options.params.read_text()
    batch = found(r"(?ms)^    train_dataloader:.*?^      batch_size: (\d+)$", text)
    steps = found(r"(?m)^      max_steps: (\d+)$", text)
    say(f"Running command: {' '.join(sys.argv)}")
    for loop in 1, 2:
        train(loop, batch, steps, options.num_csx)
        validate(loop, steps * loop // 2, options.num_csx)
    say(f"Processed {batch * steps} training sample(s) in 20.125 seconds.")


def found(pattern: str, text: str) -> int:
    match = re.search(pattern, text)
    return int(match[1]) if match else sys.exit(f"stand-in: {pattern} is not in the configuration")


def train(loop: int, batch: int, steps: int, systems: int) -> None:
    first, last = 1 + steps * (loop - 1) // 2, steps * loop // 2
    say(f"Starting train loop {loop} of 2, from global step {first} to {last} ({last - first + 1} steps)")
    if loop == 1:
        say(f"Effective batch size is {batch}.")
    prepare(systems)
    if loop == 2 and os.environ.get("STAND_IN") == "fail":
        say("Job wsjob-2 failed due to: told to fail", "ERROR")
        sys.exit(1)
    rates = f"Rate={batch * 4}.25 samples/sec, GlobalRate={batch * 4}.50 samples/sec"
    say(f"| Train Device=CSX, Step={last}, Loss=7.12500, {rates}, LoopTimeRemaining=0:00:00, TimeRemaining>0:00:00")
    say("Training completed successfully!")


def validate(loop: int, step: int, systems: int) -> None:
    say(f"Starting val_dataloader_1 loop {loop} of 2, with 2 steps")
    prepare(systems)
    rates = "Rate=90.25 samples/sec, GlobalRate=90.50 samples/sec"
    say(
        f"| Eval Device=CSX, GlobalStep={step}, Batch=2, Loss=6.87500, {rates}, LoopTimeRemaining=0:00:00, "
        "TimeRemaining=0:00:00"
    )
    say("Avg Eval Loss: 6.9375")
    say("Evaluation metrics:")
    say("  - eval/accuracy_cls = 0.25")
    say("Evaluation completed successfully!")


def prepare(systems: int) -> None:
    say("Compiling the model. This may take a few minutes.")
    say("Initiating a new compile wsjob against the cluster server.")
    say("Job id: wsjob-1, workflow id: wflow-1, namespace: job-operator")
    say("Compile was successful!")
    say("Programming Cerebras Wafer Scale Cluster for execution. This may take a few minutes.")
    say("Initiating a new execute wsjob against the cluster server.")
    say("Job id: wsjob-2, workflow id: wflow-1, namespace: job-operator")
    say(f"Preparing to execute using {systems} CSX")
    say("Beginning appliance run")


def say(what: str, level: str = "INFO") -> None:
    minutes, seconds = divmod(next(SECONDS), 60)
    print(f"2026-05-01 10:{minutes:02}:{seconds:02},250 {level}:   {what}", flush=True)


main()
