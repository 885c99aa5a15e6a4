"""A small data set of our own, as a catalog lists it: logs of every system, with declared values.

It has what tests of pages, figures and tables need. That is several runs in a log, repeats, a failed check, a compile,
and a file name that contradicts its log. No test of the tool depends on the logs that the repository lists.
"""

from __future__ import annotations

from pathlib import Path

from scripts.logs.catalog import Declared, Entry, slug
from scripts.logs.load import LoadedLog, transcribe
from scripts.report.results import Results, collect
from scripts.store.files import digest
from tests import made

CASES = Path(__file__).parents[1] / "parsers" / "cases"
_FAILED = """\
Traceback (most recent call last):
  File "hook.py", line 3, in <module>
AssertionError: Expected throughput to be at {}, instead found {}
srun: error: sn30-r9-h1: task 0: Exited with exit code 1
"""


def loaded(path: str, text: str, system: str, *declared: Declared, kept: bool = False) -> LoadedLog:
    """Return a log with its facts; one that is not kept has an address."""
    data = text.encode()
    url = "" if kept else f"https://example.org/blob/1/{path}"
    entry = Entry(path, system, digest(data), len(data), url, "somebody", "", declared, slug(path), kept)
    lines = tuple(text.removesuffix("\n").split("\n")) if kept else ()
    return LoadedLog(entry, transcribe(entry, data), True, lines)


def sambanova(last: float = 39.5) -> list[LoadedLog]:
    """Return a compile, and runs of 8, 16, 32 and 32 tasks. The first and the last two failed their check.

    `last` is the throughput of the last run of the log with two runs.
    """
    low, high = "least 2000.0", "most 4000.0"
    window = {"low": 2000, "high": 4000}
    below, above, again = (
        _failed(made.sambanova(tasks, rate, **window), said, 128 * rate)
        for tasks, rate, said in ((8, 10.0, low), (32, last, high), (32, 38.5, high))
    )
    within = made.sambanova(16, 20.25, **window).replace("Duration:  120", "Duration:  560")
    return [
        loaded("sambanova/compile.out", (CASES / "sambanova_compile.log").read_text(), "SambaNova"),
        loaded("sambanova/run_ntasks08.out", below, "SambaNova"),
        loaded("sambanova/run_ntasks16.out", within + above, "SambaNova"),
        loaded("sambanova/run_ntasks32.out", again, "SambaNova"),
    ]


def _failed(text: str, said: str, rate: float) -> str:
    """Return a run whose own check failed when it had finished."""
    return text.replace("Machine State After: ", _FAILED.format(said, rate) + "Machine State After: ")


def graphcore() -> LoadedLog:
    """Return runs at learning rates that a person declares, the last of which gives one answer to every image."""
    rates = {"0.05": 97.5, "0.005": 97.25, "0.0005": 91.25, "0.5": 9.58}
    texts = [made.graphcore(float(rate), accuracy).split("\n", 1)[1] for rate, accuracy in rates.items()]
    session = "".join(text.replace('#testbed-end {"exit_status": 0}\n', "") for text in texts)
    session = session.replace("100/100 [00:00", "100/100 [00:20", 1)  # later runs take the first one's graph
    page = "https://example.org/page"
    declared = [Declared(place, "learning_rate", rate, "a page", page) for place, rate in enumerate(rates, 1)]
    workloads = [Declared(place, "workload", "mnist", "a page", page) for place in range(1, 5)]
    return loaded("graphcore/session.txt", session, "Graphcore", *declared, *workloads)


def cerebras() -> LoadedLog:
    """Return runs of three batch sizes in one log, not in their order."""
    sizes = {1024: 4800.0, 2048: 6600.0, 512: 2900.0}
    declared = [
        Declared(place, name, value, "a page", "")
        for place in range(1, 4)
        for name, value in (("workload", "bert-large"), ("sequence_length", "128"))
    ]
    text = "".join(made.cerebras(batch, rate) for batch, rate in sizes.items())
    return loaded("cerebras/session.txt", text, "Cerebras", *declared)


def groq() -> LoadedLog:
    """Return runs of two input lengths in one log."""
    return loaded("groq/session.txt", made.groq(64, 18000.0) + made.groq(128, 12800.5, before=64), "Groq")


def cpu() -> list[LoadedLog]:
    """Return logs of the reader's own machine, which are kept whole."""
    names = ("cpu_digits_two_runs", "cpu_bert_tiny")
    return [loaded(f"cpu/{name[4:]}.log", (CASES / f"{name}.log").read_text(), "CPU", kept=True) for name in names]


def sample() -> Results:
    """Return the data set."""
    return collect([*sambanova(), graphcore(), cerebras(), groq(), *cpu()])
