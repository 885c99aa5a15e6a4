"""The proof of a built site: it follows every number on every page to its fact, formula or line.

A number is a string of digits in the text of a page. Code, quotations, dates and a few proper names are left out. Each
number must be the text of a link. A link to a quantity must have the text of the quantity. A link to a line of a log
must have a text that a fact of that line states. Where a quantity is defined there is no link: its place must have its
text. In a row with a link to a line of a log, that line must state the other numbers. Only the title of a source
elsewhere may have another number. The titles of links, the headings of runs, the evidence and the texts of figures are
checked against the facts too.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import regex

from ..reader import Fact, stands
from .blocks import outcome_words
from .known import Known, Quantity, log_page, run_page
from .markdown import escaped, title_text
from .naming import facts_of, line_of, run_title
from .results import ReportRun, Results, anchor
from .rounding import THIN_SPACE, decimals, shows
from .site_text import Piece, Row, pieces

_NAMES = ("H100", "H200", "SXM5", "SN30-8", "SN30", "CS-2", "Pod64", "GPT-2", "ResNet50", "MSL128", "Windows-1252")
_NOT_NUMBERS = regex.compile(rf"{'|'.join(map(regex.escape, _NAMES))}|\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b")
_NUMBER = regex.compile(rf"\d+(?:[.,:{THIN_SPACE}]?\d+)*")


@dataclass(frozen=True, slots=True)
class Proof:
    """One number of a page: what it states, where, and whether all agree; if not, why.

    `sort` is that of the quantity; "line" for a number that leads to a line of a log.
    """

    page: str
    text: str
    states: str
    where: str
    wrong: str = ""
    sort: str = "nothing"

    @property
    def ok(self) -> bool:
        """Whether the number is proven."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line of a log says: a value under a name, of a run. `at` is how the title of a link says where."""

    run: ReportRun
    name: str
    value: str
    line: int
    at: str


@dataclass(frozen=True)
class _Truth:
    """What the pages are checked against: quantities and facts by address, lines, names of runs and figures.

    `originals` are the lines of each original log by its catalog path.
    """

    known: Known
    facts: Mapping[str, tuple[ReportRun, Fact]]
    cited: Mapping[str, Sequence[_Said]]
    runs: Mapping[str, ReportRun]
    names: regex.Pattern[str]
    figures: frozenset[str]
    originals: Mapping[str, Sequence[bytes]]

    def said(self, page: str, target: str) -> Sequence[_Said]:
        """Return what the line of a log says that a link leads to; nothing where it leads elsewhere."""
        return self.cited.get(_address(page, target)) or self.cited.get(target) or ()


def prove(
    site: Path,
    results: Results,
    known: Known,
    originals: Mapping[str, Sequence[bytes]],
    figures: Iterable[str] | None = None,
) -> Iterator[Proof]:
    """Yield a proof for each number of each page of a built site.

    Parameters
    ----------
    site
        The folder that MkDocs wrote.
    results, known
        What the numbers are checked against.
    originals
        The lines of each original log by its catalog path; a log that is not among them is not looked into.
    figures
        The texts that a figure may have; None if they are not checked.
    """
    ids = sorted((run.id for run in results.runs), key=len, reverse=True)  # `a-10` before `a-1`
    names = regex.compile("|".join([_NOT_NUMBERS.pattern, *map(regex.escape, ids)]))
    runs = {run_page(run.id): run for run in results.runs}
    truth = _Truth(known, _facts(results), _cited(results), runs, names, frozenset(figures or ()), originals)
    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site).as_posix()
        if page == "404.html":
            continue
        for piece in pieces(path.read_text(encoding="utf-8")):
            if piece.kind != "image" or figures is not None:
                yield from _PROOFS[piece.kind](page, piece, truth)


def _text(page: str, piece: Piece, truth: _Truth) -> Iterator[Proof]:
    """Yield a proof for each number that is no link: a line that its row links to must say it."""
    bare = truth.names.sub(" ", piece.text)
    targets = piece.row.targets if piece.row else ()
    line_facts = [one for target in targets for one in truth.said(page, target)]
    for number in _NUMBER.finditer(bare):
        around = " ".join(bare[max(0, number.start() - 30) : number.end() + 30].split())
        if not line_facts:
            yield Proof(page, number[0], "", around, "a number without a link")
    if line_facts and _NUMBER.search(bare):
        yield _line(page, bare.strip(), line_facts, truth)


