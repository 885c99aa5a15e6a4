"""What the runs of a report answer: the findings of each system, and the titles of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from . import words
from .cohort import Cohort
from .cohort_findings import beside, cohort_findings
from .comparable import Comparison, Groups, compare, groups
from .findings import COMMON, Finding, Sweep, finding, listed
from .known import Known
from .plot import Plot, Timeline
from .results import ReportRun, Results
from .system import Question, System, system_of

# Pages that state findings lie at the root, so a link in one is a link in all.
_PAGE = "index.md"


class Answers:
    """What may be said about the runs of a report, system by system.

    `cohort` has all people's runs, `known` the figures of it; without one, the runs are those of the report.
    """

    def __init__(self, results: Results, known: Known, cohort: Cohort | None = None) -> None:
        self.results, self.known, self.cohort = results, known, cohort or Cohort(results)

    @cached_property
    def compared(self) -> Comparison:
        """What each run is compared with."""
        return compare(self.results)

    @cached_property
    def groups(self) -> Groups:
        """The groups of comparable runs of each question."""
        return groups(self.results, self.compared.published)

    def systems(self) -> list[System]:
        """Return the systems that there are runs of, in their order."""
        there = (system_of(name) for name in {run.system for run in self.results.runs})
        return sorted(there, key=lambda system: (system.order, system.name))

    def of(self, system: System, question: Question) -> Sequence[tuple[ReportRun, ...]]:
        """Return the groups of a question's comparable runs, the one that varies its setting most first."""
        return self.groups.get((system.name, question), ())

    def sweep(self, system: System, question: Question, runs: tuple[ReportRun, ...]) -> Sweep:
        """Return a group of comparable runs as pages speak of it."""
        compiles = self.compiles(runs)
        compiled = compiles[0] if len(compiles) == 1 else None
        return Sweep(
            question.setting.name,
            question.metric,
            question.device,
            runs,
            self.known,
            _PAGE,
            self.asked(system, question),
            compiled,
        )

    def counted(self, system: System) -> list[ReportRun]:
        """Return the runs of a system, each once, however often it was published."""
        return [run for run in self.results.of(system.name) if run.id not in self.compared.published]

    def asked(self, system: System, question: Question) -> tuple[ReportRun, ...]:
        """Return the runs that a question is about."""
        runs = [run for run in self.counted(system) if run.word("stage") != "compile"]
        return tuple(run for run in runs if question.about(run.stated("workload")))

    def findings(self, system: System, about: Mapping[Question, tuple[ReportRun, ...]] | None = None) -> words.Findings:
        """Return the findings of a system by name, about the first group of each question or the given groups."""
        by_name = cohort_findings(self.cohort, self.known, system, _PAGE)
        for question in system.questions:
            runs = next(iter(self.of(system, question)), ()) if about is None else about.get(question, ())
            sweep = self.sweep(system, question, runs)
            prefix = f"{question.name}_" if question.name else ""
            by_name |= {f"{prefix}{find.__name__}": find(sweep) for find in (*COMMON, *question.findings)}
            by_name |= {f"{prefix}{name}": value for name, value in beside(self.known, question, runs).items()}
            by_name[f"{prefix}others_unstated"] = others_unstated(system, question, sweep)
        return by_name

    def owners(self, system: System) -> dict[str, str]:
        """Return whose runs each finding of a system is about; nothing where all its runs are one person's."""
        if len({run.entry.author for run in self.results.of(system.name)}) < 2:
            return {}
        owners: dict[str, str] = {}
        for question in system.questions:
            runs = next(iter(self.of(system, question)), ())
            prefix = f"{question.name}_" if question.name else ""
            names = [find.__name__ for find in question.findings] if runs else []
            owners |= {f"{prefix}{name}": runs[0].entry.author for name in [*names, others_unstated.__name__] if runs}
        return owners

    def plotted(self, system: System, plot: Plot) -> tuple[ReportRun, ...]:
        """Return the runs that a plot shows: the first group of the question whose setting is its axis.

        Where it shows phases, their compile is one of them.
        """
        asked = (question for question in system.questions if question.setting.name == plot.setting)
        question = next(asked, None)
        runs = next(iter(self.of(system, question)), ()) if question is not None else ()
        return (*self.compiles(runs), *runs) if isinstance(plot, Timeline) else runs

    def compiles(self, runs: Sequence[ReportRun]) -> list[ReportRun]:
        """Return the compiles of runs, each once."""
        of = self.compared.compiled
        return list({of[run.id].id: of[run.id] for run in runs if run.id in of}.values())

    def title(self, system: System, plot: Plot) -> str:
        """Return what a figure shows, in one plain line."""
        text = words.of_system(system.name).get(f"figure {plot.name}", "").partition("\n\n")[0]
        shown = words.plain(words.first(text, self.findings(system)))
        owners = {run.entry.author for run in self.plotted(system, plot)} if self.owners(system) else set()
        return f"{shown} ({listed(sorted(owners))})" if shown and owners else shown


def others_unstated(system: System, question: Question, sweep: Sweep) -> Finding:
    """Runs are compared, and none states a setting that another question of the system is about."""
    others = [other.setting for other in system.questions if other is not question]
    silent = [of for of in others if all(sweep.number(run, of.name, of.device) is None for run in sweep.runs)]
    names = [of.heading.partition(",")[0] for of in silent]
    return finding(sweep.varied and names, settings=listed(list(dict.fromkeys(names))))
