"""The page of each system: the homework as handed in, then the answer, phases, noise, and open points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import regex

from . import words
from .answers import Answers
from .blocks import documented_table, outcomes, runs_table
from .cohort_pages import groups_table
from .comparable import differences
from .findings import Finding, few, finding, listed, run_link
from .known import log_page, relative
from .markdown import code, escaped, link
from .picture import Picture
from .rerun_words import installed
from .results import ReportRun
from .system import Column, Question, RunsTable, System, known_systems

EVERY = words.WORDS / "every.md"
_ANSWER = "## Answer\n"
_ONLY_OF = "*The sentences and figures of this section are about the runs of {owners} only. The tables show all runs.*"
_DAY = regex.compile(r"^\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Pages:
    """What the pages of systems are written from.

    `remarks` are the author's, by the name of a system in small letters. `own` are the repository's own pages: these
    have a page for every system.
    """

    answers: Answers
    pictures: Mapping[str, Picture]
    remarks: Mapping[str, str]
    own: bool

    def systems(self) -> list[System]:
        """Return the systems that have a page."""
        there = self.answers.systems()
        if not self.own:
            return there
        with_words = [system for system in known_systems().values() if words.of_system(system.name)]
        return sorted({system.name: system for system in (*with_words, *there)}.values(), key=lambda of: of.order)

    def texts(self) -> dict[str, str]:
        """Return the page of each system by its path."""
        return {page_of(system): self._page(system) for system in self.systems()}

    def title(self, system: System) -> str:
        """Return the heading of a system's page."""
        return words.of_system(system.name).get("title", "") or escaped(system.name)

    def headline(self, system: System) -> str:
        """Return what was found, in one line; an empty text where nothing was."""
        return words.first(words.of_system(system.name).get("headline", ""), self.answers.findings(system))

    def card(self, system: System) -> str:
        """Return the answer in short; where there is none, why not."""
        text = words.of_system(system.name).get("card", "")
        answer = words.written(text, self.answers.findings(system), {}).strip()
        return answer or self._apart(system, again=False) or self._no_answer(system)

    def opening(self, system: System, page: str) -> str:
        """Return the hand-in: author and date, question, command, results, logs, and the author's remarks."""
        blocks = {
            "byline": partial(self._byline, system),
            "question": partial(self._part, system, "question"),
            "asked": partial(self._asked, system),
            "command": partial(self._command, system),
            "runs": partial(self._runs, system, page),
            "apart": partial(self._apart, system),
            "logs": partial(self._logs, system, page),
            "observation": partial(self._observation, system),
        }
        return self._commands(words.written(words.parts(EVERY)["opening"], {}, blocks).strip())

    def _commands(self, text: str) -> str:
        """Return a text with the commands that work where its site is."""
        return text if self.own else installed(text)

    def figure(self, system: System, name: str) -> str:
        """Return a figure with its caption; nothing where it is not drawn."""
        if name not in self.pictures:
            return ""
        _, _, caption = words.of_system(system.name)[f"figure {name}"].partition("\n\n")
        words_of = words.written(caption, self.answers.findings(system), {}).strip()
        return f"{self.pictures[name].markdown('')}\n\n{words_of}"

    def _page(self, system: System) -> str:
        page = page_of(system)
        text = words.of_system(system.name).get("page") or words.parts(EVERY)["page"]
        blocks: dict[str, Callable[[], str]] = {
            "opening": partial(self.opening, system, page),
            "also": partial(self._also, system),
            "others": partial(self._all_known, system, page),
            "documented": partial(documented_table, system.name, page),
        }
        blocks |= {f"figure-{plot.name}": partial(self.figure, system, plot.name) for plot in system.plots}
        blocks |= {f"table-{name}": partial(self._table, system, shape, page) for name, shape in system.tables.items()}
        findings, marked = self.answers.findings(system), self._with_owners(system, text)
        answered = self._with_answer(system, marked, findings, blocks)
        return f"# {self.title(system)}\n\n{self._commands(words.written(answered, findings, blocks))}"

    def _with_answer(self, system: System, text: str, findings: words.Findings, blocks: words.Blocks) -> str:
        """Return the words of a page; if nothing in them answers, they say that the runs give no answer."""
        before, heading, rest = text.partition(_ANSWER)
        answer, *others = words.sections(rest)
        if not heading or words.written(answer, findings, blocks).strip():
            return text
        return "\n".join([f"{before}{heading}\n{self._no_answer(system)}\n", *others])

    def _no_answer(self, system: System) -> str:
        """Return the sentence that the runs of a system give no answer; nothing if it has no runs or no question."""
        runs = self.answers.results.of(system.name)
        return words.parts(EVERY)["no answer"] if runs and system.questions else ""

    def _with_owners(self, system: System, text: str) -> str:
        """Return the words of a page of several people's runs: each section says whose runs its sentences are about."""
        owners, findings = self.answers.owners(system), self.answers.findings(system)
        if not owners:
            return text
        sections: list[str] = []
        for section in words.sections(text):
            heading, _, rest = section.partition("\n")
            of = sorted({owners[name] for name in words.holding(section, findings) if name in owners})
            note = f"\n{_ONLY_OF.format(owners=listed(list(map(code, of))))}\n" if of and sections else ""
            sections.append(f"{heading}\n{note}{rest}")
        return "\n".join(sections)

    def _part(self, system: System, name: str) -> str:
        return words.of_system(system.name).get(name, "")

    def _command(self, system: System) -> str:
        command = self._part(system, "command")
        heading = "The command of the exercise" if system.accelerator else "The command"
        return f"**{heading}**\n\n{command}" if command else ""

    def _asked(self, system: System) -> str:
        sentences = words.written(self._part(system, "asked"), self.answers.findings(system), {})
        return f"**Asked and done:** {' · '.join(sentences.split(chr(10))).strip(' ·')}." if sentences.strip() else ""

    def _byline(self, system: System) -> str:
        runs = self.answers.results.of(system.name)
        authors = sorted({run.entry.author for run in runs if run.entry.author})
        days = sorted({day[0] for run in runs if (day := _DAY.match(run.word("started_at")))})
        noun = "Authors" if len(authors) > 1 else "Author"
        parts = [f"**{noun}:** {', '.join(map(code, authors))}"] if authors else []
        parts += [f"**Date of the runs:** {' to '.join(dict.fromkeys([days[0], days[-1]]))}"] if days else []
        parts += [f"**No log of {escaped(system.name)} is here.**"] if not runs else []
        return " · ".join(parts)

    def _table(self, system: System, shape: RunsTable, page: str) -> str:
        return runs_table(system, self.answers.counted(system), shape, self.answers.known, page)

    def _runs(self, system: System, page: str) -> str:
        shapes = [shape for shape in system.tables.values() if shape.outcome] or [RunsTable((), outcome=True)]
        return "\n".join(table for shape in shapes if (table := self._table(system, shape, page)))

    def _logs(self, system: System, page: str) -> str:
        of_log: dict[str, list[ReportRun]] = {}
        for run in self.answers.results.of(system.name):
            of_log.setdefault(run.entry.path, []).append(run)
        rows = [f"- {_log(runs[0], page)}: {listed([run_link(run, page) for run in runs])}" for runs in of_log.values()]
        return "**Logs and the runs in them**\n\n" + "\n".join(rows) if rows else ""

    def _all_known(self, system: System, page: str) -> str:
        """Return the table of all people's runs, by setting; nothing where all are of one person."""
        cohort = self.answers.cohort
        groups = [group for group in cohort.of(system.name) if group.runs > 1]
        return groups_table(groups, cohort, self.answers.known, page) if groups else ""

    def _observation(self, system: System) -> str:
        remarks = self.remarks.get(system.name.lower(), "").strip()
        quoted = "\n".join(f"> {line}".rstrip() for line in remarks.split("\n"))
        return f"**Observation, in the author's words**\n\n{quoted}" if remarks else ""

    def _apart(self, system: System, *, again: bool = True) -> str:
        """Return what is left out of the comparison and why; `again` tells of runs that were published twice too."""
        left_out = self._left_out(system)
        shown = left_out if again else {**left_out, "again": finding(False, again="")}
        return words.written(words.parts(EVERY)["apart"], shown, {}).strip()

    def _left_out(self, system: System) -> words.Findings:
        """Return the findings about runs that are compared with no run of another setting."""
        published = self.answers.compared.published
        again = [run for run in self.answers.results.of(system.name) if run.id in published]
        sentences = [f"{_linked(run)} states the run {_linked(published[run.id])}" for run in again]
        compared = {run.id for question in system.questions for run in self._compared(system, question)}
        asked = [
            (run, question.setting)
            for run in self.answers.counted(system)
            if run.word("stage") != "compile" and run.id not in compared
            if (question := system.question(run.stated("workload"))) is not None
        ]
        unstated = [(run, of) for run, of in asked if self.answers.known.of(run, of.name) is None]
        apart = [(run, of) for run, of in asked if (run, of) not in unstated and self._has_others(system, run)]
        return {
            "again": finding(again, again=few(sentences)),
            "unstated": finding(unstated, **_named(unstated)),
            "apart": finding(apart, **_named(apart)),
        }

    def _has_others(self, system: System, run: ReportRun) -> bool:
        """Return whether a question is about a run and about others that have another setting or workload."""
        question = system.question(run.stated("workload"))
        return question is not None and len(self.answers.of(system, question)) > 1

    def _compared(self, system: System, question: Question) -> list[ReportRun]:
        """Return the runs of a question that are compared with a run of another setting."""
        groups = self.answers.of(system, question)
        return [run for runs in groups if self.answers.sweep(system, question, runs).varied for run in runs]

    def _groups(self, system: System, question: Question) -> list[tuple[ReportRun, ...]]:
        first, *others = self.answers.of(system, question) or [()]
        return [first, *(runs for runs in others if self.answers.sweep(system, question, runs).varied)]

    def _also(self, system: System) -> str:
        """Return the answers of the further groups of comparable runs of each question."""
        sections = []
        for question in system.questions:
            first, *others = self._groups(system, question)
            for runs in others:
                finding = _difference(first[0], runs[0], question)
                text = words.written(words.parts(EVERY)["also"], finding, {}).strip()
                about = self.answers.findings(system, {question: runs})
                answer = words.written(words.of_system(system.name).get("card", ""), about, {}).strip()
                sections.append(f"{text}\n{answer}\n")
        return f"### Other settings\n\n{chr(10).join(sections)}" if sections else ""


