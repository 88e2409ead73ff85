"""A document is cut block by block, the least important first, and always fits."""

from hypothesis import given
from hypothesis import strategies as st

from delivery.report.fitting import Block, Part, fit, size

_POINTER = "_The whole of it is elsewhere._"


def test_what_fits_is_left_alone() -> None:
    parts = [Part("### A", (Block(("one",), 0), Block(("two",), 9))), Part("### Empty", ())]
    fitted = fit("head", parts, _POINTER)
    assert (fitted.text, fitted.is_cut) == ("head\n\n### A\n\none\n\ntwo\n", False)


def test_the_highest_rank_goes_first_and_of_it_the_largest() -> None:
    parts = [
        Part("### Failed", (Block(("f" * 100,), 0),)),
        Part("### Details", (Block(("s" * 300,), 5), Block(("l" * 600, "l" * 30), 5))),
    ]
    fitted = fit("head", parts, _POINTER, limit=700)
    assert fitted.is_cut
    assert (
        fitted.text
        == f"head\n\n### Failed\n\n{'f' * 100}\n\n### Details\n\n{'s' * 300}\n\n{'l' * 30}\n\n{_POINTER}\n"
    )


def test_what_is_left_out_is_counted() -> None:
    parts = [
        Part("### Deletes", tuple(Block((f"- {number}" + "x" * 100,), 1) for number in range(9)), joint="\n")
    ]
    text = fit("head", parts, _POINTER, limit=400).text
    kept = text.count("\n- ")
    assert 0 < kept < 9
    assert f"_{9 - kept} more are left out here._" in text
    assert text.endswith(f"{_POINTER}\n")


def test_the_length_is_that_of_utf_8() -> None:
    parts = [Part("", (Block(("日" * 100,), 5),))]
    assert fit("head", parts, "", limit=200).is_cut
    assert not fit("head", parts, "", limit=400).is_cut


_BLOCKS = st.builds(
    Block,
    st.lists(st.text(max_size=200), min_size=1, max_size=3).map(tuple),
    st.integers(min_value=0, max_value=5),
)
_PARTS = st.lists(st.builds(Part, st.just("### Title"), st.lists(_BLOCKS, max_size=8).map(tuple)), max_size=6)


@given(_PARTS, st.integers(min_value=700, max_value=3000))
def test_it_always_fits(parts: list[Part], limit: int) -> None:
    fitted = fit("head", parts, _POINTER, limit)
    assert size(fitted.text) <= limit
    assert fitted.text.endswith(f"{_POINTER}\n") is fitted.is_cut or not fitted.is_cut
