"""Requests of the Open Inference Protocol in which shape and data agree, as consumers may write them."""

from typing import Any

from hypothesis import strategies as st

_FLOATS = ("FP64", "FP32", "FP16")
_WHOLE = ("INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16", "UINT8")
_DATATYPES = (*_FLOATS, *_WHOLE)


@st.composite
def requests(draw: st.DrawFn, name: str, columns: int) -> dict[str, Any]:
    """Draw a request with one input of this name: some rows of numbers, in any numeric datatype, flat or nested."""
    datatype = draw(st.sampled_from(_DATATYPES))
    number = (
        st.integers(0, 9) if datatype in _WHOLE else st.one_of(st.integers(-5, 9), st.floats(-9, 9, width=16))
    )
    rows = draw(st.lists(st.lists(number, min_size=columns, max_size=columns), min_size=1, max_size=4))
    nested = draw(st.booleans())
    tensor = {
        "name": name,
        "shape": [len(rows), columns],
        "datatype": datatype,
        "data": rows if nested else [value for row in rows for value in row],
        **draw(_also({"parameters": st.sampled_from((None, {}, {"content_type": "np"}))})),
    }
    asked = [{"name": "predict"}]
    members = {
        "id": st.sampled_from((None, "42")),
        "parameters": st.none(),
        "outputs": st.sampled_from((None, [], asked)),
    }
    return {"inputs": [tensor], **draw(_also(members))}


def _also(members: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw some of the members that a request may have, each or not."""
    return st.fixed_dictionaries({}, optional=members)
