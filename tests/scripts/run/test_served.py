"""served.sh on a stand-in endpoint: what was asked is what the logs say, and they hold neither address nor key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.facts import Run
from parsers.reading import read
from scripts.report.__main__ import main as report
from scripts.run.endpoint import ADDRESS, KEY, Endpoint
from scripts.run.machine import Problem
from tests.scripts.run.stand_ins.endpoint import KEY as SECRET
from tests.scripts.run.stand_ins.endpoint import Standing, endpoint
from tests.scripts.run.systems import ROOT, said

PROMPTS = "How does the tide turn?\n\nWhere is the lift?\n"
NAMES = ("system", "workload", "stage", "outcome", "model", "service", "concurrency", "requests", "answers")


def served(folder: Path, server: Standing, *options: object) -> subprocess.CompletedProcess[str]:
    """Run the script against an endpoint."""
    (folder / "prompts.txt").write_text(PROMPTS)
    script = [str(ROOT / "scripts/run/served.sh"), "--out", str(folder / "logs"), "--prompts", f"{folder}/prompts.txt"]
    asked = ["--model", "Abacus-7B", "--service", "a stand-in", "--repetitions", "2", *map(str, options)]
    environment = {**os.environ, ADDRESS: server.address, KEY: SECRET, "PYTHON": sys.executable, "NO_PROXY": "*"}
    done = subprocess.run([*script, *asked], env=environment, text=True, capture_output=True, timeout=60)
    _holds_no_secret(folder, server, done)
    return done


def _holds_no_secret(folder: Path, server: Standing, done: subprocess.CompletedProcess[str]) -> None:
    texts = [done.stdout, done.stderr, *(log.read_text() for log in folder.glob("logs/*"))]
    secrets = (SECRET, "127.0.0.1", str(server.server_port))
    assert [secret for secret in secrets for text in texts if secret in text] == []


def runs(folder: Path) -> list[Run]:
    """Return the runs of the logs, oldest first; a log holds one."""
    logs = sorted(folder.glob("logs/*.log"), key=lambda log: log.stat().st_mtime_ns)
    found = [read(log).runs for log in logs]
    assert [len(of) for of in found] == [1] * len(logs)
    return [of[0] for of in found]


def test_each_number_of_requests_at_a_time_is_a_run(tmp_path: Path) -> None:
    with endpoint() as server:
        done = served(tmp_path, server, "--concurrency", 1, 4)
        assert done.returncode == 0, done.stderr
    common = ("Served", "chat", "inference", "completed", "Abacus-7B", "a stand-in")
    assert [said(run, *NAMES) for run in runs(tmp_path)] == [(*common, n, "4", "4") for n in ("1", "4")]
    assert len(server.asked) == 8
    assert server.keys == {f"Bearer {SECRET}"}
    assert 1 < server.most <= 4


def test_what_is_asked_for_is_sent(tmp_path: Path) -> None:
    with endpoint() as server:
        assert served(tmp_path, server, "--concurrency", 1, "--max-tokens", 9).returncode == 0
    assert [body["messages"][0]["content"] for body in server.asked] == [*PROMPTS.split("\n")[::2]][:2] * 2
    assert {(body["model"], body["max_tokens"], body["stream"]) for body in server.asked} == {("Abacus-7B", 9, True)}


def test_the_figures_of_a_run_follow_from_those_of_its_requests(tmp_path: Path) -> None:
    with endpoint() as server:
        assert served(tmp_path, server, "--concurrency", 1).returncode == 0
    (run,) = runs(tmp_path)
    series = {one.name: [float(value) for value in one.values] for one in run.series}
    assert series["answer_tokens"] == [4.0] * 4
    assert said(run, "output_tokens", "prompts", "repetitions", "max_tokens") == ("16", "2", "2", "128")
    seconds = float(said(run, "answering_time")[0])
    assert float(said(run, "output_throughput")[0]) == pytest.approx(16 / seconds, rel=1e-3)
    assert sum(series["answer_time"]) <= seconds * 1.01
    assert all(
        first < 1000 * whole for first, whole in zip(series["first_token_time"], series["answer_time"], strict=True)
    )
    assert float(said(run, "low_first_token_time")[0]) == min(series["first_token_time"])
    assert float(said(run, "high_first_token_time")[0]) == max(series["first_token_time"])


def test_tokens_that_are_not_counted_are_absent(tmp_path: Path) -> None:
    with endpoint("uncounted") as server:
        assert served(tmp_path, server, "--concurrency", 2).returncode == 0
    (run,) = runs(tmp_path)
    assert said(run, "outcome", "answers", "output_tokens", "output_throughput") == ("completed", "4", "", "")
    assert {one.name for one in run.series} == {"first_token_time", "answer_time"}


FAULTS = {
    "busy": "2 requests failed; one of them: HTTP 429 Too many for ... at ...",
    "elsewhere": "4 requests failed; one of them: HTTP 302 Found",
    "error": "4 requests failed; one of them: the endpoint reported an error within its answer",
    "silent": "4 requests failed; one of them: an answer without a token",
    "cut": "4 requests failed; one of them: broken off: the answer has no end",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_request_that_fails_fails_the_run(tmp_path: Path, fault: str) -> None:
    with endpoint(fault) as server:
        assert served(tmp_path, server, "--concurrency", 1).returncode == 1
    (run,) = runs(tmp_path)
    assert said(run, "outcome", "failure_reason") == ("failed", FAULTS[fault])
    assert said(run, "answers") == ("2" if fault == "busy" else "0",)


def test_an_endpoint_that_is_not_there_fails_the_run(tmp_path: Path) -> None:
    with endpoint() as server:
        pass
    assert served(tmp_path, server, "--concurrency", 1).returncode == 1
    (reason,) = said(runs(tmp_path)[0], "failure_reason")
    assert reason.startswith("4 requests failed; one of them: no connection: ")


NO_ENDPOINTS = {
    ("", ""): f"{ADDRESS} is not an address",
    ("inference.example/v1", ""): f"{ADDRESS} is not an address",
    ("https://[broken", ""): f"{ADDRESS} is not an address",
    ("https://somebody:word@inference.example/v1", ""): f"{ADDRESS} holds a user or password",
    ("http://inference.example/v1", SECRET): "the key would travel unprotected; use https:",
    ("https://inference.example/v1", f"{SECRET}\n"): f"{KEY} holds a line break",
}


@pytest.mark.parametrize(("address", "key"), NO_ENDPOINTS)
def test_an_endpoint_that_is_refused(address: str, key: str) -> None:
    with pytest.raises(Problem) as refused:
        Endpoint.of({ADDRESS: address, KEY: key}, 1)
    assert NO_ENDPOINTS[address, key] in str(refused.value)
    assert "example" not in str(refused.value)
    assert SECRET not in str(refused.value)


NEEDED = {
    "--model: name the model": {"options": ("--service", "a"), ADDRESS: "https://a.example"},
    "--service: say what serves the model": {"options": ("--model", "a"), ADDRESS: "https://a.example"},
    "OPENAI_BASE_URL is not set": {"options": ("--model", "a", "--service", "a"), ADDRESS: ""},
}


@pytest.mark.parametrize("words", NEEDED)
def test_what_is_needed_is_said(tmp_path: Path, words: str) -> None:
    case = NEEDED[words]
    command = [str(ROOT / "scripts/run/served.sh"), "--out", str(tmp_path / "logs"), *case["options"]]
    environment = {**os.environ, ADDRESS: str(case[ADDRESS])}
    done = subprocess.run(command, env=environment, text=True, capture_output=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr


def test_the_circle_closes_on_a_page(tmp_path: Path) -> None:
    with endpoint() as server:
        assert served(tmp_path, server, "--concurrency", 1, 4).returncode == 0
    assert report([str(tmp_path / "logs"), str(tmp_path / "out")]) == 0
    page = (tmp_path / "out/pages/served.md").read_text(encoding="utf-8")
    (table,) = [part for part in page.split("\n\n") if part.startswith("| served by")]
    assert table.count(".md#output_throughput") == table.count(".md#answer_throughput") == 2
    assert "Each number of requests was run once." in page
    assert "No log of Served is here" not in page


def test_without_a_run_the_page_says_so() -> None:
    page = (ROOT / "docs/served.md").read_text(encoding="utf-8")
    there = list((ROOT / "raw_logs").glob("served/*.log"))
    assert ("No log of Served is here." in page) is not bool(there)