def page_of(system: System) -> str:
    """Return the path of a system's page."""
    return f"{system.name.lower().replace(' ', '-')}.md"


def _difference(one: ReportRun, other: ReportRun, question: Question) -> dict[str, Finding]:
    """Return the findings about what sets other runs apart from the first ones: whose they are, and their settings."""
    names = differences(one, other, question)
    settings = [code(name.replace("_", " ")) for name in names if name != "owner"]
    return {
        "also_of": finding("owner" in names, owner=code(other.entry.author)),
        "also": finding(settings, names=listed(settings)),
    }


def _log(run: ReportRun, page: str) -> str:
    entry = run.entry
    target = relative(log_page(entry.slug), page) if entry.kept else entry.url
    return link(code(entry.path), target)


def _linked(run: ReportRun) -> str:
    return run_link(run, "index.md")


def _named(runs: Sequence[tuple[ReportRun, Column]]) -> dict[str, str]:
    """Return the quantities that name runs, and the settings that they are asked for."""
    headings = sorted({setting.heading.partition(",")[0] for _, setting in runs})
    return {"setting": " or ".join(headings), "runs": few([_linked(run) for run, _ in runs])}


def outcomes_of(pages: Pages, system: System) -> str:
    """Return how the runs of a system ended."""
    return outcomes(system, pages.answers.counted(system), pages.answers.known, "index.md")
