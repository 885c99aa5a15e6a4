"""Two runs side by side, as a pandas frame."""

from __future__ import annotations

import os

import pandas as pd

from parsers.difference import difference, named_run


def compare(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> pd.DataFrame:
    """Return what differs between two runs.

    Parameters
    ----------
    one, other
        A log of one run, or `LOG:NUMBER` for one run of a log.

    Returns
    -------
    pandas.DataFrame
        One row per difference: `kind`, `name`, `device`, `unit`, then `value_a` and `line_a` of the first run,
        `value_b` and `line_b` of the second. `ratio` is the second value divided by the first, `per_cent` their
        difference. `note` marks the first setting that differs. Series are not compared.

    Raises
    ------
    LookupError
        If a name is not one run.

    Examples
    --------
    >>> from pathlib import Path
    >>> from testbed_report import compare
    >>> slow, fast = sorted(Path("examples/cpu").glob("digits-learning-rate-0.0*-seed-1-*"))[:2]
    >>> table = compare(slow, fast).set_index("name")
    >>> table.loc["learning_rate", ["value_a", "value_b"]].tolist(), float(table.loc["learning_rate", "ratio"])
    (['0.0005', '0.005'], 10.0)
    """
    header, body = difference(named_run(os.fspath(one)), named_run(os.fspath(other)))
    frame = pd.DataFrame(list(body), columns=[column.name for column in header])
    numbers = {column.name: pd.to_numeric(frame[column.name]) for column in header if column.type == "number"}
    return frame.assign(**numbers)
