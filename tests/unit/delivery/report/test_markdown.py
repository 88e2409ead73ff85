"""What people wrote stays text, whatever it looks like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from delivery.report.markdown import code, fence, folded, phrase, summary_html, table, text, visible
from delivery.report.words import Quoted, say

_GITHUB = MarkdownIt("commonmark").enable("table").enable("strikethrough")
_NASTY = st.text(
    alphabet=st.sampled_from(list("`~<>|*_[]()!#@&\\-+=.:/ \n\tab1\u202e\u200b\u00e9$")), max_size=40
)


def _kinds(markdown: str) -> set[str]:
    """Return the kinds of all tokens, those inside lines as well."""
    kinds = set()
    for token in _GITHUB.parse(markdown):
        kinds |= {token.type, *(child.type for child in token.children or ())}
    return kinds


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<!-- model-gateway: preview -->",
        "</details>",
        "[a](https://evil.example)",
        "![a](https://evil.example/a.png)",
        "**bold** _slanted_ ~~gone~~ `code`",
        "# title",
        "- item",
        "+ item",
        "1. item",
        "12) item",
        "> quote",
        "---",
        "===",
        "&lt;b&gt;",
        "a | b",
        "a\\",
    ],
)
def test_words_make_no_markup(words: str) -> None:
    assert _kinds(text(words)) <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}
    assert words.split(maxsplit=1)[0][:3] in "".join(
        child.content for token in _GITHUB.parse(text(words)) for child in token.children or ()
    )


@pytest.mark.parametrize("words", ["@contoso/team", "a @someone", "#123", "contoso/shop#1", "GH-12"])
def test_nobody_is_notified_and_nothing_is_referred_to(words: str) -> None:
    written = text(words)
    assert not re.search(r"@[A-Za-z]|#\d|GH-\d", written.replace("\\", ""))
    assert not re.search(r"@[A-Za-z]|#\d|GH-\d", summary_html(words))
    assert code(words) == f"`{words}`"  # code never notifies


@pytest.mark.parametrize(
    "words", ["https://github.com/contoso/shop/issues/1", "www.contoso.example", ":tada:"]
)
def test_no_address_becomes_a_link_and_no_word_a_picture(words: str) -> None:
    assert not re.search(r"https?://\w|www\.\w|:\w+:", text(words))


@given(_NASTY)
def test_a_code_span_holds_all_of_its_value(value: str) -> None:
    (paragraph,) = [token for token in _GITHUB.parse(code(value)) if token.type == "inline"]
    spans = [child for child in paragraph.children or () if child.type == "code_inline"]
    if value.strip(" \t"):
        assert [child.type for child in paragraph.children or ()] == ["code_inline"]
        assert spans[0].content == visible(value).replace("\n", "⏎").replace("\t", " ")


@given(_NASTY)
def test_a_fence_holds_all_of_its_content(content: str) -> None:
    blocks = _GITHUB.parse(f"{fence(content, 'diff')}\n\nafter\n")
    assert [block.type for block in blocks] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert blocks[0].content == visible(content) + "\n"


@given(_NASTY, _NASTY)
def test_a_table_keeps_its_shape(one: str, other: str) -> None:
    made = table(["a", "b"], [[code(one), text(other) or "x"], ["1", "2"]], numbers=1)
    cells = [token.type for token in _GITHUB.parse(made) if token.type == "td_open"]
    assert len(cells) == 4


@given(_NASTY, _NASTY)
def test_phrases_of_anything_are_text_and_code(one: str, other: str) -> None:
    kinds = _kinds(phrase(say("v1: ", one, " is ", Quoted(other), ".")))
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special", "code_inline"}


def test_characters_that_hide_or_turn_text_are_seen() -> None:
    assert visible("a\u202eb\u200bc\x1b[31m\ud800") == "a\\u202eb\\u200bc\\u001b[31m\\ud800"
    assert "\u202e" not in fence("a\u202eb") + code("a\u202eb") + text("a\u202eb") + folded("a\u202eb", "")


def test_a_summary_is_text_in_html() -> None:
    assert summary_html("</summary><b>&") == "&lt;/summary&gt;&lt;b&gt;&amp;"


def test_nothing_at_all_is_seen_as_that() -> None:
    assert (code(""), code(" ")) == ("(empty)", "(spaces)")
