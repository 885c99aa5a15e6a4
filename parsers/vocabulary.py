"""The names that a fact may have: unit, meaning, the better direction, and digits on a page.

One row per name. The glossary, the column dictionary and the rounding on pages are made from this table.
"""

from __future__ import annotations

from typing import NamedTuple

KINDS = ("run", "parameter", "metric", "series", "environment")

# The first part of names that a log invents: `eval/accuracy_cls` keeps the log's own name.
EVAL_FAMILY = "eval/"


class Term(NamedTuple):
    """A name of the vocabulary.

    `unit` is empty for words and pure numbers. `better` is "more", "less" or empty. `digits` are the significant digits
    a page shows; None shows the value as printed. `label` marks a word that need not be printed on the line of its
    evidence. `duration` marks seconds that may be computed from two timestamps, or read from a progress bar's clock.
    `sums_up` marks a value that may change until the run ends.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    better: str = ""
    digits: int | None = None
    label: bool = False
    duration: bool = False
    sums_up: bool = False


TERMS: tuple[Term, ...] = (
    # identity and outcome
    Term(
        "system",
        "run",
        "",
        "The accelerator's maker, CPU for the reader's own machine, or Served for a model behind an endpoint, told by "
        "the shapes of the log's lines.",
        label=True,
    ),
    Term(
        "workload", "run", "", "What was run, from the log's own words; absent where the log does not say.", label=True
    ),
    Term("experiment", "run", "", "The experiment's name in the first line that a run script writes."),
    Term("model", "run", "", "The model's name as the log prints it."),
    Term("stage", "run", "", "What the run did: compile, train, eval or inference.", label=True),
    Term(
        "outcome", "run", "", "How it ended: completed, failed, killed, truncated or unknown.", label=True, sums_up=True
    ),
    Term("failure_reason", "run", "", "The log's own words for why a run failed or was killed.", sums_up=True),
    Term("started_at", "run", "", "The run's first timestamp as printed; no time zone is added."),
    Term("ended_at", "run", "", "The run's last timestamp as printed; no time zone is added.", sums_up=True),
    # what was set
    Term("ntasks", "parameter", "", "MPI ranks of the job, each one data-parallel replica (SLURM_NTASKS)."),
    Term("nodes", "parameter", "", "Nodes of the job (SLURM_JOB_NUM_NODES)."),
    Term(
        "batch_size",
        "parameter",
        "samples",
        "Samples per step as configured: per task on SambaNova, effective on Cerebras.",
    ),
    Term("micro_batch_size", "parameter", "samples", "Samples that one device takes at once."),
    Term("replicas", "parameter", "", "Copies of the model that train side by side on different samples."),
    Term("gradient_accumulation", "parameter", "", "Batches of which the gradients are added up before one step."),
    Term("device_iterations", "parameter", "", "Batches that the device works on before it answers the host."),
    Term("sequence_length", "parameter", "tokens", "Tokens per sample after padding."),
    Term(
        "previous_sequence_length", "parameter", "tokens", "The same of the build before, as a rebuild's notice says."
    ),
    Term("learning_rate", "parameter", "", "Step size of the optimiser; as a series, its value at each step."),
    Term("epochs", "parameter", "", "Passes over the training set, the total of the epoch bar."),
    Term("steps", "parameter", "", "Optimiser steps asked for in this run."),
    Term("csx", "parameter", "", "Cerebras systems the job ran on."),
    Term("evaluations", "parameter", "", "Evaluations between the training loops of a run."),
    Term("token_throughput_min", "parameter", "tokens/s", "Lower bound of the program's own throughput check."),
    Term("token_throughput_max", "parameter", "tokens/s", "Upper bound of the program's own throughput check."),
    Term("score_measure", "parameter", "", "The measure named by the score column of a Groq result table."),
    Term("threads", "parameter", "", "Threads that the program computes with."),
    Term("seed", "parameter", "", "Beginning of the random numbers: of first weights, of the order of samples."),
    Term("repetitions", "parameter", "", "Timed inferences of one input."),
    Term("prompts", "parameter", "", "Prompts that a served model is asked."),
    Term("prompt_set", "parameter", "", "Beginning of the checksum of the prompts' file."),
    Term("concurrency", "parameter", "requests", "Requests that are open at a time."),
    Term("max_tokens", "parameter", "tokens", "Longest answer that was asked for."),
    Term("service", "parameter", "", "What serves the model, in the words of whoever asked."),
    Term("training_samples", "parameter", "samples", "Size of the training set."),
    Term("test_samples", "parameter", "samples", "Size of the test set."),
    # what was measured
    Term(
        "throughput",
        "metric",
        "samples/s",
        "Samples per second of the training loop, as the program reports it.",
        "more",
        4,
        sums_up=True,
    ),
    Term(
        "data_loader_throughput",
        "metric",
        "samples/s",
        "Samples per second that the data loader delivers by itself.",
        "more",
        4,
    ),
    Term("token_throughput", "metric", "tokens/s", "Tokens per second, padding included.", "more", 6),
    Term(
        "later_token_throughput",
        "metric",
        "tokens/s",
        "Tokens per second, the first token of a text left out.",
        "more",
        6,
    ),
    Term("time_to_first_token", "metric", "s", "Seconds from a prompt to the first token of the answer.", "less", 4),
    Term("generation_time", "metric", "s", "Seconds from a prompt to the last token of the answer.", "less", 4),
    Term("tokens", "metric", "tokens", "Tokens that the model was trained with."),
    Term("step_time", "metric", "s", "Mean seconds of a training step.", "less", 4),
    Term(
        "train_time",
        "metric",
        "s",
        "Seconds of the training loop; of several, their sum.",
        "less",
        6,
        duration=True,
        sums_up=True,
    ),
    Term(
        "processor_time",
        "metric",
        "s",
        "Seconds that the processor worked on the training; fewer than passed where others used it too.",
        "less",
        4,
    ),
    Term("epoch_time", "metric", "s", "Seconds per epoch, from the finished epoch bar.", "less", 4, sums_up=True),
    Term("epoch_steps", "metric", "steps", "Host steps per epoch, the total of the inner bar."),
    Term(
        "compile_time",
        "metric",
        "s",
        "Seconds spent compiling, for several training loops their sum; zero where it was loaded from a cache.",
        "less",
        6,
        duration=True,
        sums_up=True,
    ),
    Term(
        "inference_compile_time",
        "metric",
        "s",
        "Seconds spent compiling the graph of the test pass.",
        "less",
        6,
        duration=True,
    ),
    Term("compile_minutes", "metric", "min", "Minutes spent compiling, where the log says it in minutes.", "less", 4),
    Term("load_time", "metric", "s", "Seconds to compile or load the model, as printed in words.", "less", 6),
    Term(
        "programming_time",
        "metric",
        "s",
        "Seconds from programming the system to the start of the training loop.",
        "less",
        6,
        duration=True,
        sums_up=True,
    ),
    Term(
        "eval_compile_time",
        "metric",
        "s",
        "Seconds spent compiling for an evaluation, by the training step it follows.",
        "less",
        6,
        duration=True,
    ),
    Term(
        "eval_programming_time",
        "metric",
        "s",
        "Seconds from programming the system to the start of an evaluation, by the training step it follows.",
        "less",
        6,
        duration=True,
    ),
    Term(
        "total_time",
        "metric",
        "s",
        "Seconds from the run's first to its last timestamp.",
        "less",
        7,
        duration=True,
        sums_up=True,
    ),
    Term("wall_time", "metric", "s", "Seconds the vendor's shell script took.", "less"),
    Term(
        "elapsed_time",
        "metric",
        "s",
        "Seconds between the first and the last line of a run script's log, the wait in a queue included.",
        "less",
    ),
    Term(
        "reported_time",
        "metric",
        "s",
        "Seconds the program reports beside the samples; what it covers differs by release.",
        "less",
        6,
    ),
    Term("samples", "metric", "samples", "Samples processed."),
    Term("final_loss", "metric", "", "Loss in the result dictionary at the end of training.", "less", 4),
    Term("mean_loss", "metric", "", "Mean of the training loss over a whole training.", "less", 4),
    Term("test_accuracy", "metric", "%", "Share of the test set classified right.", "more", 4),
    Term(
        "test_accuracy_unitless",
        "metric",
        "",
        "The same, where the log prints at most one and no unit: a share or per cent.",
        "more",
        4,
    ),
    Term("test_loss", "metric", "", "Loss on the test set.", "less", 4),
    Term("accuracy", "metric", "%", "Share of the evaluation set classified right, by device.", "more", 4),
    Term("score", "metric", "", "Result of another measure than accuracy, by device.", "more", 4),
    Term("end_to_end_latency", "metric", "ms", "Mean time of one inference as the host sees it.", "less"),
    Term("median_latency", "metric", "ms", "Median time of one inference as the host sees it.", "less", 4),
    Term("low_latency", "metric", "ms", "Time of one inference that one in twenty stays under.", "less", 4),
    Term("high_latency", "metric", "ms", "Time of one inference that one in twenty goes over.", "less", 4),
    Term("end_to_end_throughput", "metric", "inferences/s", "Inferences per second as the host sees them.", "more", 5),
    Term(
        "on_chip_latency", "metric", "ms", "Computed time of one inference on the chip, from its cycle count.", "less"
    ),
    Term(
        "on_chip_throughput",
        "metric",
        "inferences/s",
        "Inferences per second on the chip, from its cycle count.",
        "more",
        5,
    ),
    Term("requests", "metric", "requests", "Requests sent to a served model."),
    Term("answers", "metric", "requests", "Requests that were answered to the end."),
    Term("answering_time", "metric", "s", "Seconds from the first request to the end of the last answer.", "less", 4),
    Term("output_tokens", "metric", "tokens", "Tokens of all answers, as the endpoint counts them."),
    Term("output_throughput", "metric", "tokens/s", "Tokens of all answers per second of the whole run.", "more", 4),
    Term(
        "median_first_token_time", "metric", "ms", "Median time from a request to its answer's first token.", "less", 4
    ),
    Term("low_first_token_time", "metric", "ms", "Shortest time from a request to its first token.", "less", 4),
    Term("high_first_token_time", "metric", "ms", "Longest time from a request to its first token.", "less", 4),
    Term(
        "eval_loss",
        "metric",
        "",
        "Mean loss of an evaluation; as a series, what its lines print by the training step it follows, the mean last.",
        "less",
        4,
    ),
    Term("eval_time", "metric", "s", "Seconds of an evaluation.", "less", 4),
    Term("eval_throughput", "metric", "samples/s", "Samples per second of an evaluation.", "more", 4),
    # by step
    Term("loss", "series", "", "Training loss at a step.", "less", 4),
    Term("rate", "series", "samples/s", "Throughput since the line before, smoothed by some programs.", "more", 4),
    Term("global_rate", "series", "samples/s", "Throughput since the start of the loop.", "more", 4),
    Term("eval_rate", "series", "samples/s", "Throughput of an evaluation since the line before, smoothed.", "more", 4),
    Term(
        "eval_global_rate",
        "series",
        "samples/s",
        "Throughput of an evaluation since its start, by the training step it follows.",
        "more",
        4,
    ),
    Term("train_accuracy", "series", "%", "Share of the current training batch classified right.", "more", 4),
    Term(
        "train_accuracy_unitless",
        "series",
        "",
        "The same, where the log prints at most one and no unit: a share or per cent.",
        "more",
        4,
    ),
    Term("first_token_time", "series", "ms", "Time from a request to its answer's first token, by request.", "less", 4),
    Term("answer_time", "series", "s", "Seconds from a request to the end of its answer, by request.", "less", 4),
    Term("answer_tokens", "series", "tokens", "Tokens of an answer, as the endpoint counts them, by request."),
    Term("answer_rate", "series", "tokens/s", "Tokens of an answer per second of its request, by request.", "more", 4),
    Term("time", "series", "s", "Seconds since the run's first timestamp.", duration=True),
    # where it ran
    Term("job_id", "environment", "", "The scheduler's number of the job (SLURM_JOB_ID, `srun: job N`)."),
    Term("submitted_job_id", "environment", "", "The job that a compile log submitted."),
    Term("nodelist", "environment", "", "Nodes of the job in Slurm's bracket form (SLURM_NODELIST)."),
    Term("hardware", "environment", "", "The kind of device that computed, as the log names it: CSX, cpu, cuda."),
    Term("platform", "environment", "", "The system's own name for itself."),
    Term("sdk_version", "environment", "", "Version of the vendor's software."),
    Term("software", "environment", "", "Software and versions that a run script found, as its first line lists them."),
    Term("compile_job_id", "environment", "", "Cerebras' id of the compile job."),
    Term("execute_job_id", "environment", "", "Cerebras' id of the execute job."),
    Term("compile_hash", "environment", "", "Cerebras' hash of the compiled model; equal hashes share a compile."),
)

BY_NAME: dict[str, Term] = {term.name: term for term in TERMS}
ORDER: dict[str, int] = {term.name: index for index, term in enumerate(TERMS)}


def term(name: str) -> Term:
    """Return the vocabulary's entry for `name`.

    Raises
    ------
    KeyError
        If the vocabulary has no such name.
    """
    if name.startswith(EVAL_FAMILY):
        return Term(name, "metric", "", f"The evaluation's own measure {name.removeprefix(EVAL_FAMILY)}.")
    return BY_NAME[name]
