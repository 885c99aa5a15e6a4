"""The rules that hold for every log, on the original logs where they are at hand."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parsers.samples import table
from tests.parsers.test_runs import check_concatenation, check_prefix

ROOT = Path(__file__).parents[2]
LOGS = ROOT.parent / "shared" / "logs"
FILES = sorted(path for path in LOGS.glob("files/*/*") if path.suffix != ".ipynb" and "diff" not in path.name)

pytestmark = [
    pytest.mark.originals,
    pytest.mark.skipif(not FILES, reason="the original logs are not at hand"),
]


def test_the_score_is_perfect() -> None:
    done = subprocess.run([sys.executable, LOGS / "score.py"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_prefix_gives_a_subset(path: Path) -> None:
    data, chance = path.read_bytes(), random.Random(path.name)
    for _ in range(2):
        check_prefix(data, chance.randrange(len(data) + 1))


def test_two_logs_put_end_to_end_give_the_runs_of_both() -> None:
    chance = random.Random(1)
    logs = [path.read_bytes() for path in FILES if path.suffix in (".out", ".log", ".txt")]
    logs = [data for data in logs if len(data) < 400_000 and table(data)]
    for _ in range(10):
        check_concatenation(*chance.sample(logs, 2))
