"""Served: a model behind an OpenAI-compatible endpoint, asked by `scripts/run/served.sh`, whose lines name it."""

from __future__ import annotations

from ..grammar import INSIDE, OPENS, Dialect, Shape, line


def own(template: str) -> bytes:
    """Return the pattern of a line of the program."""
    return line("testbed-served: " + template)


ANSWER = "request {step:int}, first_token {first_token_time} ms, seconds {answer_time}, "

DIALECT = Dialect(
    system="Served",
    called=r"served model|endpoint",
    signs=(b"testbed-served: ",),
    shapes=(
        Shape(own("workload {workload:name}, stage {stage:name}"), OPENS, once=True, start=True),
        Shape(own("service {service:text}"), start=True),
        Shape(own("model {model:text}"), start=True),
        Shape(own("prompts {prompts:int}, repetitions {repetitions:int}, concurrency {concurrency:int}, "
                  "max_tokens {max_tokens:int}{:end}"), start=True),
        Shape(own(ANSWER + "tokens {answer_tokens:int}, rate {answer_rate} tokens/s{:end}"), series=True, start=True),
        Shape(own(ANSWER + "tokens not counted{:end}"), series=True, start=True),
        Shape(own("request {:int} failed: {:rest}"), start=True),
        Shape(own("answered {answers:int} of {requests:int} requests in {answering_time} s{:end}"), start=True),
        Shape(own("first_token median {median_first_token_time} ms, low {low_first_token_time} ms, "
                  "high {high_first_token_time} ms{:end}"), start=True),
        Shape(own("tokens {output_tokens:int}, throughput {output_throughput} tokens/s{:end}"), start=True),
        Shape(own("finished{:end}"), ends="completed", start=True),
        Shape(line("error: {_reason:rest}"), INSIDE, ends="failed", start=True),
    ),
)  # fmt: skip
