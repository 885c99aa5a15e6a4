"""A stand-in for Graphcore's MNIST example: prints its arguments in its line format, with invented figures.

STAND_IN=fail lets it fail; STAND_IN=wait lets it wait until it is stopped.
"""

import argparse
import os
import time


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--lr", type=float)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--epochs", type=int)
    options = parser.parse_args()
    print("This is a stand-in for mnist_poptorch.py; its figures are made up.", flush=True)
    print(f"Epochs:   0%|          | 0/{options.epochs} [00:00<?, ?it/s]", flush=True)
    print("Graph compilation: 100%|##########| 100/100 [00:02<00:00]", flush=True)
    behave(os.environ.get("STAND_IN"))
    steps = 60000 // (50 * options.batch_size)
    print(f" 10%|#         | 1/{steps} [00:01<00:09, 50.00it/s]")
    print(f"Epochs: 100%|##########| {options.epochs}/{options.epochs} [00:09<00:00,  9.00s/it]")
    print("Conv2d(1, 32, kernel_size=(3, 3), stride=(1, 1))")
    print(f"Accuracy on test set: {9.5 if options.lr > 0.1 else 97.25}%")


def behave(how: str | None) -> None:
    if how == "fail":
        raise RuntimeError("told to fail")
    if how == "wait":
        time.sleep(60)


main()
