"""What the tests of the scripts share: the results of the repository's own data set, and a small catalog of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import pytest

from scripts import build, catalog
from scripts.cache import Cache
from scripts.catalog import DOCS
from scripts.logs import load_log
from scripts.others import load_others
from scripts.report import __main__ as report
from scripts.report.cohort import Cohort
from scripts.report.derive import Derived, constants, derive
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from scripts.report.verification import last

LOG = """\
srun: job 701 queued and waiting for resources
srun: job 701 has been allocated resources
Epochs: 100%|##########| 4/4 [00:40<00:00, 10.25s/it]
Accuracy on test set: 97.25%
"""


@pytest.fixture(scope="session", autouse=True)
def shared_figures(shared_cache: Path) -> Iterator[Cache]:
    """The cache of all tests, for figures above all: they take long. Commands that a test calls use it too."""
    with ExitStack() as stack:
        for command in (build, report):
            stack.enter_context(patch.object(command, "Cache", lambda *_: Cache(shared_cache)))
        yield Cache(shared_cache)


@pytest.fixture(scope="session")
def results() -> Results:
    """The repository's data set, from what it holds."""
    return collect(load_log(entry) for entry in catalog.load())


@pytest.fixture(scope="session")
def derived(results: Results) -> tuple[Derived, ...]:
    """Its derived figures."""
    return derive(results)


@pytest.fixture(scope="session")
def cohort(results: Results) -> Cohort:
    """All known runs: its own and those of other people."""
    return Cohort(results, collect(load_others()))


@pytest.fixture(scope="session")
def known(results: Results, derived: tuple[Derived, ...], cohort: Cohort) -> Known:
    """Its quantities by address."""
    return quantities(results, derived, constants().values(), last(DOCS), cohort)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of raw logs with a catalog of one log, and the original of it beside, in `originals`."""
    originals = tmp_path / "originals"
    originals.mkdir()
    (originals / "session.txt").write_text(LOG)
    raw = tmp_path / "raw_logs"
    raw.mkdir()
    (raw / "catalog.toml").write_text(catalog_text())
    return raw


def catalog_text(text: str = LOG, **changes: str) -> str:
    """Return a catalog of one log, with fields replaced by other TOML, or left out where that is empty."""
    fields = {
        "path": '"graphcore/session.txt"',
        "system": '"Graphcore"',
        "sha256": f'"{hashlib.sha256(text.encode()).hexdigest()}"',
        "size": str(len(text)),
        "url": '"https://example.org/blob/1/session.txt"',
        "author": '"somebody"',
        "note": '""',
    }
    lines = [f"{name} = {value}" for name, value in (fields | changes).items() if value]
    return "[[log]]\n" + "\n".join(lines) + "\n"
