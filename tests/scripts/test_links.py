from __future__ import annotations

import pytest

from scripts.report.known import Quantity
from scripts.report.links import BrokenPage, fill, fill_titles, moved
from scripts.report.markdown import CommentMark

SPEED = Quantity("runs/a-1.md", "throughput", "throughput", "logged", "2293.25", "samples/s", "2 293")
CLOCK = Quantity("constants.md", "clock", "clock", "documented", "900", "MHz", "900")
WORDS = 'a "b" (c) [d] _e_ | \\ &'
RATE = Quantity("runs/a-1.md", "rate", "rate", "logged", "7", "", "7", f"rate, {WORDS}, line 3")
LABEL = Quantity("runs/a-1.md", "", "run", "named", "8 tasks", "", "8 tasks", "System, 8 tasks")
KNOWN = {one.address: one for one in (SPEED, CLOCK, RATE, LABEL)}
# Every sign that is not a letter, a digit or a few more is an entity.
TITLE = '"rate, a &#34;b&#34; &#40;c&#41; &#91;d&#93; &#95;e&#95; &#124; &#92; &#38;, line 3"'
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
        ("a.md", "the [run](runs/a-1.md) itself", 'the [run](runs/a-1.md "System, 8 tasks") itself'),
        ("a.md", "[?](runs/a-1.md#rate)", f"[7](runs/a-1.md#rate {TITLE})"),
        ("a.md", '[8](runs/a-1.md#rate "rate, 9 tasks, line 4")', f"[7](runs/a-1.md#rate {TITLE})"),
        ("a.md", "[8](runs/a-1.md#rate 'a (b) \"c\"')", f"[7](runs/a-1.md#rate {TITLE})"),
        ("a.md", "[8](runs/a-1.md#rate (other))", f"[7](runs/a-1.md#rate {TITLE})"),
        ("a.md", '[8]( <runs/a-1.md#rate>  "a \\" b" )', f"[7](runs/a-1.md#rate {TITLE})"),
        ("a.md", '[8](runs/a-1.md#throughput "old")', "[2 293](runs/a-1.md#throughput)"),
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


def test_links_in_blocks_get_titles_and_keep_their_texts() -> None:
    blocks = {"rate": lambda _: "[7.0](runs/a-1.md#rate)"}
    filled = f"<!-- begin rate -->\n\n[7.0](runs/a-1.md#rate {TITLE})\n\n<!-- end rate -->\n"
    assert fill("a.md", "<!-- begin rate -->\n<!-- end rate -->\n", blocks, KNOWN) == filled
    assert fill("a.md", filled, blocks, KNOWN) == filled


def test_markers_in_code_are_text() -> None:
    text = "```\n<!-- begin runs -->\n```\n"
    assert fill("p.md", text, BLOCKS, KNOWN) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n\n[?](runs/a-1.md#nothing)\n", "p.md:3: no fact has the address 'runs/a-1.md#nothing'; this page has "),
        (
            "[?](runs/b-1.md#rate)\n",
            "p.md:1: no fact has the address 'runs/b-1.md#rate'; there is no such page; pages like it are runs/a-1.md",
        ),
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


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("[7.00](../runs/a-1.md#rate)", f"[7.00](../runs/a-1.md#rate {TITLE})"),
        ("[why](../constants.md#clock)", "[why](../constants.md#clock)"),
        ("`[7](../runs/a-1.md#rate)`", "`[7](../runs/a-1.md#rate)`"),
        ("```\n[7](../runs/a-1.md#rate)\n```", "```\n[7](../runs/a-1.md#rate)\n```"),
        ("![7](../runs/a-1.md#rate)", "![7](../runs/a-1.md#rate)"),
    ],
)
def test_a_generated_page_gets_titles_and_keeps_its_texts(text: str, filled: str) -> None:
    assert fill_titles("x/b.md", f"{text}\n", KNOWN) == f"{filled}\n"
    assert fill_titles("x/b.md", f"{filled}\n", KNOWN) == f"{filled}\n"


@pytest.mark.parametrize("text", ['| <a id="rate"></a>rate | [7](#rate) |', '- <a id="rate"></a>[7](a-1.md#rate): it'])
def test_a_link_to_its_own_row_is_the_place_that_others_lead_to(text: str) -> None:
    filled = fill_titles("runs/a-1.md", f"{text}\n", KNOWN)
    assert filled.count('<span id="rate">7</span>') == 1
    assert filled.count("](") == filled.count("<a") == 0
    assert fill_titles("runs/a-1.md", "[7](#rate)\n", KNOWN) == f"[7](#rate {TITLE})\n"  # from elsewhere on the page


def test_links_of_a_text_for_a_page_of_the_root_are_moved() -> None:
    text = '[a](b.md#c "m") ![d](e/f.svg#g) [h](https://i.org/j) [k](#l)'
    assert moved(text, "people/p01.md") == '[a](../b.md#c "m") ![d](../e/f.svg#g) [h](https://i.org/j) [k](#l)'
    assert moved(text, "p01.md") == text
