"""Where a log disagrees with its file name or with a declared value.

File names and declarations are checked against the log, never the other way round: no value is taken from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import regex

from .markdown import code, escaped, link, table
from .results import ReportRun, anchor

# What people put before a number in a file name, and the name of the vocabulary that they mean.
_CLAIMS = {
    "ntasks": r"n_?tasks?",
    "nodes": r"nodes",
    "batch_size": r"batch(?:_?size)?|bs",
    "epochs": r"epochs?",
    "learning_rate": r"lr|learning_?rate",
    "sequence_length": r"seq(?:uence)?(?:_?len(?:gth)?)?|msl",
}
_CLAIM = regex.compile(
    r"(?<![^\W_])(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _CLAIMS.items()) + r")"
    r"[_=-]?(?P<value>\d+(?:\.\d+)?(?:e-?\d+)?)(?![\d])",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A value that a file name or a person gives, and the other one that the log states."""

    name: str
    claimed: str
    source: str
    logged: str
    device: str = ""


def contradictions(run: ReportRun) -> tuple[Contradiction, ...]:
    """Return where a run's facts disagree with its log's file name or with a declared value."""
    claims = [(name, value, "the file name") for name, value in file_name_claims(run.entry.path)]
    claims += [(declared.name, declared.value, declared.source) for declared in run.declared]
    return tuple(
        Contradiction(name, value, source, fact.value, fact.device)
        for name, value, source in claims
        for fact in run.run.facts
        if fact.name == name and not _alike(fact.value, value)
    )


def file_name_claims(path: str) -> list[tuple[str, str]]:
    """Return what the name of a file says of its runs, as (name, value).

    >>> file_name_claims("a/BertLarge_ntasks08_lr0.05.out")
    [('ntasks', '08'), ('learning_rate', '0.05')]
    """
    stem = path.rpartition("/")[2]
    stem = regex.sub(r"\.[A-Za-z]\w*$", "", stem)
    claims = []
    for claim in _CLAIM.finditer(stem):
        (name,) = (name for name in _CLAIMS if claim[name] is not None)
        claims.append((name, claim["value"]))
    return claims


def contradictions_text(run: ReportRun) -> str:
    """Return the section of a run's page that names its contradictions; nothing where there are none."""
    body = [
        [
            escaped(item.name),
            code(item.claimed),
            escaped(item.source),
            link(escaped(item.logged), f"#{anchor(item.name, item.device)}"),
        ]
        for item in contradictions(run)
    ]
    if not body:
        return ""
    sentence = "The log disagrees with its file name or with a declared value. The log wins."
    return f"## Contradicted\n\n{sentence}\n\n{table(['name', 'value', 'stated by', 'the log says'], body, 'lrlr')}"


def _alike(logged: str, claimed: str) -> bool:
    try:
        return Decimal(logged) == Decimal(claimed)
    except InvalidOperation:
        return logged.casefold() == claimed.casefold()
