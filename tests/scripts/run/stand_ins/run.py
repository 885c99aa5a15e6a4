"""A stand-in for the model zoo's run.py: prints its arguments in its line format, with invented figures.

STAND_IN=fail lets it fail. A model directory that is there already ends it: run.py would go on from its checkpoint.
"""

import argparse
import os
import re
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--params", type=Path)
    parser.add_argument("--model_dir", type=Path)
    parser.add_argument("--max_steps", type=int)
    options, _ = parser.parse_known_args()
    print("This is a stand-in for run.py; its figures are made up.", flush=True)
    options.model_dir.mkdir(parents=True)
    found = re.search(r"(?ms)^train_input:.*?^ +batch_size: (\d+)", options.params.read_text())
    batch = int(found[1]) if found else sys.exit("stand-in: no batch size")
    say(1, f"Effective batch size is {batch}.")
    say(2, "Compiling the model. This may take a few minutes.")
    if os.environ.get("STAND_IN") == "fail":
        print("2026-05-01 10:00:03,250 ERROR:   Job wsjob-1 failed due to: told to fail")
        sys.exit(1)
    say(4, "Compile was successful!")
    say(5, "Beginning appliance run")
    rate = f"Rate={batch * 4}.25 samples/sec, GlobalRate={batch * 4}.50 samples/sec"
    say(9, f"| Train Device=CSX, Step={options.max_steps}, Loss=7.12500, {rate}")
    say(10, "Training completed successfully!")
    say(11, f"Processed {batch * options.max_steps} sample(s) in 4.125 seconds.")


def say(second: int, what: str) -> None:
    print(f"2026-05-01 10:00:{second:02},250 INFO:   {what}", flush=True)


main()
