"""`python -m scripts.measure.readers NAME PATH...`: other ways to read the series out of logs.

Each finds the step lines of a file with the same three patterns and writes what they say. None tells runs, outcomes or
columns; only the plain script tells lines.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

NUMBER = r"([-+0-9.eE]+)"
PATTERNS = (
    r"\|global_step:([0-9]+)\|.*step_loss:" + NUMBER + r"\|.*learning_rate:" + NUMBER,
    r"Loss: ?" + NUMBER + r" \| Accuracy: ?" + NUMBER + "%",
    r"Step=([0-9]+), Loss=" + NUMBER + ", Rate=" + NUMBER + " samples/sec, GlobalRate=" + NUMBER,
)


class Skipped(Exception):
    """A reader cannot read a file; the message says why."""


def plain(path: Path, out: TextIO) -> None:
    """Read text line by line, as one writes it without thinking of speed."""
    writer = csv.writer(out)
    with path.open(encoding="utf-8", errors="replace") as log:
        for number, line in enumerate(log, 1):
            for pattern in _COMPILED:
                for match in pattern.finditer(line):
                    writer.writerow((path, number, *match.groups()))


def pandas(path: Path, out: TextIO) -> None:
    """Let pandas match each line of a column with `str.extract`."""
    import pandas as pd

    lines = pd.Series(path.read_text(encoding="utf-8", errors="replace").splitlines(), dtype=object)
    for pattern in PATTERNS:
        lines.str.extract(pattern).dropna(how="all").to_csv(out, header=False)


def reframe(path: Path, out: TextIO) -> None:
    """Let ReFrame find all matches of a file with `extractall`; it opens files as strict UTF-8.

    Raises
    ------
    Skipped
        If it cannot read the file.
    """
    from reframe.utility import sanity

    for pattern in PATTERNS:
        try:
            matches = sanity.extractall(pattern, str(path), tag=tuple(range(1, pattern.count("(") + 1)))
            csv.writer(out).writerows(sanity.evaluate(matches))
        except (UnicodeDecodeError, sanity.SanityError) as error:
            raise Skipped(str(error)) from None


READERS: dict[str, Callable[[Path, TextIO], None]] = {"plain": plain, "pandas": pandas, "reframe": reframe}
_COMPILED = [re.compile(pattern) for pattern in PATTERNS]


def main(name: str, *paths: str) -> None:
    """Let one reader read files, and all files of folders; name on standard error those that it skips."""
    for path in map(Path, paths):
        for log in sorted(path.iterdir()) if path.is_dir() else [path]:
            try:
                READERS[name](log, sys.stdout)
            except Skipped as reason:
                print(f"{log}: skipped ({reason})", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
