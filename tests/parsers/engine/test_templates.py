"""Patterns made of lines as they are printed: what fits into a hole, and what ends it."""

from __future__ import annotations

import re

import pytest

from parsers.engine.shapes import literal
from parsers.engine.templates import KINDS, DialectFault, line, maybe

LINES: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    # (template, text, what each hole holds; None: no such line)
    ("Loss: {loss}", "Loss: 1.5 ", {"loss": "1.5"}),
    ("Loss: {loss}", "Loss: -1.5e-07, ", {"loss": "-1.5e-07"}),
    ("Loss: {loss:number}", "Loss: nan\n", {"loss": "nan"}),
    ("Loss: {loss}", "Loss: 1.5", None),  # the rest may have been cut off
    ("Loss: {loss}", "Loss: 1,500 ", None),
    ("Loss: {loss}", "Loss: 1.5e", None),
    ("step {step:int} of", "step 12 of", {"step": "12"}),
    ("step {step:int}", "step 123456789012345678 ", {"step": "123456789012345678"}),
    ("step {step:int}", "step 1234567890123456789 ", None),
    ("step {step:int}", "step 1.5 ", None),
    ("took {time:clock}!", "took 1:02:03!", {"time": "1:02:03"}),
    ("took {time:clock}", "took 62 ", None),
    ("on {host:word}", "on node{1}\n", None),
    ("on {host:word}", "on [a/b]\n", {"host": "[a/b]"}),
    ("on {host:word} now", "on a now", {"host": "a"}),
    ('"{model:name}"', '"bert_tiny"', {"model": "bert_tiny"}),
    ("{model:name}", "bert tiny\n", None),
    ("{sdk:version}", "1.2+a~b:c-d\n", {"sdk": "1.2+a~b:c-d"}),
    ("job {job:id}", "job a-b, next", {"job": "a-b"}),
    ("job {job:id}", "job a-b: next", None),
    ("why: {why:text}", "why: it is full`\n", {"why": "it is full"}),
    ("why: {why:text}", "why: \n", None),
    ("why: {why:any}", "why: \n", {"why": ""}),
    ("why: {why:rest}", "why: it is full`\r\n", {"why": "it is full`"}),
    ("why: {why:rest}", "why: \n", None),
    ("why: {why:more}", "why: \n", {"why": ""}),
    ("cpu |{row:cells}", "cpu | 1.5 | 2 |\n", {"row": " 1.5 | 2 |"}),
    ("a{:blanks}b", "a \t b", {}),
    ("a{:blanks}b", "ab", None),
    ("a{:marks}b", "a `*b", {}),
    ("a{:marks}b", "ab", {}),
    ("done{:end}", "done\n", {}),
    ("done{:end}", "done too\n", None),
    ("{stage:train|eval loop}", "eval loop\n", {"stage": "eval loop"}),
    ("{stage:train|eval}", "training\n", None),
    ("{stage:a.c|d}!", "abc!", None),
    ("{{{step:int}}}", "{5}", {"step": "5"}),
    ("[a].* {step:int}", "[a].* 5 ", {"step": "5"}),
    ("{a:int}{b:name}!", "12x!", {"a": "12", "b": "x"}),
    ("{a:name}.5!", "x.5!", {"a": "x"}),
    ("{a:name}{b:blanks}!", "x !", {"a": "x", "b": " "}),
    ("{a:name}{{!", "x{!", {"a": "x"}),
)


@pytest.mark.parametrize(("template", "text", "holes"), LINES)
def test_a_template_matches_its_lines(template: str, text: str, holes: dict[str, str] | None) -> None:
    match = re.match(line(template), text.encode())
    assert (match and {name: value.decode() for name, value in match.groupdict().items()}) == holes


def test_a_hole_gives_nothing_back_where_what_follows_is_none_of_it() -> None:
    assert b"++" in line("step {step:int} of").replace(b"}+", b"++")
    assert re.match(line("{a:name} {b:name}!"), b"x" * 100_000) is None
    assert line("{a:int} {b:int}|") == rb"(?P<a>\d{1,18}+)\ (?P<b>\d{1,18}+)\|"
    assert line("{a:int}5") == rb"(?P<a>\d{1,18})5"
    assert line("{a:int}{:marks}!") == rb"(?P<a>\d{1,18}+)(?:[ \t*`_]{0,8}+)!"
    assert line("{a:int}{:blanks}") == rb"(?P<a>\d{1,18}+)(?:[ \t]{1,8}+)"


def test_a_pattern_of_its_own_takes_the_place_of_a_kind() -> None:
    own = line("hash: {hash}, ", hash=rb"cs_\w{1,80}+")
    assert own == rb"hash:\ (?P<hash>cs_\w{1,80}+),\ "
    assert line("{hash:id}", hash=b"cs") == b"(?P<hash>cs)" + KINDS["id"].end
    assert line("{hash}", hash=b"cs") == b"(?P<hash>cs)"


def test_a_quotation_mark_before_a_line_may_make_it_another() -> None:
    assert re.search(line("Building", unquoted=True), b'"Building') is None
    assert re.search(line("Building"), b'"Building') is not None
    assert re.search(line("Building", unquoted=True), b"Building") is not None


def test_a_part_may_be_missing() -> None:
    pattern = line("Loss={loss}") + maybe(", Rate={rate}")
    assert re.match(pattern, b"Loss=1.5\n").groupdict() == {"loss": b"1.5", "rate": None}  # type: ignore[union-attr]
    assert re.match(pattern, b"Loss=1.5, Rate=2.5 ").groups() == (b"1.5", b"2.5")  # type: ignore[union-attr]


def test_a_template_stays_the_example_of_its_lines() -> None:
    made = line("step {step:int}: {{")
    assert made.template == "step {step:int}: {{"
    assert literal(made) == b"step "


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{loss:nummer}", "'{loss:nummer}': 'nummer' is not a kind of hole; kinds are number, int, clock"),
        ("{loss", "'{loss': expected '}' before end of string; a brace of the line itself is written twice"),
        ("loss}", "'loss}': Single '}' encountered in format string; a brace of the line itself is written twice"),
    ],
)
def test_a_broken_template_is_one_sentence(template: str, sentence: str) -> None:
    with pytest.raises(DialectFault) as fault:
        line(template)
    assert str(fault.value).startswith(sentence)
