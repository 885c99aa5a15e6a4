"""Logs in JSON objects and in HTML give the facts of the plain text, on the lines of their file."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from parsers.engine.lines import decode
from parsers.engine.text import texts
from parsers.reading import parse, readings
from tests.parsers.samples import NAMES, case, table

# A notebook is told by the whole file.
LOGS = [name for name in NAMES if not name.startswith("notebook")]
WHOLE = [name for name in LOGS if case(name).endswith(b"\n")]
SOME = ("graphcore_mnist", "cerebras_two_runs", "groq_rebuilt", "sambanova_two_runs", "several_systems")


def in_objects(data: bytes, **around: str) -> bytes:
    """Return a log with each line in a JSON object, together with other values."""
    *lines, rest = decode(data).split("\n")
    whole = ({key: value.replace("{}", line) for key, value in around.items()} for line in lines)
    return "".join(f"{json.dumps(said)}\n" for said in whole).encode() + rest.encode()


OBJECTS: dict[str, Callable[[bytes], bytes]] = {
    "docker": lambda data: in_objects(data, log="{}\n", stream="stdout", time="2024-05-01T10:00:00.5Z"),
    "kubernetes": lambda data: in_objects(data, time="2024-05-01T10:00:00.5Z", stream="stderr", log="{}"),
    "structlog": lambda data: in_objects(data, level="info", msg="{}"),
    "logstash": lambda data: in_objects(data, **{"@timestamp": "2024-05-01T10:00:00.5Z", "message": "{}"}),
    "journald": lambda data: in_objects(data, __REALTIME_TIMESTAMP="1714557600500000", MESSAGE="{}"),
    "loguru": lambda data: in_objects(data, text="{}\n"),
    "loki": lambda data: in_objects(data, line="{}", timestamp="1714557600500000"),
    "cloud": lambda data: in_objects(data, textPayload="{}", severity="INFO"),
}
PAGES: dict[str, Callable[[bytes], bytes]] = {
    "escaped": lambda data: html.escape(decode(data)).encode(),
    "page": lambda data: b"<html><body><pre>" + html.escape(decode(data)).encode() + b"</pre></body></html>\n",
    "numbers": lambda data: decode(data).replace("<", "&#60;").replace("'", "&#x27;").encode(),
    "colours": lambda data: b"".join(
        b'<span class="l">%s</span>\n' % html.escape(decode(line)).encode() for line in data.splitlines()
    ),
}


def told(data: bytes) -> list[tuple[object, ...]]:
    """Return the facts with their lines; a return in an object is none of the file, so no view lines."""
    return [row[:8] for row in table(decode(data).encode())]


@pytest.mark.parametrize(("name", "kind"), [*product(LOGS, ["docker"]), *product(SOME, OBJECTS)])
def test_a_log_in_json_objects_gives_the_same_facts_on_the_same_lines(name: str, kind: str) -> None:
    assert told(OBJECTS[kind](case(name))) == told(case(name))


@pytest.mark.parametrize(("name", "kind"), [*product(WHOLE, ["page"]), *product(SOME, PAGES)])
def test_a_log_in_html_gives_the_same_facts_on_the_same_lines(name: str, kind: str) -> None:
    log = case(name) if kind != "colours" else case(name).replace(b"\r", b"")
    assert by_metric(told(PAGES[kind](log))) == by_metric(told(log))


def by_metric(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return what rows say but the line of an outcome: the end of a page is a line more."""
    return [row if row[2] != "outcome" else row[:7] for row in rows]


def test_view_lines_of_objects_are_their_lines() -> None:
    rows = table(OBJECTS["docker"](case("graphcore_view")))
    assert [row[7] for row in rows] == [row[8] for row in rows]


