"""What the tests of the scripts share: a small data set, a small catalog, and the published files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from scripts.logs import catalog
from scripts.logs.catalog import DOCS
from scripts.logs.load import load_log
from scripts.others import load_others
from scripts.report.cohort import Cohort
from scripts.report.derive import Derived, constants, derive
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from scripts.report.verification import Verification, last
from tests.scripts.facts import trained
from tests.scripts.sample import sample

LOG = """\
srun: job 701 queued and waiting for resources
srun: job 701 has been allocated resources
Epochs: 100%|##########| 4/4 [00:40<00:00, 10.25s/it]
Accuracy on test set: 97.25%
"""


@pytest.fixture(scope="session")
def results() -> Results:
    """A small data set of our own."""
    return sample()


@pytest.fixture(scope="session")
def derived(results: Results) -> tuple[Derived, ...]:
    """Its derived figures."""
    return derive(results)


@pytest.fixture(scope="session")
def cohort(results: Results) -> Cohort:
    """All known runs: its own and those of two other people."""
    return Cohort(results, collect([trained("p02/01", "p02", 10.5), trained("p03/01", "p03", 9.75)]))


@pytest.fixture(scope="session")
def known(results: Results, derived: tuple[Derived, ...], cohort: Cohort) -> Known:
    """Its quantities by address."""
    return quantities(results, derived, constants().values(), Verification("0" * 64, 12, 11, 3, {"logged": 12}), cohort)


@pytest.fixture(scope="session")
def repository_results() -> Results:
    """The data set that the repository publishes, whatever logs it has."""
    return collect(load_log(entry) for entry in catalog.load())


@pytest.fixture(scope="session")
def repository_known(repository_results: Results) -> Known:
    """Its quantities by address."""
    others = Cohort(repository_results, collect(load_others()))
    return quantities(repository_results, derive(repository_results), constants().values(), last(DOCS), others)


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
