"""What tests of several kinds share: the site, built once, and how long the property tests look."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from scripts import ROOT

# The same examples every time, so that no test fails by chance; many more, and others each time, for the proof.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile("proof", deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("proof" if os.environ.get("PROOF") else "default")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module in one process, which makes once what they share; parsers' tests share nothing."""
    for item in items:
        if "parsers" not in item.path.parts and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture(scope="session", autouse=True)
def signals_as_at_a_terminal() -> Iterator[None]:
    """Let programs begin with the signals of a terminal, even where the tests were started with some ignored."""
    ignored = [sign for sign in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(sign) is signal.SIG_IGN]
    for sign in ignored:
        signal.signal(sign, signal.SIG_DFL)
    yield
    for sign in ignored:
        signal.signal(sign, signal.SIG_IGN)


def _only_own_files(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to remove or replace a file, from within the tests, that lies in no folder of theirs."""
    if event == "os.rename":
        paths, (_, of_new) = arguments[:2], arguments[2:]
    elif event in ("os.remove", "os.rmdir"):
        paths, of_new = arguments[:1], arguments[1]
    else:
        return
    if of_new != -1:  # relative to an open folder, as when a tree is removed
        return
    for path in paths:
        lying = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]  # noqa: PTH100 - links are not followed
        if not lying.startswith(_OWN):
            raise PermissionError(f"{lying}: the tests remove and replace only files of their own")


_OWN = (f"{ROOT}/", f"{Path(tempfile.gettempdir()).absolute()}/", f"{Path(tempfile.gettempdir()).resolve()}/")
sys.addaudithook(_only_own_files)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as MkDocs builds it of the committed pages, strictly, below a server's root: any sub-path must do."""
    folder = tmp_path_factory.mktemp("served") / "below" / "report"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder
