"""`python -m scripts.rebuild FOLDER`: wait for a line on standard input, then build docs/, and the site into FOLDER.

`scripts.serve` keeps one such process waiting, so that the libraries are imported before a file changes. The project's
own code is imported only after the wait, so that a change of it takes effect.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

_LIBRARIES = (
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "material.plugins.search.plugin",
    "mkdocs.commands.build",
    "pandas",
    "pyarrow",
    "pymdownx.superfences",
    "regex",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.rebuild", description=__doc__)
    parser.add_argument("site", type=Path, metavar="FOLDER", help="where the site goes; what is in it is removed")
    options = parser.parse_args(arguments)
    for name in _LIBRARIES:
        importlib.import_module(name)
    if not sys.stdin.readline():  # the server has gone
        return 0
    from .build import main as build

    return build([]) or _build_site(options.site)


def _build_site(site: Path) -> int:
    from mkdocs.__main__ import cli

    from . import ROOT

    result = cli(["build", "-f", str(ROOT / "mkdocs.yml"), "-d", str(site.resolve())], standalone_mode=False)
    return int(result or 0)


if __name__ == "__main__":
    sys.exit(main())
