"""What a term of the vocabulary is, and the terms for identity, settings and environment of a run.

One row per name. The glossary, the column dictionary, the rounding on pages and the proof-reader use these tables.
"""

from __future__ import annotations

from typing import NamedTuple

from . import words


class Term(NamedTuple):
    """A name of the vocabulary.

    `unit` is empty for words and pure numbers. `better` is "more", "less" or empty. `digits` are the significant digits
    a page shows; None shows the value as printed. `label` marks a word that need not be printed on the line of its
    evidence. `duration` marks seconds that may be computed from two timestamps, or read from a progress bar's clock.
    `sums_up` marks a value that may change until the run ends. `text` marks a setting whose values are words, not
    numbers. `words` are those by which texts name it (see `words.py`); a name of several words needs none.
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
    text: bool = False
    words: tuple[str, ...] = ()


IDENTITY: tuple[Term, ...] = (
    Term(
        "system",
        "run",
        "",
        "The maker of the device, as the log's lines show it; CPU for the reader's own machine, Served for a model "
        "behind an endpoint.",
        label=True,
    ),
    Term(
        "workload", "run", "", "What was run, from the log's own words; absent where the log does not say.", label=True
    ),
    Term("experiment", "run", "", "The experiment's name in the first line that a run script writes."),
    Term("model", "run", "", "The model's name as the log prints it."),
    Term("stage", "run", "", "What the run did: compile, train, eval or inference.", label=True),
    Term(
        "outcome",
        "run",
        "",
        "How the run ended: completed, failed, killed, truncated or unknown.",
        label=True,
        sums_up=True,
    ),
    Term("failure_reason", "run", "", "The log's own words for why a run failed or was killed.", sums_up=True),
    Term("started_at", "run", "", "The run's first timestamp as printed; no time zone is added."),
    Term("ended_at", "run", "", "The run's last timestamp as printed; no time zone is added.", sums_up=True),
)

PARAMETERS: tuple[Term, ...] = (
    Term(
        "ntasks",
        "parameter",
        "",
        "MPI ranks of the job, each one data-parallel replica (SLURM_NTASKS).",
        words=words.TASKS,
    ),
    Term("nodes", "parameter", "", "Nodes of the job (SLURM_JOB_NUM_NODES).", words=words.NODES),
    Term(
        "batch_size",
        "parameter",
        "samples",
        "Samples per step as configured: per task on SambaNova, effective on Cerebras.",
        words=words.BATCH_SIZE,
    ),
    Term(
        "micro_batch_size",
        "parameter",
        "samples",
        "Samples that one device takes at once.",
        words=words.MICRO_BATCH_SIZE,
    ),
    Term(
        "replicas",
        "parameter",
        "",
        "Copies of the model that train side by side on different samples.",
        words=words.REPLICAS,
    ),
    Term("gradient_accumulation", "parameter", "", "Batches of which the gradients are added up before one step."),
    Term("device_iterations", "parameter", "", "Batches that the device works on before it answers the host."),
    Term("sequence_length", "parameter", "tokens", "Tokens per sample after padding.", words=words.LENGTH),
    Term(
        "previous_sequence_length",
        "parameter",
        "tokens",
        "Tokens per sample of the build before this one, as a rebuild's notice says.",
        words=words.LENGTH,
    ),
    Term(
        "learning_rate",
        "parameter",
        "",
        "Step size of the optimiser; as a series, its value at each step.",
        words=words.LEARNING_RATE,
    ),
    Term("epochs", "parameter", "", "Passes over the training set, the total of the epoch bar.", words=words.EPOCHS),
    Term("steps", "parameter", "", "Optimiser steps asked for in this run.", words=words.STEPS),
    Term("csx", "parameter", "", "Cerebras systems the job ran on.", words=words.CSX),
    Term("evaluations", "parameter", "", "Evaluations between the training loops of a run."),
    Term(
        "token_throughput_min",
        "parameter",
        "tokens/s",
        "Lower bound of the program's own throughput check.",
        words=words.BOUND,
    ),
    Term(
        "token_throughput_max",
        "parameter",
        "tokens/s",
        "Upper bound of the program's own throughput check.",
        words=words.BOUND,
    ),
    Term("score_measure", "parameter", "", "The measure named by the score column of a Groq result table.", text=True),
    Term("threads", "parameter", "", "Threads that the program computes with.", words=words.THREADS),
    Term("cards", "parameter", "", "Cards that the program computes on."),
    Term("execution", "parameter", "", "How the program runs a model: eager, compiled, or as a CUDA graph.", text=True),
    Term("precision", "parameter", "", "Number format that the program says it computes in.", text=True),
    Term("data", "parameter", "", "What the program is fed, in its own words.", text=True),
    Term(
        "seed",
        "parameter",
        "",
        "Seed of the random numbers that set the first weights and the order of the samples.",
        words=words.SEED,
    ),
    Term("repetitions", "parameter", "", "Timed inferences of one input.", words=words.REPETITIONS),
    Term("prompts", "parameter", "", "Prompts that a served model is asked.", words=words.PROMPTS),
    Term("prompt_set", "parameter", "", "Beginning of the checksum of the prompts' file.", text=True),
    Term("concurrency", "parameter", "requests", "Requests that are open at a time.", words=words.CONCURRENCY),
    Term("max_tokens", "parameter", "tokens", "Most tokens that an answer may have.", words=words.MAX_TOKENS),
    Term("service", "parameter", "", "What serves the model, in the words of whoever asked.", text=True),
    Term("training_samples", "parameter", "samples", "Size of the training set.", words=words.TRAINING_SAMPLES),
    Term("test_samples", "parameter", "samples", "Size of the test set.", words=words.TEST_SAMPLES),
)

ENVIRONMENT: tuple[Term, ...] = (
    Term(
        "job_id",
        "environment",
        "",
        "The scheduler's number of the job (SLURM_JOB_ID, `srun: job N`).",
        words=words.JOB_ID,
    ),
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
