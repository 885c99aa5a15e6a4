"""The words by which texts name quantities, as regular expressions: each term of the vocabulary lists its own.

A blank stands for blanks, hyphens and underscores; `" ?"` for any number of them. Where several words of a text match,
the longest counts. Words that several terms list name each of them.
"""

from __future__ import annotations

_ANY_SAMPLES = (
    r"(?:number of )?samples(?: processed)?(?! ?(?:per|/))",
    r"images(?! ?(?:per|/))",
    r"sentences",
)
_ANY_STEPS = (
    r"(?:training |train |global |max )?steps",
    r"iterations",
)
_ANY_LATENCY = (
    r"latency",
    r"latencies",
    r"inference times?",
)
_ANY_ACCURACY = (
    r"accurac(?:y|ies)",
    r"\bacc\b",
)
_ANY_LOSS = (r"(?:training |train )?loss(?:es)?",)
_TRAINING_TIME = (
    r"(?:e2e |end to end )?train(?:ing)? ?times?",
    r"loop(?: times?)?",
)
TASKS = (
    r"(?:number of )?(?:mpi )?(?:n ?tasks?|tasks|ranks|replicas)(?! per)",
    r"(?<=\d )task(?! per)",
)
NODES = (r"(?:number of )?nodes?(?! ?list)",)
BATCH_SIZE = (
    r"(?:effective |global |train(?:ing)? |micro |local )?batch ?sizes?",
    r"(?:effective |global |local |micro )batch",
    r"\bbs\b",
    r"batch(?:es)?(?= of| =|:| \d|\s*$)",
)
MICRO_BATCH_SIZE = (r"micro batch ?sizes?",)
REPLICAS = (r"(?:number of )?replicas",)
LENGTH = (
    r"(?:max(?:imum)? )?(?:seq(?:uence)?|input) (?:len(?:gth)?|size)s?",
    r"\bmsl\b",
    r"tokens?(?! ?(?:per|/|throughput))",
)
LEARNING_RATE = (
    r"learning ?rates?",
    r"\blr\b",
)
EPOCHS = (r"(?:number of |n )?epochs?(?! times?)",)
STEPS = (*_ANY_STEPS,)
EPOCH_STEPS = (
    r"steps (?:per|/) ?epoch",
    *_ANY_STEPS,
)
CSX = (
    r"(?:number of )?csx\b",
    r"cs 2 systems?",
)
SEED = (r"seeds?",)
THREADS = (r"threads?",)
PROMPTS = (r"prompts",)
CONCURRENCY = (
    r"concurrency",
    r"(?:open|parallel|concurrent) requests",
)
MAX_TOKENS = (r"max(?:imum)? tokens",)
REPETITIONS = (r"repetitions",)
JOB_ID = (
    r"job ?(?:id|number)?s?(?= \d| =|:| is)",
    r"slurm job",
)
# Texts take one bound for the other.
BOUND = (
    r"(?:min|max)(?:imum)? throughput",
    r"(?:min|max)imum(?= of| value| is| was|,)",
    r"throughput (?:min|max)(?:imum)?",
    r"(?:lower|upper) (?:bound|limit)",
    r"threshold",
    r"expected (?:value|throughput)(?: \w+){0,3} at (?:least|most)",
)
TRAINING_SAMPLES = (r"train(?:ing)? (?:set )?(?:samples|images)",)
TEST_SAMPLES = (r"test (?:set )?(?:samples|images)",)
SAMPLES = (*_ANY_SAMPLES,)
THROUGHPUT = (
    r"global ?rate",
    r"(?:training |processed )?(?:samples|images) ?(?:per|/) ?s(?:ec(?:ond)?)?",
)
TOKEN_THROUGHPUT = (
    r"(?:training )?(?:sequences|tokens) ?(?:per|/) ?s(?:ec(?:ond)?)?",
    r"token throughput",
    r"(?:value|throughput)?(?: instead)? found",
)
OUTPUT_THROUGHPUT = (
    r"tokens ?(?:per|/) ?s(?:ec(?:ond)?)?",
    r"output (?:token )?throughput",
)
_ANY_IPS = (r"\bips\b", r"inferences ?(?:per|/) ?s(?:ec(?:ond)?)?")
END_TO_END_THROUGHPUT = (
    r"(?:end to end|e2e) (?:ips|throughput|inferences per second)",
    r"(?:ips|inferences per second|inferences ?/ ?s),? (?:end to end|e2e)",
    *_ANY_IPS,
)
ON_CHIP_THROUGHPUT = (
    r"on chip (?:ips|throughput|inferences per second)",
    r"(?:ips|inferences per second|inferences ?/ ?s),? on (?:the )?chip",
    *_ANY_IPS,
)
TRAIN_TIME = (r"(?:end to end|e2e) time", *_TRAINING_TIME)
REPORTED_TIME = (
    r"reported times?",
    *_TRAINING_TIME,
)
COMPILING = (
    r"(?:graph )?compil(?:e|ation|ing) ?times?",
    r"compil(?:e|ation)\b",
    r"compile[sd]?\b",
)
PROGRAMMING_TIME = (r"programming ?times?",)
EPOCH_TIME = (
    r"(?:time|seconds|s) (?:per|/) ?(?:epoch|it(?:eration)?)",
    r"epoch times?",
)
WHOLE_TIME = (
    r"wall(?: clock)? ?times?",
    r"duration",
    r"(?:whole|total|overall) (?:job )?times?",
)
END_TO_END_LATENCY = (
    r"(?:end to end|e2e) (?:latency|latencies|time)",
    *_ANY_LATENCY,
)
ON_CHIP_LATENCY = (
    r"on chip (?:latency|latencies|time)",
    *_ANY_LATENCY,
)
MEDIAN_LATENCY = (
    r"median latency",
    *_ANY_LATENCY,
)
LOW_LATENCY = (
    r"(?:5th percentile|p5) latency",
    r"(?:lowest|minimum) latency",
)
HIGH_LATENCY = (
    r"(?:95th percentile|p95) latency",
    r"(?:highest|maximum) latency",
)
MEDIAN_FIRST_TOKEN_TIME = (r"(?:median )?(?:time to (?:the )?first token|first token time|ttft)",)
TIME_TO_FIRST_TOKEN = (r"(?:time to (?:the )?first token|first token time|ttft)",)
REQUESTS = (r"requests",)
ANSWERS = (r"answers",)
OUTPUT_TOKENS = (r"(?:output|generated) tokens",)
LOSS = (
    r"final loss(?:es)?",
    *_ANY_LOSS,
)
MEAN_LOSS = (r"(?:mean|average) loss",)
EVAL_LOSS = (
    r"(?:eval(?:uation)?|validation) loss",
    *_ANY_LOSS,
)
TEST_LOSS = (
    r"test loss",
    *_ANY_LOSS,
)
SCORE = (
    r"score",
    r"correlation",
)
TEST_ACCURACY = (
    r"(?:test(?:ing)?|validation) ?(?:set )?accurac(?:y|ies)",
    r"accurac(?:y|ies) on (?:the )?test(?: set)?",
    *_ANY_ACCURACY,
)
TRAIN_ACCURACY = (
    r"train(?:ing)? accurac(?:y|ies)",
    *_ANY_ACCURACY,
)
