"""Signatures of MLflow: a retrained model has another column, or one of another type."""

import pytest
from pydantic import JsonValue

from delivery.compat.contracts import compare
from tests.gateway.contract_services import mlflow
from tests.unit.delivery.compat.making import told


def column(name: str, kind: str = "double", *, required: bool = True) -> JsonValue:
    return {"type": kind, "name": name, "required": required}


def tensor(dtype: str) -> JsonValue:
    return [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, 3]}}]


def breaking(old: JsonValue, new: JsonValue) -> list[str]:
    found = told(compare(mlflow(old), mlflow(new)))
    return [sentence for sentence in found if sentence.startswith("breaking")]


def test_a_required_column_more_is_told_by_its_name_for_each_form_of_a_request() -> None:
    found = breaking([column("a"), column("b")], [column("a"), column("b"), column("visits")])

    for sentence in (
        "`inputs.visits` is new and required",
        "`instances.visits` is new and required",
        "`dataframe_records` no longer takes lists in which no item has `visits`",
        "`dataframe_split.columns` no longer takes lists without `visits`",
    ):
        assert f"breaking: the request's field {sentence}" in found
    assert not [sentence for sentence in found if "cannot be told" in sentence or "(1)" in sentence]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([column("a", "long")], [column("a")]),
        ([column("a", "integer"), column("b", "long")], [column("a", "float"), column("b")]),
        ([column("a"), column("b")], [column("a", required=False), column("b")]),
        ([column("a"), column("b")], [column("a")]),
        ([column("a"), column("b")], [column("b"), column("a")]),
        (tensor("int64"), tensor("float64")),
    ],
    ids=["long to double", "to real numbers", "optional", "one less", "another order", "tensor"],
)
def test_what_takes_more_breaks_nobody(old: JsonValue, new: JsonValue) -> None:
    assert breaking(old, new) == []


def test_what_takes_less_breaks() -> None:
    assert "breaking: the request's field `dataframe_records[].a` is required now" in breaking(
        [column("a")], [column("a", "long")]
    )


def test_a_model_with_many_columns_is_not_too_entangled() -> None:
    columns = [column(f"c{place}") for place in range(10)]

    assert breaking([*columns], [column("c0", required=False), *columns[1:]]) == []
    assert not [told for told in breaking([*columns], [*columns, column("visits")]) if "entangled" in told]


def test_a_parameter_where_there_were_none_breaks_nobody() -> None:
    parameters: JsonValue = [{"name": "top", "type": "long", "default": 3, "shape": None}]
    found = told(compare(mlflow([column("a")]), mlflow([column("a")], parameters)))
    assert found == ["compatible: the request's field `params` is new and optional"]
