"""The changes of the engine that change no answer, each with the reason: `equivalent.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


@cache
def reasons() -> dict[tuple[str, str, str], str]:
    """Return the reason why a mutant changes no answer, by the mutant's key."""
    listed = tomllib.loads(FILE.read_text())["change"]
    return {(entry["function"], entry["line"], entry["changed"]): entry["reason"] for entry in listed}
