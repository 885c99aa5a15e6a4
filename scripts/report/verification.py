"""What the last verification found: kept beside the data, shown on the pages, and void once the data has changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.structured import Broken, checked, json_object, text_of

VERIFICATION_PAGE = "verification.md"
RECORD = "data/verification.json"


class BrokenRecord(Broken):
    """The record of the last verification cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How many numbers a verification followed and how many were right, in all and by the sort of what they state.

    `facts_sha256` is that of the facts table it was made with.
    """

    facts_sha256: str
    numbers: int
    right: int
    pages: int
    sorts: dict[str, int]

    def content(self) -> bytes:
        """Return the record as it is kept."""
        return (json.dumps(asdict(self), indent=2) + "\n").encode()


def last(docs: Path) -> Verification | None:
    """Return the record kept in a folder of pages, or None where there is none.

    Raises
    ------
    BrokenRecord
        If it is no such record.
    """
    path = docs / RECORD
    try:
        return checked(json_object(text_of(path), path), Verification, str(path))
    except FileNotFoundError:
        return None
    except Broken as error:
        raise BrokenRecord(f"{error}; `make verify` writes it anew") from None
