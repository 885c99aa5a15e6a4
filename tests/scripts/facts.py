"""Logs made of facts alone, for tests that need runs and no text."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.facts import Fact, Run, Series
from parsers.tables.transcription import Transcription
from parsers.vocabulary import term
from scripts.logs.catalog import Declared, Entry, slug
from scripts.logs.load import LoadedLog
from scripts.store.files import digest


def log(path: str, author: str, *runs: Mapping[str, object], **declared: str) -> LoadedLog:
    """Return a log from the facts of each run by name. `name_device` is a fact of a device; a list is a series."""
    made = tuple(_run(ordinal, said) for ordinal, said in enumerate(runs, 1))
    system = made[0].fact("system")
    said = tuple(Declared(1, name, value, "the author") for name, value in declared.items())
    sha256 = digest(path.encode())
    entry = Entry(path, system.value if system else "", sha256, 1, "", author, "", said, slug(path))
    return LoadedLog(entry, Transcription(path, sha256, 1, "", 0, 0, 0, 0, made), from_original=False)


def _run(ordinal: int, said: Mapping[str, object]) -> Run:
    facts, series = [], []
    for line, (name, value) in enumerate(said.items(), 1):
        if isinstance(value, list):
            steps = list(range(1, len(value) + 1))
            series.append(Series(name, term(name).unit, steps, list(map(str, value)), steps, steps))
        else:
            plain, _, device = name.partition("__")
            known = term(plain)
            facts.append(Fact(known.kind, plain, str(value), known.unit, line, line, device))
    return Run(ordinal, 1, len(said), tuple(facts), tuple(series))


def trained(path: str, author: str, speed: float, tasks: int = 8, job: str = "", **more: object) -> LoadedLog:
    """Return a log of one training run on SambaNova."""
    run = {"system": "SambaNova", "stage": "train", "outcome": "completed", "ntasks": tasks, "throughput": speed}
    return log(path, author, run | ({"job_id": job} if job else {}) | more)


def inferred(path: str, author: str, rate: float, on_chip: float, **more: object) -> LoadedLog:
    """Return a log of one inference run on Groq."""
    rates = {"end_to_end_throughput__groq": rate, "on_chip_throughput__groq": on_chip}
    return log(path, author, {"system": "Groq", "stage": "inference", "outcome": "completed"} | rates | more)
