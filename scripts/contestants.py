"""`python -m scripts.contestants NAME FOLDER`: other ways to read the series out of logs, for `make bench`.

Each reads the files below a folder, finds the step lines with the same three patterns, and writes what they say. None
tells runs, outcomes or columns; the plain script and pandas tell lines.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

NUMBER = r"([-+0-9.eE]+)"
PATTERNS = (
    r"\|global_step:([0-9]+)\|.*step_loss:" + NUMBER + r"\|.*learning_rate:" + NUMBER,
    r"Loss: ?" + NUMBER + r" \| Accuracy: ?" + NUMBER + "%",
    r"Step=([0-9]+), Loss=" + NUMBER + ", Rate=" + NUMBER + " samples/sec, GlobalRate=" + NUMBER,
)


def plain(folder: Path) -> None:
    """Read text line by line, as one writes it without thinking of speed."""
    patterns, out = [re.compile(pattern) for pattern in PATTERNS], csv.writer(sys.stdout)
    for path in _files(folder):
        with path.open(encoding="utf-8", errors="replace") as log:
            for number, line in enumerate(log, 1):
                for pattern in patterns:
                    for match in pattern.finditer(line):
                        out.writerow((path, number, *match.groups()))


def pandas(folder: Path) -> None:
    """Let pandas match each line of a column with `str.extract`."""
    import pandas as pd

    for path in _files(folder):
        lines = pd.Series(path.read_text(encoding="utf-8", errors="replace").splitlines(), dtype=object)
        for pattern in PATTERNS:
            lines.str.extract(pattern).dropna(how="all").to_csv(sys.stdout, header=False)


def reframe(folder: Path) -> None:
    """Let ReFrame find all matches of a file with `extractall`; it reads UTF-8 alone, so others are left out."""
    from reframe.utility import sanity

    out = csv.writer(sys.stdout)
    for path in _files(folder):
        for pattern in PATTERNS:
            try:
                found = sanity.extractall(pattern, str(path), tag=tuple(range(1, pattern.count("(") + 1)))
                out.writerows(sanity.evaluate(found))
            except (UnicodeDecodeError, sanity.SanityError):
                break


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


if __name__ == "__main__":
    {"plain": plain, "pandas": pandas, "reframe": reframe}[sys.argv[1]](Path(sys.argv[2]))