def _place(page: str, piece: Piece, truth: _Truth) -> Iterator[Proof]:
    """Yield the proof of what stands where a quantity is defined."""
    quantity = truth.known.get(_address(page, f"#{piece.place}"))
    if quantity is None:
        yield from _text(page, piece, truth)
    else:
        yield _quantity(page, piece.text.strip(), quantity, truth)


def _heading(page: str, piece: Piece, truth: _Truth) -> Iterator[Proof]:
    """Yield the proof of the heading of a run's page: what its facts give; elsewhere a heading has no number."""
    address = _address(page, "")
    run = truth.runs.get(address.removesuffix("#"))
    if run is None:
        yield from _text(page, piece, truth)
        return
    shown, right = " ".join(piece.text.split()), heading(run, truth.known)
    yield Proof(page, shown, "run (named)", address, "" if shown == right else f"the run is called {right}", "named")


def _evidence(page: str, piece: Piece, truth: _Truth) -> Iterator[Proof]:
    """Yield the proof of a line's words: they are the evidence of the row's fact, or of its line."""
    row = piece.row or Row()
    here = [truth.facts.get(_address(page, f"#{anchor}")) for anchor in row.places]
    lines = {one.line for target in row.targets for one in truth.said(page, target)}
    run = truth.runs.get(_address(page, "").removesuffix("#"))
    facts = [pair[1] for pair in here if pair] or [fact for fact in run.run.facts if fact.line in lines] if run else []
    right = any(fact.evidence == piece.text for fact in facts)
    where = f"{run.entry.path}:{min(lines, default=0)}" if run else ""
    wrong = "" if right else "the fact has other evidence"
    yield Proof(page, piece.text, facts[0].name if facts else "", where, wrong, "evidence")


def _image(page: str, piece: Piece, truth: _Truth) -> Iterator[Proof]:
    """Yield the proof of the numbers in what stands in place of a figure."""
    if _NUMBER.search(piece.text):
        wrong = "" if piece.text in truth.figures else "the figure shows something else"
        yield Proof(page, piece.text, "figure", piece.target, wrong, "figure")


def _link(page: str, piece: Piece, truth: _Truth) -> Iterator[Proof]:
    """Yield the proof of a link's text and title."""
    shown, target = piece.text.strip(), piece.target
    quantity = truth.known.get(_address(page, target))
    if quantity is not None and quantity.sort == "named":
        yield from _named(page, piece, quantity, truth)
    elif quantity is not None:
        if quantity.name == "failure_reason" and not _NUMBER.search(shown):
            return  # words of ours that lead to the log's
        proof = _quantity(page, shown, quantity, truth)
        yield replace(proof, wrong=proof.wrong or _mistitled(piece, quantity))
    elif line_facts := truth.said(page, target):
        if _NUMBER.search(shown):
            proof = _line(page, shown, line_facts, truth)
            yield replace(proof, wrong=proof.wrong or _misplaced(piece, line_facts, truth.known))
    elif target.startswith(("http:", "https:")):
        if _NUMBER.fullmatch(shown):  # a title may hold one: of a release, of a page
            yield Proof(page, shown, target, "", "leads to no fact but out of the site")
    elif _NUMBER.search(truth.names.sub(" ", shown)):
        yield Proof(page, shown, target, "", "links to no fact")


_PROOFS = {"text": _text, "place": _place, "title": _heading, "evidence": _evidence, "image": _image, "link": _link}


def _named(page: str, piece: Piece, label: Quantity, truth: _Truth) -> Iterator[Proof]:
    """Yield the proof of a link to a run's page, if its text has a number besides the run's id."""
    shown = piece.text.strip()
    if not _NUMBER.search(truth.names.sub(" ", shown)):
        return
    right = (label.text, facts_of(label.text), heading(truth.runs[label.page], truth.known))
    wrong = "" if shown in right else f"the run is called {label.text}"
    yield Proof(page, shown, "run (named)", label.address, wrong or _mistitled(piece, label), "named")


def heading(run: ReportRun, known: Known) -> str:
    """Return the heading of a run's page, as a browser shows it."""
    return " ".join(unescape(escaped(run_title(run.system, known.label(run), outcome_words(run)))).split())


