from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from local_azure.provider.values import from_struct, get_path, set_path, to_struct, without_path

if TYPE_CHECKING:
    from local_azure.provider.values import JsonObject

_JSON = st.recursive(
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), _JSON))
def test_properties_survive_the_protocol(properties: JsonObject) -> None:
    assert from_struct(to_struct(properties)) == properties


def test_whole_numbers_stay_whole() -> None:
    struct = struct_pb2.Struct()
    struct.update({"calls": 60.0, "sampling": 0.5})
    values = from_struct(struct)
    assert (type(values["calls"]), type(values["sampling"])) == (int, float)


def test_a_null_is_a_property_that_is_not_set() -> None:
    struct = struct_pb2.Struct()
    struct.update({"a": None, "b": {"c": None, "d": 1}})
    assert from_struct(struct) == {"b": {"d": 1}}


def test_paths_are_read_written_and_left_out() -> None:
    body: JsonObject = {"properties": {"pool": {"services": []}}}
    set_path(body, ("properties", "url"), "https://x.example")
    assert get_path(body, ("properties", "url")) == "https://x.example"
    assert get_path(body, ("properties", "url", "deeper")) is None
    assert without_path(body, ("properties", "pool")) == {"properties": {"url": "https://x.example"}}
    assert without_path(body, ("sku", "name")) == body
