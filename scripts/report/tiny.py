"""bert_tiny, one inference at a time on any machine: the columns and the figure of its runs."""

from __future__ import annotations

from .plot import Repeats
from .system import Column

LATENCY = "median_latency"
LENGTH = Column("sequence length, tokens", "sequence_length")
LATENCIES = (
    Column("median, ms", LATENCY),
    Column("fifth percentile, ms", "low_latency"),
    Column("ninety-fifth percentile, ms", "high_latency"),
    Column("mean, ms", "end_to_end_latency"),
)


def figure(name: str) -> Repeats:
    """Return the figure of the runs' latencies, called `name`."""
    return Repeats(
        name,
        "Time of one inference with bert_tiny against sequence length, a dot the median of a run; bars: what one in "
        "twenty inferences stays under, and what one in twenty goes over.",
        setting="sequence_length",
        metric=LATENCY,
        xlabel="sequence length, tokens",
        ylabel="time of one inference, ms",
        base=2,
        low="low_latency",
        high="high_latency",
    )
