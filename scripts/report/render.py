"""Everything the build makes, by path below docs/: a pure function of the results and the hand-written pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.cache import Cache
from scripts.report.blocks import blocks
from scripts.report.derive import constants, derive
from scripts.report.figures import pictures
from scripts.report.links import fill
from scripts.report.package import data_files, downloads
from scripts.report.pages import generated_pages, home
from scripts.report.quantities import quantities
from scripts.report.reference import abbreviations
from scripts.report.results import Results


@dataclass(frozen=True)
class Rendered:
    """The files of a build: `made` wholly by code, and hand-written pages `filled` with links and blocks."""

    made: dict[str, bytes]
    filled: dict[str, bytes]

    @property
    def files(self) -> dict[str, bytes]:
        """All of them."""
        return self.made | self.filled


def render(results: Results, pages: Mapping[str, str], cache: Cache | None = None) -> Rendered:
    """Return what the build makes of results; `pages` are the hand-written ones by path, `cache` holds drawn figures.

    Without any, for somebody else's logs, a home page is made too.

    Raises
    ------
    BrokenPage
        If a page cannot be filled.
    CommentMark
        If generated text holds a comment mark.
    """
    derived, documented = derive(results), tuple(constants().values())
    known = quantities(results, derived, documented)
    drawn = pictures(results, known, questions=bool(pages))
    tables = data_files(results)
    made = downloads(tables, results) | {"assets/abbreviations.txt": abbreviations().encode()}
    for picture in drawn.values():
        made |= picture.files()
    texts = generated_pages(results, derived, documented, known, drawn, tables)
    if not pages:
        texts["index.md"] = home(results, known)
    made |= {path: text.encode() for path, text in texts.items()}
    named = blocks(results, known, drawn)
    return Rendered(made, {path: fill(path, text, named, known).encode() for path, text in pages.items()})
