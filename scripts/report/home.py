"""The home page with a card per system, all answers on one page (also per person), and the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..reader import TERMS
from . import words
from .answers import Answers
from .blocks import NO_RUN, NOTHING, cell, checked, setting
from .claims import CLAIMS_PAGE
from .claims_page import homework
from .cohort import OTHERS_PAGE, Cohort
from .cohort import page_of as others_page
from .cohort_people import person_page
from .findings import finding
from .known import CONSTANTS_PAGE, RUNS_PAGE, Known, run_page
from .links import moved
from .markdown import code, escaped, link, table
from .naming import facts_of
from .package import DATA_PAGE
from .people_proofs import PersonProofs, person_section, places_of
from .quantities import count_of
from .results import ReportRun, Results
from .same_model import section
from .system import WORK, System
from .system_page import EVERY, Pages, outcomes_of, page_of

HOME_PAGE, COMPARE_PAGE, ANSWERS_PAGE = "index.md", "compare.md", "answers.md"
_OUTCOMES = ("completed", "failed", "killed", "truncated", "unknown")
_COMPARED, _TAKES = "# The systems compared\n", "What a run takes"
_EXAMPLE = (
    "Each column shows one run as an example: the completed run with the smallest setting that answers the question. "
    "If no run answers the question, the column shows the first completed run. *The work* is the training loop, or one "
    "inference."
)
_WORDS = words.WORDS / "home.md"
_NO_SPEED_AXIS = """\
<div class="note" markdown>

**Speeds of different systems are not comparable**

The systems run different work, at different settings, on different numbers of chips. The speed of one says nothing \
about another, and no table here sets their speeds side by side.

</div>
"""
_ONE_SPEED_AXIS = """\
<div class="note" markdown>

**Speeds of different systems are not comparable**

