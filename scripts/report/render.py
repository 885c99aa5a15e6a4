"""Everything that the build makes, by path below docs/: a pure function of the results and hand-written pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from .. import ASSETS
from ..logs.load import MissingLog
from ..others import as_csv, load_others, others_table
from ..store.cache import Cache
from ..store.structured import Broken
from .answers import Answers
from .blocks import blocks
from .claims import CLAIMS_PAGE
from .claims_page import claims_page
from .cohort import Cohort
from .cohort_pages import cohort_pages
from .derive import Derived, Disagreement, computed, constants
from .figures import pictures
from .home import home_pages, people_pages
from .links import BrokenPage, fill, fill_blocks, fill_titles
from .markdown import CommentMark
from .package import data_files, downloads
from .pages import furnished, generated_pages
from .people_proofs import PersonProofs, proof_counts, proofs_section
from .quantities import quantities
from .raw_logs import logs_table
from .reference import verification_page
from .results import Results, collect
from .system_page import Pages
from .verification import VERIFICATION_PAGE, Verification

_LOOKS = (
    "report.css",
    "print.css",
    "report.js",
    "card.js",
    "explorer.js",
    "paper.js",
    "figures.js",
    "favicon.svg",
)
# The facts of other people's runs, for download.
OTHERS_FILE = "data/others.csv"
# The errors in what a person wrote or keeps; each says where.
BROKEN = (Broken, MissingLog, BrokenPage, CommentMark, Disagreement)


@dataclass(frozen=True)
class Rendered:
    """The files of a build: `made` wholly by code, and hand-written pages `filled` with links and blocks.

    `beside` are hand-written pages outside docs/, by their paths in the project.
    """

    made: dict[str, bytes]
    filled: dict[str, bytes]
    beside: dict[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, bytes]:
        """All of them that are below docs/."""
        return self.made | self.filled


def render(
    results: Results,
    pages: Mapping[str, str],
    verification: Verification | None = None,
    cache: Cache | None = None,
    beside: Mapping[str, str] | None = None,
    remarks: Mapping[str, str] | None = None,
    proofs: Sequence[PersonProofs] = (),
    *,
    own: bool | None = None,
) -> Rendered:
    """Return what the build makes of results; `pages` are the hand-written ones by path, `cache` holds drawn figures.

    For a site that is not the repository's `own`, nothing is made that is about this project. If it is not given, a
    site without hand-written pages is not. `remarks` are the author's, by the name of a system in small letters.
    `verification` is the last one's record, which counts only for the very data it was made with. `beside` are
    hand-written pages outside docs/, by their paths in the project: these may have the table of logs. `proofs` are what
    the proof-reader finds in each person's texts.

    Raises
    ------
    BrokenPage
        If a page cannot be filled.
    CommentMark
        If generated text holds a comment mark.
    Disagreement
        If facts of the catalog's own logs contradict one another.
    """
    own = bool(pages) if own is None else own
    figures = computed(results)
    derived = [figure for figure in figures if figure.possible]
    if own and len(derived) < len(figures):
        raise Disagreement("\n".join(_disagreement(figure) for figure in figures if not figure.possible))
    documented = tuple(constant for constant in constants().values() if own or not constant.measured_here)
    tables = data_files(results)
    if verification is not None and verification.facts_sha256 != tables[0].sha256:
        verification = None
    cohort = Cohort(results, collect(load_others() if own else ()))
    known = quantities(results, derived, documented, verification, cohort, own=own)
    proofs = [of for of in proofs if cohort.systems and of.person in cohort.people]
    known |= {quantity.address: quantity for quantity in proof_counts(proofs)}
    answers = Answers(results, known, cohort)
    drawn = pictures(answers, cache=cache or Cache(None))
    made = downloads(tables, results)
    for picture in drawn.values():
        made |= picture.files()
    texts = generated_pages(results, figures, documented, known, drawn, tables)
    answering = Pages(answers, drawn, remarks or {}, own=own)
    written = (
        home_pages(answering) | answering.texts() | cohort_pages(cohort, known, drawn, proofs_section(proofs, known))
    )
    written |= people_pages(cohort, known, proofs)
    if own:
        written |= {VERIFICATION_PAGE: verification_page(known, verification), CLAIMS_PAGE: claims_page(known)}
        made |= {OTHERS_FILE: as_csv(others_table())}
    else:
        made |= {f"assets/{name}": (ASSETS / name).read_bytes() for name in _LOOKS}
    texts |= {path: furnished(path, text) for path, text in written.items()}
    made |= {path: fill_titles(path, text, known).encode() for path, text in texts.items()}
    named = blocks()
    filled = {path: fill(path, text, named, known).encode() for path, text in pages.items()}
    tables_beside = {"logs": partial(logs_table, results, known)}
    outside = {path: fill_blocks(path, text, tables_beside).encode() for path, text in (beside or {}).items()}
    return Rendered(made, filled, outside)


def _disagreement(figure: Derived) -> str:
    low, high = figure.formula.bounds
    inputs = ", ".join(f"{item.name} = {item.value}" for item in figure.inputs)
    return (
        f"{figure.run.id}: {figure.formula.name} would be {figure.value:g} {figure.formula.unit} from {inputs}, "
        f"and must be from {low:g} to {high:g}; correct the declared values or the log's entry"
    )
