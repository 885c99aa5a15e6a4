"""A served model: answers of an endpoint by the number of requests at a time."""

from __future__ import annotations

from ..findings import Finding, Sweep, finding
from ..formulas import formula, formulas_in
from ..plot import Repeats
from ..system import Column, Question, RunsTable, System


@formula(unit="requests/s")
def answer_throughput(answers: float, answering_time: float) -> float:
    """Answered requests per second of the whole run."""
    return answers / answering_time


@formula(unit="tokens")
def tokens_per_answer(output_tokens: float, answers: float) -> float:
    """Mean tokens of an answer."""
    return output_tokens / answers


def more_at_a_time_is_faster(sweep: Sweep) -> Finding:
    """More requests at a time give more tokens per second in all, in every run."""
    return finding(sweep.rises(_RATE), pairs=sweep.pairs(_RATE, "tokens/s at"))


def more_at_a_time_is_not_faster(sweep: Sweep) -> Finding:
    """Several numbers of requests were run, and more at a time do not always give more tokens per second."""
    return finding(sweep.varied and not sweep.rises(_RATE), pairs=sweep.pairs(_RATE, "tokens/s at"))


def first_tokens(sweep: Sweep) -> Finding:
    """Several numbers of requests were run."""
    return finding(sweep.varied, pairs=sweep.pairs("median_first_token_time", "ms at"))


_RATE = "output_throughput"
_CONCURRENCY = Column("requests at a time", "concurrency")

SYSTEM = System(
    name="Served",
    order=7,
    accelerator=False,
    questions=(
        Question(_CONCURRENCY, _RATE, "", (more_at_a_time_is_faster, more_at_a_time_is_not_faster, first_tokens)),
    ),
    formulas=formulas_in(globals()),
    tables={
        "runs": RunsTable(
            (
                Column("served by", "service"),
                Column("model", "model"),
                _CONCURRENCY,
                Column("tokens/s", _RATE),
                Column("median time to the first token, ms", "median_first_token_time"),
                Column("shortest, ms", "low_first_token_time"),
                Column("longest, ms", "high_first_token_time"),
                Column("answers/s", "answer_throughput"),
                Column("answers", "answers"),
                Column("tokens per answer", "tokens_per_answer"),
            ),
            outcome=True,
        )
    },
    plots=(
        Repeats(
            "served-throughput",
            "Tokens per second of all answers against requests at a time; each dot is a run.",
            setting="concurrency",
            metric=_RATE,
            xlabel="requests at a time",
            ylabel="tokens/s",
            base=2,
        ),
    ),
)
