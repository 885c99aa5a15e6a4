"""`python -m scripts.run.served`: ask a model behind an OpenAI-compatible endpoint, and time its answers.

Address and key come from the environment, OPENAI_BASE_URL and OPENAI_API_KEY; neither is ever printed. Each answer is
one line: milliseconds to the first token, seconds in all, and tokens counted by the endpoint.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple, Sequence

from .endpoint import Answer, Endpoint, Failure
from .machine import Problem, run, whole

MARK = "testbed-served:"


class Asked(NamedTuple):
    """A request with its result: its number, its seconds, and the answer or why there is none."""

    number: int
    seconds: float
    answer: Answer | None
    failure: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, 1 if a request failed, 2 if nothing could be asked."""
    options = _parser().parse_args(arguments)
    failed = []
    status = run(lambda: failed.extend(_ask_all(options)))
    if failed:
        print(f"error: {len(failed)} requests failed; one of them: {failed[0].failure}", file=sys.stderr)
    return status or bool(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.run.served", description=__doc__)
    add = parser.add_argument
    add("--model", required=True, help="the model's name at the endpoint")
    add("--service", required=True, help="what serves the model, in your words")
    add("--prompts", type=Path, required=True, metavar="FILE", help="prompts, one per line")
    add("--concurrency", type=whole(1, 1000), default=1, metavar="N", help="requests at a time (1)")
    add("--repetitions", type=whole(1, 10000), default=1, metavar="N", help="how often each prompt is asked (1)")
    add("--max-tokens", type=whole(), default=128, metavar="N", help="longest answer (128)")
    add("--timeout", type=whole(1, 86400), default=300, metavar="S", help="seconds to wait for the endpoint (300)")
    return parser


def _ask_all(options: argparse.Namespace) -> list[Asked]:
    """Ask everything; return the requests that failed."""
    prompts = _prompts(options.prompts)
    endpoint = Endpoint.of(os.environ, options.timeout)
    say("workload chat, stage inference")
    say(f"service {options.service}")
    say(f"model {options.model}")
    say(f"prompts {len(prompts)}, repetitions {options.repetitions}, concurrency {options.concurrency}, "
        f"max_tokens {options.max_tokens}")  # fmt: skip
    begun = time.perf_counter()
    asked = []
    with ThreadPoolExecutor(options.concurrency) as pool:
        tasks = [
            pool.submit(_ask, endpoint, options, number, prompt)
            for number, prompt in enumerate(prompts * options.repetitions, 1)
        ]
        for task in as_completed(tasks):
            asked.append(task.result())
            say(_told(asked[-1]))
    _sum_up(asked, time.perf_counter() - begun)
    return [one for one in asked if one.answer is None]


def _ask(endpoint: Endpoint, options: argparse.Namespace, number: int, prompt: str) -> Asked:
    begun = time.perf_counter()
    try:
        answer = endpoint.ask(options.model, prompt, options.max_tokens)
    except Failure as failure:
        return Asked(number, time.perf_counter() - begun, None, str(failure))
    return Asked(number, time.perf_counter() - begun, answer)


def _told(asked: Asked) -> str:
    """Return the line of a request. Tokens that the endpoint does not count are not given."""
    if asked.answer is None:
        return f"request {asked.number} failed: {asked.failure}"
    first, tokens = asked.answer.first_token, asked.answer.output_tokens
    line = f"request {asked.number}, first_token {1000 * first:.1f} ms, seconds {asked.seconds:.4f}"
    if tokens is None:
        return f"{line}, tokens not counted"
    return f"{line}, tokens {tokens}, rate {tokens / asked.seconds:.3f} tokens/s"


def _sum_up(asked: Sequence[Asked], seconds: float) -> None:
    answers = [one.answer for one in asked if one.answer is not None]
    say(f"answered {len(answers)} of {len(asked)} requests in {seconds:.4f} s")
    if not answers:
        return
    firsts = sorted(1000 * answer.first_token for answer in answers)
    say(f"first_token median {statistics.median(firsts):.1f} ms, low {firsts[0]:.1f} ms, high {firsts[-1]:.1f} ms")
    counts = [answer.output_tokens for answer in answers if answer.output_tokens is not None]
    if len(counts) == len(answers):
        say(f"tokens {sum(counts)}, throughput {sum(counts) / seconds:.3f} tokens/s")
    if len(answers) == len(asked):
        say("finished")


def _prompts(path: Path) -> list[str]:
    try:
        prompts = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path}: cannot be read as UTF-8 text ({error})") from None
    if not prompts:
        raise Problem(f"{path}: contains no prompt; write one per line")
    return prompts


def say(line: str) -> None:
    """Print a line that the parser of these logs reads."""
    print(MARK, line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
