"""The numbers of a text held against logs, as a pandas frame."""

from __future__ import annotations

import os
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from scripts.proofread.reading import proof_of, runs_of
from scripts.proofread.verdicts import Row


def proofread(page: str | os.PathLike[str], logs: str | os.PathLike[str]) -> pd.DataFrame:
    """Hold every number of a text against the logs of its runs. It needs the extra `report`.

    Parameters
    ----------
    page
        A text: Markdown or plain text.
    logs
        A log, a folder of logs, or a data set of facts.

    Returns
    -------
    pandas.DataFrame
        One row per number: `page`, `line`, `column`, `text`, `verdict`, `quantity`, `run`, `fact`, `log`, `log_line`,
        `evidence`, `note`. `verdict` is `confirmed`, `contradicted`, `derivable`, `elsewhere`, `missing` or
        `not a claim`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from testbed_report import proofread
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder, "page.md")
    ...     _ = page.write_text("The learning rate was 0.05 in the run with seed 2.\\n")
    ...     verdicts = proofread(page, "examples/cpu")
    >>> verdicts.loc[0, ["text", "verdict", "quantity"]].tolist()
    ['0.05', 'confirmed', 'learning_rate']
    """
    proof = proof_of(Path(page), runs_of(Path(logs)))
    return pd.DataFrame([asdict(row) for row in proof.rows], columns=[field.name for field in fields(Row)])
