"""How MkDocs shows pages that are not the repository's own: their order, and the settings that they share with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from . import THEME, TOOL
from .report.cohort import OTHERS_PAGE
from .report.system import known_systems
from .report.system_page import page_of

# Where a site of `testbed-report new` has the settings that the build makes, and its part of the theme.
FOLDER = "generated"
_FIRST = {"index.md": "Home"}
_LAST = {
    "compare.md": "Compare",
    OTHERS_PAGE: "All known runs",
    "answers.md": "All answers",
    "runs/index.md": "Runs",
    "data/index.md": "Data",
    "glossary.md": "Glossary",
    "constants.md": "Constants",
}


def navigation(names: Iterable[str]) -> list[dict[str, str]]:
    """Return what pages are called and where they are, in the order of their tabs; pages of runs and logs have none.

    >>> navigation(["graphcore.md", "index.md", "thoughts.md", "runs/a-1.md"])
    [{'Home': 'index.md'}, {'Graphcore': 'graphcore.md'}, {'Thoughts': 'thoughts.md'}]
    >>> navigation(["others.md", "people/p01.md"])
    [{'People': 'others.md'}]
    """
    there = set(names)
    systems = {page_of(system): name for name, system in known_systems().items()}
    top = {name for name in there if "/" not in name} - set(_FIRST) - set(_LAST)
    ordered = [*(page for page in systems if page in top), *sorted(top - set(systems))]
    people = {OTHERS_PAGE: "People"} if any(name.startswith("people/") for name in there) else {}
    named = _FIRST | {page: systems.get(page, _title(page)) for page in ordered} | _LAST | people
    return [{name: page} for page, name in named.items() if page in there]


def _title(page: str) -> str:
    return Path(page).stem.replace("-", " ").capitalize()


def settings(names: Iterable[str]) -> dict[str, bytes]:
    """Return the files of MkDocs' settings that a site inherits, by their paths in its folder."""
    own = {
        "INHERIT": "base.yml",
        "site_description": "Runs of AI accelerators, from their logs; every number leads to its line.",
        "theme": {"custom_dir": f"{FOLDER}/theme"},
        "extra": {"picture": ""},
        "nav": navigation(names),
    }
    made = {
        "mkdocs.yml": b"# Generated; do not edit.\n" + json.dumps(own, indent=2, ensure_ascii=False).encode() + b"\n",
        "base.yml": b"# Generated; do not edit.\n" + (TOOL / "mkdocs.yml").read_bytes(),
    }
    made |= {f"theme/{path.relative_to(THEME).as_posix()}": path.read_bytes() for path in _files(THEME)}
    return {f"{FOLDER}/{name}": content for name, content in made.items()}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
