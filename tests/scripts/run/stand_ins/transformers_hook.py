"""A stand-in for SambaFlow's program: prints its arguments in its line format, with invented figures.

STAND_IN=fail lets it fail; STAND_IN=wait lets it wait until it is stopped.
"""

import argparse
import os
import sys
import time
from pathlib import Path

RATE = 36000  # tokens/s a task, within the window that sambanova.sh sets


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("what")
    for name in ("-b", "--max_seq_length", "--steps_this_run", "--min_throughput", "--max_throughput"):
        parser.add_argument(name, type=int, dest=name.lstrip("-"))
    for name in ("--learning_rate", "--pef", "--pef-name", "--output-folder"):
        parser.add_argument(name)
    options, _ = parser.parse_known_args()
    if os.environ.get("SLURM_PROCID", "0") != "0":
        return
    print("This is a stand-in for SambaFlow; its figures are made up.", flush=True)
    if os.environ.get("STAND_IN") == "wait":
        time.sleep(60)
    if os.environ.get("STAND_IN") == "fail":
        sys.exit("stand-in: told to fail")
    if options.what == "compile":
        compile_(Path(options.output_folder) / options.pef_name / f"{options.pef_name}.pef")
    else:
        train(options)


def compile_(pef: Path) -> None:
    pef.parent.mkdir(parents=True)
    pef.write_text("a stand-in for a compiled file\n")
    print(f"[info    ] : PEF file {pef} created")


def train(options: argparse.Namespace) -> None:
    if not Path(options.pef).is_file():
        sys.exit(f"stand-in: no compiled file {options.pef}")
    logger = "2026-05-01 10:00:{:02},500 - apps.nlp.bert_mlperf_trainer - Process ID 7 - info     - "
    for step in range(1, options.steps_this_run + 1):
        print(
            logger.format(step)
            + f"epoch:0|local_step:{step}|global_step:{step}|average_loss:9.0|step_loss:{10 - step / 8:.5f}|"
            + f"step_ns_loss:0.1|learning_rate:{float(options.learning_rate) * step:.3e}|eval_step:0.0"
        )
    tasks = int(os.environ["SLURM_NTASKS"])
    tokens = RATE * tasks
    samples = tokens / options.max_seq_length
    seconds = options.steps_this_run * options.b * tasks / samples
    print(logger.format(59) + "final_loss 8.25")
    print(
        logger.format(59) + f"{{'e2e_train_time': {seconds}, 'training_sequences_per_second': {tokens}, "
        f"'final_loss': 8.25, 'training_samples_per_second': {samples}}}"
    )
    assert options.min_throughput <= tokens, f"Expected throughput to be at least {options.min_throughput}"
    assert tokens < options.max_throughput, f"Expected throughput to be at most {options.max_throughput}"


main()
