"""The result of the last verification: kept beside the data, shown on pages, and void once the data has changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import regex

from ..store.files import digest
from ..store.structured import Broken, checked, json_object, text_of
from .results import Results

VERIFICATION_PAGE = "verification.md"
RECORD = "data/verification.json"
# What was followed, a row for each number.
LIST = "data/verification.csv"
_DAY = regex.compile(r"(?:19|20)\d\d-\d\d-\d\d(?!\d)")


class BrokenRecord(Broken):
    """The record of the last verification cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How many numbers a verification followed, and how many were right, in all and by sort.

    `facts_sha256` is that of the facts table. `list_sha256` is that of the list of what was followed; it is empty where
    there is no list. `newest` is the day of the newest input that bears a date. `commit` is that of the project, and
    `changed` says that files of the project differed from it.
    """

    facts_sha256: str
    numbers: int
    right: int
    pages: int
    sorts: dict[str, int]
    newest: str = ""
    commit: str = ""
    changed: bool = False
    list_sha256: str = ""

    @property
    def of_commit(self) -> str:
        """What was verified: the commit, and whether files differed from it; an empty text where git has none."""
        changed = ", with changes that were not committed" if self.changed else ""
        return f"{self.commit[:12]}{changed}" if self.commit else ""

    def content(self) -> bytes:
        """Return the record as it is kept."""
        return (json.dumps(asdict(self), indent=2) + "\n").encode()


def last(docs: Path) -> Verification | None:
    """Return the record in a folder of pages, or None where there is none. It names only a list of its own.

    Raises
    ------
    BrokenRecord
        If it is no such record.
    """
    path = docs / RECORD
    try:
        record = checked(json_object(text_of(path), path), Verification, str(path))
    except FileNotFoundError:
        return None
    except Broken as error:
        raise BrokenRecord(f"{error}; `make verify` writes it anew") from None
    listed = docs / LIST
    same = listed.is_file() and digest(listed.read_bytes()) == record.list_sha256
    return record if same else replace(record, list_sha256="")


def newest_input(results: Results) -> str:
    """Return the newest day on which a run began or ended; an empty text where no log bears a date."""
    moments = (run.word(name) for run in results.runs for name in ("started_at", "ended_at"))
    return max((day[0] for moment in moments if (day := _DAY.match(moment))), default="")
