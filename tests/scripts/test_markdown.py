from __future__ import annotations

import html
import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.report.markdown import CommentMark, checked, code, escaped, link, table

EXTENSIONS = ["tables", "attr_list", "md_in_html", "footnotes", "abbr"]
HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "a | b",
    "*bold* _it_ `code`",
    "{ .class #id }",
    "<!-- end runs -->",
    "{{ config }}",
    "![x](y)",
    "# heading",
    "&lt;",
    "a\\|b",
]


def _cell(text: str) -> str:
    page = markdown.markdown(table(["h"], [[text]]), extensions=EXTENSIONS)
    cell = re.search(r"<td>(.*?)</td>", page, re.DOTALL)
    assert cell is not None
    return cell[1]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_log_stands_letter_by_letter_in_a_cell(text: str) -> None:
    assert html.unescape(_cell(escaped(text))) == text
    assert html.unescape(_cell(code(text))) == f"<code>{text}</code>"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs")), min_size=1))
def test_any_text_survives_in_a_cell(text: str) -> None:
    assert html.unescape(_cell(escaped(text))) == text


def test_control_and_direction_characters_are_spelt_out() -> None:
    assert html.unescape(escaped("a\u202eb\x1b[0m\n")) == "a\\u202eb\\u001b[0m\\u000a"


@pytest.mark.parametrize("text", ["a <!-- b", "a --> b"])
def test_a_comment_mark_in_generated_text_is_refused(text: str) -> None:
    with pytest.raises(CommentMark, match="comment mark"):
        checked(text)


def test_links_and_tables() -> None:
    assert link("7", "x.md#y") == "[7](x.md#y)"
    assert link("7", "") == "7"
    assert table(["a", "b"], [["1", "2"]], "r") == "| a | b |\n| --: | --- |\n| 1 | 2 |\n"