def _mistitled(piece: Piece, quantity: Quantity) -> str:
    """Return what is wrong with the title of a link to a quantity, or nothing."""
    right = unescape(title_text(quantity.title))
    return "" if piece.title == right else f"its title says {piece.title!r}, the fact {right!r}"


def _misplaced(piece: Piece, line_facts: Sequence[_Said], known: Known) -> str:
    """Return what is wrong with the title of a link to a line of a log, or nothing."""
    ends = {unescape(title_text(f"{known.label(one.run)}, {one.at}")) for one in line_facts}
    return "" if piece.title.endswith(tuple(ends)) else f"its title says {piece.title!r}, the line is {min(ends)!r}"


def _address(page: str, target: str) -> str:
    """Return a link of a built page as the address of a quantity: the Markdown page and the anchor."""
    path, _, anchor = unquote(target).partition("#")
    here = posixpath.dirname(page)
    resolved = posixpath.normpath(posixpath.join(here, path)) if path else here
    resolved = resolved.removesuffix("/index.html").removesuffix(".html").strip("/")
    name = f"{resolved}.md" if resolved not in ("", ".", "runs") else f"{resolved}/index.md".lstrip("./")
    return f"{name}#{anchor}"


def _quantity(page: str, shown: str, quantity: Quantity, truth: _Truth) -> Proof:
    states = f"{quantity.name} ({quantity.sort})"
    if shown not in (quantity.text, quantity.value) and not shows(shown, quantity.value, decimals(quantity.text)):
        return Proof(page, shown, states, quantity.address, f"the fact says {quantity.text}", quantity.sort)
    if quantity.address not in truth.facts:
        return Proof(page, shown, states, quantity.address, sort=quantity.sort)
    run, fact = truth.facts[quantity.address]
    where = f"{run.entry.path}:{fact.line}"
    wrong = _stands(run, fact.name, fact.value, fact.line, truth.originals)
    return Proof(page, shown, states, where, wrong, quantity.sort)


def _line(page: str, shown: str, line_facts: Sequence[_Said], truth: _Truth) -> Proof:
    for one in line_facts:
        if shown == one.value:
            wrong = _stands(one.run, one.name, one.value, one.line, truth.originals)
            return Proof(page, shown, one.name, f"{one.run.entry.path}:{one.line}", wrong, "line")
    return Proof(
        page, shown, "", f"{line_facts[0].run.entry.path}:{line_facts[0].line}", "no fact of that line says so", "line"
    )


def _stands(run: ReportRun, name: str, value: str, line: int, originals: Mapping[str, Sequence[bytes]]) -> str:
    """Return what is wrong with a fact's line in the original, or nothing."""
    lines = originals.get(run.entry.path)
    if lines is None or name == "line":
        return ""
    if not 0 < line <= len(lines):
        return f"the original has {len(lines)} lines"
    return "" if stands(name, value, lines[line - 1]) else "the value does not stand on that line of the original"


def _facts(results: Results) -> dict[str, tuple[ReportRun, Fact]]:
    """Return the logged facts by the address of their quantity."""
    facts: dict[str, tuple[ReportRun, Fact]] = {}
    for run in results.runs:
        for fact in run.run.facts:
            facts.setdefault(f"{run_page(run.id)}#{anchor(fact.name, fact.device)}", (run, fact))
    return facts


def _cited(results: Results) -> dict[str, list[_Said]]:
    """Return what may be said of a line: its facts' values, its points, and its own numbers.

    Lines are told by permalink; those of a log that is kept, by their place on its page.
    """
    facts_by_line: dict[str, list[_Said]] = {}

    def say(run: ReportRun, name: str, value: str, line: int, view: int, at: str) -> None:
        address = f"{log_page(run.entry.slug)}#L{line}" if run.entry.kept else f"{run.entry.url}#L{view}"
        facts_by_line.setdefault(address, []).append(_Said(run, name, value, line, at))

    for run in results.runs:
        for fact in run.run.facts:
            at = line_of(fact)
            say(run, fact.name, fact.value, fact.line, fact.view_line, at)
            say(run, "line", str(fact.line), fact.line, fact.view_line, at)
            say(run, "line", str(fact.view_line), fact.line, fact.view_line, at)
        for series in run.run.series:
            for value, line, view in zip(series.values, series.lines, series.view_lines, strict=True):
                say(run, series.name, value, line, view, f"line {line}")
                say(run, "line", str(line), line, view, f"line {line}")
    return facts_by_line
