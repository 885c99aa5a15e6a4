"""The words by which a text names quantities, systems and changes."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import regex

# Which times a text may mean that says only "time" or "took".
TIMES = (
    "train_time",
    "reported_time",
    "wall_time",
    "total_time",
    "elapsed_time",
    "epoch_time",
    "compile_time",
    "programming_time",
)
LATENCIES = ("end_to_end_latency", "on_chip_latency", "median_latency")
_RATES = ("throughput", "token_throughput", "end_to_end_throughput", "on_chip_throughput")
_ACCURACIES = ("test_accuracy", "accuracy", "train_accuracy")

# Phrases, longest first where one begins with another; a blank stands for blanks, hyphens and underscores.
PHRASES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("ntasks",), (r"(?:number of )?(?:mpi )?(?:n ?tasks?|tasks|ranks|replicas)(?! per)",)),
    (("nodes",), (r"(?:number of )?nodes?(?! ?list)",)),
    (
        ("batch_size",),
        (
            r"(?:effective |global |train(?:ing)? |micro )?batch ?sizes?",
            r"\bbs\b",
            r"batch(?:es)?(?= of| =|:| \d|\s*$)",
        ),
    ),
    (("test_batch_size",), (r"test batch ?sizes?",)),
    (
        ("sequence_length", "previous_sequence_length"),
        (r"(?:max(?:imum)? )?(?:seq(?:uence)?|input) (?:len(?:gth)?|size)s?", r"\bmsl\b"),
    ),
    (("sequence_length", "previous_sequence_length"), (r"tokens?(?! ?(?:per|/|throughput))",)),
    (("learning_rate",), (r"learning ?rates?", r"\blr\b")),
    (("epochs",), (r"(?:number of |n )?epochs?(?! times?)",)),
    (("steps", "epoch_steps"), (r"(?:training |train |global |max )?steps", r"iterations")),
    (
        ("hardware_count",),
        (r"tasks? per node", r"cpus? per task", r"cpus?\b", r"devices", r"ipus?\b", r"gpus?\b", r"rdus?\b"),
    ),
    (("csx",), (r"(?:number of )?csx\b", r"cs 2 systems?")),
    (("seed",), (r"seeds?",)),
    (("threads",), (r"threads?",)),
    (("job_id",), (r"job ?(?:id|number)?s?(?= \d| =|:| is)", r"slurm job")),
    (
        ("token_throughput_min", "token_throughput_max"),
        (
            r"min(?:imum)? throughput",
            r"throughput min(?:imum)?",
            r"lower (?:bound|limit)",
            r"threshold",
            r"expected (?:value|throughput)(?: \w+){0,3} at least",
        ),
    ),
    (
        ("token_throughput_max", "token_throughput_min"),
        (
            r"max(?:imum)? throughput",
            r"throughput max(?:imum)?",
            r"upper (?:bound|limit)",
            r"expected (?:value|throughput)(?: \w+){0,3} at most",
        ),
    ),
    (
        ("token_throughput",),
        (
            r"(?:training )?(?:sequences|tokens) ?(?:per|/) ?s(?:ec(?:ond)?)?",
            r"token throughput",
            r"(?:value|throughput)?(?: instead)? found",
        ),
    ),
    (("on_chip_throughput",), (r"on chip (?:ips|throughput|inferences per second)",)),
    (("end_to_end_throughput",), (r"(?:end to end|e2e) (?:ips|throughput|inferences per second)", r"\bips\b")),
    (("throughput",), (r"global ?rate",)),
    (("throughput",), (r"(?:training |processed )?(?:samples|images) ?(?:per|/) ?s(?:ec(?:ond)?)?",)),
    (_RATES, (r"throughputs?", r"(?:processing |training |sample processing )?(?:rate|speed)s?", r"performance")),
    (("speed_up",), (r"speed ?ups?",)),
    (("efficiency",), (r"(?:weak |strong )?(?:scaling |parallel )?efficienc(?:y|ies)",)),
    (("error_rate",), (r"error rates?",)),
    (("train_time", "reported_time"), (r"(?:e2e |end to end )?train(?:ing)? ?times?", r"loop times?")),
    (
        ("compile_time", "inference_compile_time"),
        (r"(?:graph )?compil(?:e|ation|ing) ?times?", r"compil(?:e|ation)\b", r"compile[sd]?\b"),
    ),
    (("programming_time",), (r"programming ?times?",)),
    (("epoch_time",), (r"(?:time|seconds|s) (?:per|/) ?(?:epoch|it(?:eration)?)", r"epoch times?")),
    (("wall_time", "total_time", "elapsed_time"), (r"wall(?: clock)? ?times?", r"duration")),
    (("total_time", "wall_time", "elapsed_time"), (r"(?:whole|total|overall) (?:job )?times?",)),
    (("on_chip_latency",), (r"on chip (?:latency|latencies|time)",)),
    (("end_to_end_latency",), (r"(?:end to end|e2e) (?:latency|latencies|time)",)),
    (LATENCIES, (r"latency", r"latencies", r"inference times?")),
    (
        TIMES,
        (
            r"(?:run|processing|execution|elapsed|reported)? ?times?(?! \d)(?<!\d times)",
            r"\btook\b",
            r"\btakes?\b",
            r"\bseconds\b",
        ),
    ),
    (("final_loss", "loss"), (r"final loss(?:es)?",)),
    (("eval_loss",), (r"(?:eval(?:uation)?|validation) loss",)),
    (("test_loss",), (r"test loss",)),
    (("final_loss", "loss", "eval_loss", "test_loss"), (r"(?:training |train )?loss(?:es)?",)),
    (
        ("test_accuracy", "accuracy"),
        (r"(?:test(?:ing)?|validation) ?(?:set )?accurac(?:y|ies)", r"accurac(?:y|ies) on (?:the )?test(?: set)?"),
    ),
    (("train_accuracy",), (r"train(?:ing)? accurac(?:y|ies)",)),
    (_ACCURACIES, (r"accurac(?:y|ies)", r"\bacc\b")),
    (
        ("samples", "training_samples", "test_samples"),
        (r"(?:number of )?samples(?: processed)?(?! ?(?:per|/))", r"images(?! ?(?:per|/))", r"sentences"),
    ),
    (("score",), (r"score", r"correlation")),
)

# The units of each quantity in a text; where no word names the quantity, the unit does.
BY_UNIT: dict[str, tuple[str, ...]] = {
    "%": _ACCURACIES,
    "samples/s": ("throughput",),
    "tokens/s": ("token_throughput", "token_throughput_min", "token_throughput_max"),
    "inferences/s": ("end_to_end_throughput", "on_chip_throughput"),
    "ms": LATENCIES,
    "us": LATENCIES,
    "s": TIMES,
    "min": TIMES,
    "h": TIMES,
}
FORMULAS = ("speed_up", "efficiency", "error_rate")
SETTINGS = ("ntasks", "nodes", "batch_size", "sequence_length", "learning_rate", "epochs", "steps", "csx", "seed")

SYSTEMS: dict[str, str] = {
    "SambaNova": r"samba ?nova|samba ?flow|\bsn30\b|\brdu",
    "Graphcore": r"graph ?core|\bipus?\b|poptorch|poplar",
    "Cerebras": r"cerebras|\bcs ?[123]\b|\bcsx\b|wafer",
    "Groq": r"groq",
}

CHANGE = regex.compile(
    r"(?i)increas|decreas|improve|drop|faster|slower|gain|reduc|speed.?up|efficien|higher|lower|grow|rise|rose|fell"
    r"|difference|ratio|average|mean\b|more than|less than|better|worse|overhead|share|double|triple|error rate"
)


class Mention(NamedTuple):
    """A phrase of a text that names quantities."""

    start: int
    end: int
    names: tuple[str, ...]


@cache
def _phrases() -> tuple[tuple[regex.Pattern[str], tuple[str, ...]], ...]:
    return tuple(
        (regex.compile(rf"(?i)(?<![a-z]){_spaced('|'.join(phrases))}(?![a-z])"), names) for names, phrases in PHRASES
    )


def _spaced(phrase: str) -> str:
    """Return a phrase's pattern in which a blank also matches hyphens, underscores and line breaks."""
    return regex.sub(r" (\??)", lambda match: r"(?:[\s_-]*)" if match[1] else r"(?:[\s_-]+)", rf"(?:{phrase})")


def mentions(text: str) -> list[Mention]:
    """Return the phrases of a text that name quantities, in their order; of those that overlap, the longest."""
    found = [
        Mention(match.start(), match.end(), names)
        for pattern, names in _phrases()
        for match in pattern.finditer(text)
        if match[0].strip()
    ]
    found.sort(key=lambda mention: (mention.start - mention.end, mention.start))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept)


@cache
def _systems() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    return tuple((system, regex.compile(f"(?i){_spaced(pattern)}")) for system, pattern in SYSTEMS.items())


@lru_cache(maxsize=256)
def systems(text: str) -> list[str]:
    """Return the systems that a text names, the last named first."""
    places = [(max((m.start() for m in pattern.finditer(text)), default=-1), system) for system, pattern in _systems()]
    return [system for place, system in sorted(places, reverse=True) if place >= 0]
