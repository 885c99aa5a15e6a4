"""What the homework says of its runs, as expressions over facts: the verdict is computed at every build.

An expression that holds confirms the statement, one that does not corrects it. A statement is not checkable where a
fact that its expression asks for is not there, or where no log could say it: then the function returns None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from scripts.report.derive import expression_of

CLAIMS_PAGE = "claims.md"

_SN8, _SN16 = "sambanova-bertlarge-run-ntasks08-1", "sambanova-bertlarge-run-ntasks16-1"
_SN32A, _SN32B = "sambanova-bertlarge-run-ntasks16-2", "sambanova-bertlarge-run-ntasks32-1"
_GC05, _GC005, _GC0005, _GC5 = (f"graphcore-graphcore-{ordinal}" for ordinal in (1, 2, 3, 4))
_CS1024, _CS2048, _CS512 = (f"cerebras-cerebras-{ordinal}" for ordinal in (1, 2, 3))
_GQ256 = "groq-groq-2"


class NotSaid(Exception):
    """No log says what an expression asks for."""


class Said:
    """What is known of the runs, asked for by run and name."""

    def __init__(self, value: Callable[[str], str | None]) -> None:
        self._value = value

    def __call__(self, run: str, name: str) -> str:
        """Return the exact value that a run's page states under a name.

        Raises
        ------
        NotSaid
            If it states none.
        """
        value = self._value(f"runs/{run}.md#{name}")
        if value is None:
            raise NotSaid(f"{run}: {name}")
        return value

    def number(self, run: str, name: str) -> float:
        """Return the same as a number."""
        return float(self(run, name))


Check = Callable[[Said], bool | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the homework: its name, and the function whose expression decides."""

    name: str
    check: Check

    @property
    def meaning(self) -> str:
        """What is asked, in a sentence."""
        return (self.check.__doc__ or "").strip()

    @property
    def expression(self) -> str:
        """The expression, as it is computed, with the runs' ids written out."""
        return regex.sub(r"\b_[A-Z]{2}\d+[AB]?\b", lambda name: repr(globals()[name[0]]), expression_of(self.check))

    def verdict(self, said: Said) -> str:
        """Return the verdict in a word, with its mark."""
        try:
            holds = self.check(said)
        except NotSaid:
            holds = None
        word = {True: "✓ confirmed", False: "≠ corrected", None: "? not checkable"}[holds]
        return word.replace(" ", "\N{NO-BREAK SPACE}")


CLAIMS: list[Claim] = []


def _claim(check: Check) -> Check:
    CLAIMS.append(Claim(check.__name__.replace("_", "-"), check))
    return check


def verdicts(value: Callable[[str], str | None]) -> dict[str, str]:
    """Return the verdict of each claim by its name; `value` gives the exact value that stands at an address."""
    said = Said(value)
    return {claim.name: claim.verdict(said) for claim in CLAIMS}


@_claim
def tasks_were_8_16_and_32(said: Said) -> bool:
    """The logs' runs have the task counts that the homework names, and no other."""
    return {said(run, "ntasks") for run in (_SN8, _SN16, _SN32A, _SN32B)} == {"8", "16", "32"}


@_claim
def largest_ran_on_two_nodes(said: Said) -> bool:
    """Each run of the largest task count had two nodes."""
    return said(_SN32A, "nodes") == said(_SN32B, "nodes") == "2"


@_claim
def compiles_were_good(_said: Said) -> None:
    """The one compile log is of the day after the runs: the compiles that they used left no log."""
    return None


@_claim
def every_run_failed(said: Said) -> bool:
    """Every training run failed its check."""
    return all(said(run, "outcome") == "failed" for run in (_SN8, _SN16, _SN32A, _SN32B))


@_claim
def four_runs_were_made(said: Said) -> bool:
    """The log holds four runs that ended, and the declared rates are these."""
    return [
        said(run, "declared-learning_rate")
        for run in (_GC0005, _GC005, _GC05, _GC5)
        if said(run, "outcome") == "completed"
    ] == ["0.0005", "0.005", "0.05", "0.5"]


@_claim
def accuracy_at_0_0005(said: Said) -> bool:
    """The run of this declared rate logged this accuracy."""
    return said(_GC0005, "declared-learning_rate") == "0.0005" and said(_GC0005, "test_accuracy") == "93.08"


@_claim
def smallest_rate_needs_more_epochs(_said: Said) -> None:
    """No run of this rate was given more epochs."""
    return None


@_claim
def accuracy_at_0_005(said: Said) -> bool:
    """The run of this declared rate logged this accuracy."""
    return said(_GC005, "declared-learning_rate") == "0.005" and said(_GC005, "test_accuracy") == "98.44"


@_claim
def accuracy_at_0_05(said: Said) -> bool:
    """The run of this declared rate logged this accuracy."""
    return said(_GC05, "declared-learning_rate") == "0.05" and said(_GC05, "test_accuracy") == "98.58"


@_claim
def accuracy_at_0_5(said: Said) -> bool:
    """The run of this declared rate logged this accuracy."""
    return said(_GC5, "declared-learning_rate") == "0.5" and said(_GC5, "test_accuracy") == "9.58"


@_claim
def rate_0_005_was_good(said: Said) -> bool:
    """Its interval overlaps that of the best of the four."""
    return said.number(_GC005, "accuracy_high") >= said.number(_GC05, "accuracy_low")


@_claim
def rate_0_05_was_good(said: Said) -> bool:
    """It is the best of the four."""
    return said.number(_GC05, "test_accuracy") == max(
        said.number(run, "test_accuracy") for run in (_GC0005, _GC005, _GC05, _GC5)
    )


@_claim
def largest_rate_overfitted(said: Said) -> bool | None:
    """Not where the accuracy is what answering one and the same class gives; otherwise no log line could tell."""
    return False if said.number(_GC5, "test_accuracy") == said.number(_GC5, "constant_answer_accuracy") else None


@_claim
def largest_rate_was_unstable(_said: Said) -> None:
    """The log keeps no loss on the way, by which it could be told."""
    return None


@_claim
def batch_sizes_were_512_1024_and_2048(said: Said) -> bool:
    """The logs' runs have these batch sizes."""
    return [said(run, "batch_size") for run in (_CS512, _CS1024, _CS2048)] == ["512", "1024", "2048"]


@_claim
def run_times(said: Said) -> bool:
    """The reported times of the training loops, rounded to seconds, are these."""
    return [round(said.number(run, "reported_time")) for run in (_CS512, _CS1024, _CS2048)] == [176, 211, 305]


@_claim
def run_time_grows_with_the_batch(said: Said) -> bool:
    """The reported time grows with the batch size."""
    return (
        said.number(_CS512, "reported_time")
        < said.number(_CS1024, "reported_time")
        < said.number(_CS2048, "reported_time")
    )


@_claim
def custom_input_was_given(_said: Said) -> None:
    """The log prints the shape of an input, never its values."""
    return None


@_claim
def input_was_128_long(said: Said) -> bool:
    """The rebuild's notice names this length as the one before."""
    return said(_GQ256, "previous_sequence_length") == "128"


@_claim
def input_is_256_long(said: Said) -> bool:
    """The model was built anew for an input of this length."""
    return said(_GQ256, "sequence_length") == "256"