def test_a_line_that_is_no_object_with_text_stays_as_it_is() -> None:
    log = case("cerebras_train")
    half = log.index(b"\n", len(log) // 2) + 1
    for mixed in (log[:half] + OBJECTS["docker"](log[half:]), OBJECTS["docker"](log[:half]) + log[half:]):
        assert table(mixed) == table(log)
    other = b'{"loss": 7.5, "step": 5}\n{"log": 5}\n{"text": broken\n[1, "log"]\n'
    (text,) = texts(other)
    assert text == (other, None, True)


def test_two_logs_of_objects_end_to_end_give_the_runs_of_both() -> None:
    one, other = case("cerebras_train"), case("sambanova_train")
    assert told(OBJECTS["docker"](one) + OBJECTS["logstash"](other)) == told(one + other)
    assert told(one + OBJECTS["docker"](other)) == told(one + other)


@pytest.mark.parametrize("name", ["cerebras_train", "sambanova_train", "graphcore_mnist", "groq_score"])
def test_a_prefix_of_objects_says_nothing_that_the_whole_does_not(name: str) -> None:
    data = OBJECTS["docker"](case(name))
    whole = set(told(data))
    summing = {"outcome", "failure_reason", "ended_at", "throughput", "train_time", "total_time", "epoch_time"}
    for cut in range(0, len(data), 7):
        more = [row for row in told(data[:cut]) if row not in whole and row[2] not in summing]
        assert more == []


def test_what_an_object_says_beside_its_text_is_not_used() -> None:
    said = {"log": "Effective batch size is 64.\n", "attrs": {"x": "Accuracy on test set: 97.5%"}, "time": "Loss=7.5 "}
    assert [row[5] for row in table(json.dumps(said).encode() + b"\n") if row[1] in ("parameter", "metric")] == ["64"]


def test_a_line_that_docker_cuts_goes_on_in_the_next_object() -> None:
    log = b"x" * (16384 - 20) + b" Accuracy on test set: 97.54%\nsrun: job 5 queued and waiting\n"
    parts = [log[:16384], log[16384 : log.index(b"\n") + 1], log[log.index(b"\n") + 1 :]]
    data = "".join(f"{json.dumps({'log': part.decode()})}\n" for part in parts).encode()
    (text,) = texts(data)
    assert text.data == log
    assert text.places == ((2, 2), (3, 3), (4, 4))


def test_an_object_of_several_lines_and_one_in_colours() -> None:
    said = {"message": "\x1b[32mEffective batch size is 64.\x1b[0m\nCompile was successful!\n"}
    (text,) = texts(b"first\n" + json.dumps(said).encode() + b"\nlast")
    assert text.data == b"first\nEffective batch size is 64.\nCompile was successful!\nlast"
    assert text.places == ((1, 1), (2, 2), (2, 2), (3, 3))


def test_objects_that_nest_without_end_are_text() -> None:
    data = b'{"log": ' + b"[" * 100_000 + b"\n"
    assert texts(data)[0].data == data


def test_a_page_makes_no_digit_and_no_line_of_a_mark() -> None:
    data = b"Loss=7.5&#51;&#10;&#x41;&#0;&amp;lt;&copy;&lt &unknown; <pre\nx> <presto>\n"
    assert texts(data)[0].data == data.replace(b"&amp;", b"&")


def test_objects_in_a_large_file_are_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = case("cerebras_train") + b"#\n" * 5000 + OBJECTS["docker"](case("sambanova_train"))
    (tmp_path / "large.log").write_bytes(log)
    monkeypatch.setattr("parsers.reading.HELD", 1000)
    runs = [run for reading in readings(tmp_path / "large.log", "") for run in reading.runs]
    assert tuple(runs) == parse(log, "").runs


def test_html_in_a_large_file_is_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = b"#\n" * 5000 + PAGES["escaped"](case("sambanova_train"))
    (tmp_path / "large.log").write_bytes(log)
    monkeypatch.setattr("parsers.reading.HELD", 1000)
    runs = [run for reading in readings(tmp_path / "large.log", "") for run in reading.runs]
    assert tuple(runs) == parse(log, "").runs != ()