The systems run different work, at different settings, on different numbers of chips. The speed of one says nothing \
about another. Only [runs of the same model](#the-same-model-on-several-systems) share a table of speeds, with what \
differs between them.

</div>
"""


def home_pages(pages: Pages) -> dict[str, str]:
    """Return these pages by their path."""
    return {
        HOME_PAGE: _home(pages),
        ANSWERS_PAGE: _answers(pages, "All answers on one page"),
        COMPARE_PAGE: _compare(pages),
    }


def _home(pages: Pages) -> str:
    known, results = pages.answers.known, pages.answers.results
    findings = {**homework(known), **_of_people(pages)}
    texts = {name: words.written(text, findings, {}).strip() for name, text in words.parts(_WORDS).items()}
    cards = "\n".join(_cards(pages, texts, findings))
    ways = {
        "All runs": RUNS_PAGE,
        **({"all known runs": OTHERS_PAGE} if pages.answers.cohort.systems else {}),
        "all answers on one page": ANSWERS_PAGE,
        "the systems compared": COMPARE_PAGE,
        **({"what the homework said, and what the logs show": CLAIMS_PAGE} if pages.own else {}),
        **({"how the numbers are made and proven": "method.md"} if pages.own else {}),
        "the data": DATA_PAGE,
        "how to cite": f"{DATA_PAGE}#cite",
        **({"how to run the experiments again": "reproduce.md"} if pages.own else {}),
        "glossary": "glossary.md",
        "documented constants": CONSTANTS_PAGE,
    }
    links = " · ".join(link(words, page) for words, page in ways.items())
    state = f"{checked(results, known, HOME_PAGE)}\n" if pages.own else ""
    runs = f'<div class="grid" markdown>\n\n{cards}\n</div>\n\n{texts["marks"]}' if results.runs else NO_RUN
    return (
        f"# {texts['title']}\n\n{texts['first']}\n\n{_counted(pages)}\n\n{runs}\n\n"
        f"## Check and reuse\n\n{state}{links}\n"
    )


def _cards(pages: Pages, texts: Mapping[str, str], findings: words.Findings) -> list[str]:
    """Return a card for the people, one per accelerator, one for the homework, and last the reader's machine."""
    systems = pages.answers.systems()
    accelerators = [_card(pages, system) for system in systems if system.accelerator]
    own_machine = [_card(pages, system) for system in systems if not system.accelerator]
    title, headline, text = (texts[f"homework{part}"] for part in (" title", " headline", " card"))
    checked_card = [_laid_out(link(title, CLAIMS_PAGE), headline, [text])] if findings["homework"].holds else []
    return [*_people_card(pages), *accelerators, *checked_card, *own_machine]


def _counted(pages: Pages) -> str:
    """Return how many logs and runs there are, and how the runs ended."""
    counts = {quantity.name: quantity for quantity in pages.answers.known.values() if quantity.sort == "counted"}

    def count(name: str) -> str:
        return link(counts[name].text, f"{RUNS_PAGE}#{counts[name].anchor}")

    ended = [f"{count(name)} {name}" for name in _OUTCOMES if name in counts]
    again = " Runs that were published more than once, and count once in all answers: "
    sentence = f"Logs: {count('logs')}. Runs: {count('runs')}{'; ' if ended else ''}{', '.join(ended)}."
    return sentence + (f"{again}{count('published-again')}." if "published-again" in counts else "")


def _card(pages: Pages, system: System) -> str:
    """Return the card of a system: its question, what was found, the first figure, and how the runs ended."""
    if pages.answers.cohort.people and system.name in pages.answers.cohort.systems:
        return _card_of_people(pages, system)
    headline, card = pages.headline(system), pages.card(system)
    picture = next((pages.pictures[plot.name] for plot in system.plots if plot.name in pages.pictures), None)
    parts = [card, picture.markdown("") if picture else "", outcomes_of(pages, system)]
    return _laid_out(link(pages.title(system), page_of(system)), headline, parts)


def _card_of_people(pages: Pages, system: System) -> str:
    """Return the card of a system that several people ran: how many answered, the ranges, and how the runs ended."""
    findings = pages.answers.findings(system)
    headline, text = (words.parts(EVERY)[f"people {part}"] for part in ("headline", "card"))
    picture = pages.pictures.get(f"all-{system.name.lower()}")
    ended = [f"{_count(pages, count_of(system.name, outcome))} {outcome}" for outcome in _OUTCOMES]
    ways = [link("everybody's runs", others_page(system.name)), link("the question and each answer", page_of(system))]
    parts = [
        words.written(text, findings, {}).strip(),
        picture.markdown("") if picture else "",
        f"Runs: {', '.join(count for count in ended if count.startswith('['))}. See {ways[0]}, or {ways[1]}.",
    ]
    return _laid_out(link(pages.title(system), page_of(system)), words.first(headline, findings), parts)


def _of_people(pages: Pages) -> words.Findings:
    """Return whether the figures are about all people or not, and may have the ranges of other people's runs."""
    cohort = pages.answers.cohort
    of_all = bool(cohort.systems and cohort.people)
    of_ours = any(plot.name in pages.pictures for system in pages.answers.systems() for plot in system.plots)
    dots = of_ours and not of_all
    return {"people": finding(of_all), "dots": finding(dots), "grey": finding(dots and cohort.systems)}


def _people_card(pages: Pages) -> list[str]:
    """Return the card that leads to the people, where all of them have pages."""
    cohort, known = pages.answers.cohort, pages.answers.known
    if not cohort.people or not cohort.systems:
        return []
    people, runs = (known[f"{OTHERS_PAGE}#{name}"] for name in ("people", "runs"))
    headline = f"{link(people.text, people.target(HOME_PAGE))} people, {link(runs.text, runs.target(HOME_PAGE))} runs"
    names = ", ".join(link(code(name), person_page(name)) for name in cohort.people)
    text = (
        "These pages show who answered which question, whose facts agree, and what the proof-reader says of the texts."
    )
    return [_laid_out(link("The people", OTHERS_PAGE), headline, [text, f"Each person's answers: {names}."])]


def _laid_out(title: str, headline: str, parts: Sequence[str]) -> str:
    """Return a card: its heading, its finding in one line, and what else there is."""
    finding_line = f'<span class="headline">{headline}</span>' if headline else ""
    given = [part for part in (finding_line, *parts) if part]
    return "\n\n".join(['<div class="card" markdown>', f"## {title}", *given, "</div>\n"])


def people_pages(cohort: Cohort, known: Known, proofs: Sequence[PersonProofs] = ()) -> dict[str, str]:
    """Return the page of each person, where all runs have pages: all answers, and what the proof-reader found."""
    sections = {of.person: person_section(of, places_of(known)) for of in proofs}
    by_path = {}
    for name in cohort.people if cohort.systems else ():
        mine = Results(tuple(log for log in cohort.own.logs if log.entry.author == name))
        text = _answers(Pages(Answers(mine, known, cohort), {}, {}, own=False), escaped(name))
        section = f"\n{sections[name]}" if name in sections else ""
        by_path[person_page(name)] = moved(text, person_page(name)) + section
    return by_path


def _answers(pages: Pages, title: str) -> str:
    """Return what is handed in of every system, one after another, for paper."""
    sections = [
        f"## {link(pages.title(system), page_of(system))}\n\n{pages.opening(system, ANSWERS_PAGE)}\n\n"
        + (f"**Answer:** {card}\n" if (card := pages.card(system)) else "")
        for system in pages.answers.systems()
    ]
    about = "Each section has the question, the runs and the answer of one system.\n\n"
    return f"# {title}\n\n" + (about + "\n".join(sections) if sections else f"{NO_RUN}\n")


def _compare(pages: Pages) -> str:
    systems = _compared(pages)
    if not systems:
        return f"{_COMPARED}\n{NO_RUN}\n"
    header = ["what", *(escaped(system.name) for system in systems)]
    of_failed = ["system", "setting", "outcome", "what the log says"]
    same = section(pages.answers.results, pages.answers.known, COMPARE_PAGE)
    parts = [_COMPARED, _ONE_SPEED_AXIS if same else _NO_SPEED_AXIS]
    if same:
        parts.append(f"## The same model on several systems\n\n{same}")
    for heading, rows in (
        (_TAKES, _takes(pages, systems)),
        ("What the log states, and what it does not", _states(pages, systems)),
        ("How the runs ended", _ended(pages, systems)),
    ):
        about = f"{_EXAMPLE}\n\n" if heading == _TAKES else ""
        parts.append(f"## {heading}\n\n{about}{table(header, rows)}")
    failed = _failures(pages, systems)
    if failed:
        parts.append(f"## Why runs did not complete\n\n{table(of_failed, failed)}")
    return "\n".join(parts)


def _compared(pages: Pages) -> list[System]:
    """Return the accelerators; where there are none, the reader's own machine."""
    there = pages.answers.systems()
    return [system for system in there if system.accelerator] or there


def _takes(pages: Pages, systems: Sequence[System]) -> list[list[str]]:
    """Return the rows about one run of each system: what ran, and where its time went."""
    known = pages.answers.known
    chosen = [(system, _chosen(pages, system)) for system in systems]
    rows = [
        ["the example", *(link(escaped(facts_of(known.label(run))), run_page(run.id)) for _, run in chosen)],
        ["setting", *(setting(run, known, COMPARE_PAGE) for _, run in chosen)],
    ]
    rows += [[name, *(_stated(pages, run, name) for _, run in chosen)] for name in ("workload", "stage")]
    return rows + [[work, *(_stated(pages, run, system.work.get(work, "")) for system, run in chosen)] for work in WORK]


def _chosen(pages: Pages, system: System) -> ReportRun:
    """Return the run that stands for a system: the first one that completed of those that answer its question."""
    asked = [run for question in system.questions for run in next(iter(pages.answers.of(system, question)), ())]
    runs = asked or list(pages.answers.results.of(system.name))
    return next((run for run in runs if run.word("outcome") == "completed"), runs[0])


def _stated(pages: Pages, run: ReportRun, name: str) -> str:
    """Return a quantity of a run, or of its compile, with its unit; a dash where none is known or named."""
    if not name:
        return NOTHING
    known = pages.answers.known
    compiled = pages.answers.compared.compiled.get(run.id)
    source = run if known.of(run, name) is not None or compiled is None else compiled
    quantity = known.of(source, name)
    return f"{cell(known, source, name, '', COMPARE_PAGE)} {quantity.unit}".rstrip() if quantity else NOTHING


def _states(pages: Pages, systems: Sequence[System]) -> list[list[str]]:
    """Return the rows about what the logs of each system state."""
    runs = [pages.answers.results.of(system.name) for system in systems]

    def row(what: str, names: Callable[[ReportRun], Iterable[str]]) -> list[str]:
        return [what, *(_terms(name for run in of for name in names(run)) for of in runs)]

    def facts(kind: str) -> Callable[[ReportRun], Iterable[str]]:
        return lambda run: (fact.name for fact in run.run.facts if fact.kind == kind)

    return [
        row("settings", facts("parameter")),
        row("declared by a person", lambda run: (declared.name for declared in run.declared)),
        row("metrics", facts("metric")),
        row("by step", lambda run: (curve.name for curve in run.run.series)),
        row("when", lambda run: ["started_at"] if run.word("started_at") else []),
    ]


def _terms(names: Iterable[str]) -> str:
    wanted = set(names)
    links = [link(code(term.name), f"glossary.md#{term.name}") for term in TERMS if term.name in wanted]
    return ", ".join(links) or NOTHING


def _ended(pages: Pages, systems: Sequence[System]) -> list[list[str]]:
    rows = [[outcome, *(_count(pages, count_of(system.name, outcome)) for system in systems)] for outcome in _OUTCOMES]
    return [row for row in rows if any(row[1:])]


def _count(pages: Pages, name: str) -> str:
    """Return a count of runs as a link to the list of runs; an empty text where there is none."""
    quantity = pages.answers.known.get(f"{RUNS_PAGE}#count-{name}")
    return link(quantity.text, quantity.target(HOME_PAGE)) if quantity is not None else ""


def _failures(pages: Pages, systems: Sequence[System]) -> list[list[str]]:
    known, names = pages.answers.known, {system.name for system in systems}
    rows = []
    for run in pages.answers.results.runs:
        if run.system in names and run.word("outcome") not in ("completed", "unknown"):
            reason = run.word("failure_reason")
            why = link(code(reason), f"{run_page(run.id)}#failure_reason") if reason else NOTHING
            ended = cell(known, run, "outcome", "", COMPARE_PAGE)
            rows.append([escaped(run.system), setting(run, known, COMPARE_PAGE), ended, why])
    return rows
