from __future__ import annotations

import pytest

from scripts.report.known import Quantity
from scripts.report.links import BrokenPage, fill
from scripts.report.markdown import CommentMark

SPEED = Quantity("runs/a-1.md", "throughput", "throughput", "logged", "2293.25", "samples/s", "2 293")
CLOCK = Quantity("constants.md", "clock", "clock", "documented", "900", "MHz", "900")
KNOWN = {SPEED.address: SPEED, CLOCK.address: CLOCK}
BLOCKS = {"runs": lambda page: f"| from {page} |\n", "bad": lambda _: "text <!-- end runs -->\n"}


@pytest.mark.parametrize(
    ("page", "text", "filled"),
    [
        ("a.md", "It is [?](runs/a-1.md#throughput).", "It is [2 293](runs/a-1.md#throughput)."),
        (
            "a.md",
            "[1](runs/a-1.md#throughput), [?](constants.md#clock)",
            "[2 293](runs/a-1.md#throughput), [900](constants.md#clock)",
        ),
        ("x/a.md", "[?](../runs/a-1.md#throughput)", "[2 293](../runs/a-1.md#throughput)"),
        ("runs/b.md", "[?](a-1.md#throughput)", "[2 293](a-1.md#throughput)"),
        ("a.md", "- one\n    - [?](runs/a-1.md#throughput)", "- one\n    - [2 293](runs/a-1.md#throughput)"),
        ("a.md", "| a | [?](runs/a-1.md#throughput) |", "| a | [2 293](runs/a-1.md#throughput) |"),
        ("a.md", "!!! note\n\n    [?](runs/a-1.md#throughput)", "!!! note\n\n    [2 293](runs/a-1.md#throughput)"),
        ("a.md", '=== "Tab"\n\n    [?](runs/a-1.md#throughput)', '=== "Tab"\n\n    [2 293](runs/a-1.md#throughput)'),
        ("a.md", "the [run](runs/a-1.md) itself", "the [run](runs/a-1.md) itself"),
        ("a.md", "`[?](runs/a-1.md#throughput)`", "`[?](runs/a-1.md#throughput)`"),
        ("a.md", "```\n[?](runs/a-1.md#nothing)\n```", "```\n[?](runs/a-1.md#nothing)\n```"),
        ("a.md", "![?](figures/a.svg#gh-dark-mode-only)", "![?](figures/a.svg#gh-dark-mode-only)"),
        (
            "a.md",
            "[there](https://example.org/runs/a-1.md#throughput)",
            "[there](https://example.org/runs/a-1.md#throughput)",
        ),
    ],
)
def test_links_to_facts_are_filled(page: str, text: str, filled: str) -> None:
    assert fill(page, text + "\n", BLOCKS, KNOWN) == filled + "\n"
    assert fill(page, filled + "\n", BLOCKS, KNOWN) == filled + "\n"


def test_blocks_are_written_with_blank_lines_and_the_markers_indentation() -> None:
    text = "- a\n\n    <!-- begin runs -->\n    old\n    <!-- end runs -->\n\nafter\n"
    filled = "- a\n\n    <!-- begin runs -->\n\n    | from p.md |\n\n    <!-- end runs -->\n\nafter\n"
    assert fill("p.md", text, BLOCKS, KNOWN) == filled
    assert fill("p.md", filled, BLOCKS, KNOWN) == filled


def test_markers_in_code_are_text() -> None:
    text = "```\n<!-- begin runs -->\n```\n"
    assert fill("p.md", text, BLOCKS, KNOWN) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n\n[?](runs/a-1.md#nothing)\n", "p.md:3: no fact has the address 'runs/a-1.md#nothing'"),
        ("[?](runs/b-1.md#throughput)\n", "p.md:1: no fact has the address"),
        ("<!-- begin what -->\n<!-- end what -->\n", "p.md:1: no block is called 'what'; known are bad, runs"),
        ("<!-- begin runs -->\ntext\n", "p.md:1: block 'runs' begins and never ends"),
        ("a\n<!-- end runs -->\n", "p.md:2: block 'runs' ends without having begun"),
        ("<!-- begin runs -->\n<!-- begin runs -->\n", "p.md:2: block 'runs' begins inside block 'runs' of line 1"),
        ("<!-- begin runs -->\n<!-- end bad -->\n", "p.md:2: block 'bad' ends without having begun"),
    ],
)
def test_what_cannot_be_filled_is_an_error_with_page_and_line(text: str, said: str) -> None:
    with pytest.raises(BrokenPage) as error:
        fill("p.md", text, BLOCKS, KNOWN)
    assert said in str(error.value)


def test_a_comment_mark_in_a_block_is_an_error() -> None:
    with pytest.raises(CommentMark):
        fill("p.md", "<!-- begin bad -->\n<!-- end bad -->\n", BLOCKS, KNOWN)


def test_what_stood_in_a_block_before_cannot_break_the_page() -> None:
    text = "<!-- begin runs -->\n[9](runs/gone-1.md#throughput)\n<!-- end runs -->\n"
    assert "gone" not in fill("p.md", text, BLOCKS, KNOWN)
