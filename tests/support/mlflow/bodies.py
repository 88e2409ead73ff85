"""Bodies for a signature: fitting ones, and ones that nearly fit."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from pydantic import JsonValue

_STRANGE: tuple[JsonValue, ...] = (
    1, 0, 1.5, 2.0, -1, 2**40, True, False, None,
    "1", "1.5", " 1 ", "nan", "abc", "", "2026-11-24", "2026-11-24T12:00:00Z", "YQ==",
    [], [1], [1, 2], ["a"], [1.5, 2], [[1, 2], [3, 4]], [[1.5]],
    {}, {"x": 1}, {"x": 1.5, "y": "s"}, {"x": 1, "w": 3}, {"k": ["a"]},
    {"role": "user", "content": "text"}, [{"role": "user", "content": "text"}],
)  # fmt: skip
_FITTING: Mapping[str, tuple[JsonValue, ...]] = {
    "boolean": (True, False),
    "integer": (1, 2, 0),
    "long": (1, 2, 2**40),
    "float": (1.5, 2, None),
    "double": (1.5, 2.5, None),
    "string": ("a", "b"),
    "binary": ("YQ==", "Yg=="),
    "datetime": ("2026-11-24", "2026-11-24T12:00:00"),
}


class Bodies:
    """Makes bodies for one signature, as the `MLmodel` file holds it."""

    def __init__(self, signature: Mapping[str, Any], random: Random) -> None:
        self._random = random
        self._inputs: list[dict[str, Any]] = json.loads(signature["inputs"])
        self._params: list[dict[str, Any]] = json.loads(signature.get("params") or "[]")
        self._strange = 0.0

    def body(self) -> JsonValue:
        """Return a body of one of the four forms, from one that fits to one in which half of the values are strange."""
        self._strange = self._random.choice((0.0, 0.0, 0.1, 0.5))
        form: Callable[[], dict[str, JsonValue]] = self._random.choice(
            (self._split, self._records, self._inputs_or_instances, self._inputs_or_instances)
        )
        body = form()
        if self._params and self._chance(0.8):
            body["params"] = self._of_params()
        if self._chance(0.1):
            body[self._random.choice(("params", "remark", "instances"))] = self._any()
        return body

    def _chance(self, of_one: float) -> bool:
        return self._random.random() < of_one

    def _any(self) -> JsonValue:
        return self._random.choice(_STRANGE)

    def _columns(self) -> dict[str, dict[str, Any]]:
        """Return columns by name, sometimes in another order, without some, or with a strange one."""
        leaving_out = self._random.choice((0.0, 0.0, 0.15))
        columns = {
            column.get("name", f"c{position}"): column
            for position, column in enumerate(self._inputs)
            if not self._chance(leaving_out)
        }
        if self._chance(0.15):
            columns["remark"] = {"type": "any"}
        names = list(columns)
        if self._chance(0.3):
            self._random.shuffle(names)
        return {name: columns[name] for name in names}

    def _rows(
        self, columns: Mapping[str, dict[str, Any]], value: Callable[[dict[str, Any]], JsonValue]
    ) -> list[list[JsonValue]]:
        return [
            [value(column) for column in columns.values()]
            for _ in range(self._random.choice((0, 1, 1, 2, 3)))
        ]

    def _split(self) -> dict[str, JsonValue]:
        columns = self._columns()
        rows = self._rows(columns, self._table_row if self._is_unnamed_table() else self._cell)
        data: JsonValue = [_flat(row) for row in rows] if self._is_unnamed_table() else list[JsonValue](rows)
        split: dict[str, JsonValue] = {"columns": list(columns), "data": data}
        if self._is_unnamed_table() or self._chance(0.15):
            del split["columns"]
        elif self._chance(0.2):
            records: JsonValue = [dict(zip(columns, row, strict=True)) for row in rows]
            split = {"columns": list(columns), "data": records} if self._chance(0.5) else {"data": records}
        if self._chance(0.1):
            split[self._random.choice(("index", "data", "columns", "remark"))] = self._any()
        return {"dataframe_split": split}

    def _is_unnamed_table(self) -> bool:
        return self._inputs[0]["type"] == "tensor" and "name" not in self._inputs[0]

    def _records(self) -> dict[str, JsonValue]:
        columns = self._columns()
        rows = self._rows(columns, self._cell)
        if self._chance(0.1):
            return {"dataframe_records": self._random.choice((list[JsonValue](rows), self._any()))}
        return {"dataframe_records": [self._record(columns, row) for row in rows]}

    def _record(self, columns: Mapping[str, object], row: list[JsonValue]) -> JsonValue:
        """Return a row as a map, sometimes without a column."""
        return {name: value for name, value in zip(columns, row, strict=True) if not self._chance(0.08)}

    def _inputs_or_instances(self) -> dict[str, JsonValue]:
        columns, key = self._columns(), self._random.choice(("inputs", "instances"))
        form = self._random.choice(("named", "rows", "only", "only", "any" if self._chance(0.3) else "named"))
        if form == "named":
            return {key: {name: self._of_column(column) for name, column in columns.items()}}
        if form == "rows":
            return {key: [self._record(columns, row) for row in self._rows(columns, self._row_part)]}
        return {key: self._any() if form == "any" else self._of_column(self._inputs[0])}

    def _of_column(self, column: dict[str, Any]) -> JsonValue:
        """Return all values of a column or tensor."""
        if column["type"] == "tensor" and not self._chance(self._strange):
            return self._tensor(column["tensor-spec"])
        if self._chance(0.3):
            return self._cell(column)
        return [self._cell(column) for _ in range(self._random.choice((0, 1, 2)))]

    def _row_part(self, column: dict[str, Any]) -> JsonValue:
        if column["type"] == "tensor" and not self._chance(self._strange):
            return self._tensor(column["tensor-spec"], skip=1)
        return self._cell(column)

    def _table_row(self, column: dict[str, Any]) -> JsonValue:
        return self._row_part(column)

    def _cell(self, column: dict[str, Any]) -> JsonValue:
        if self._chance(self._strange):
            return self._any()
        if column["type"] != "tensor":
            return self._fitting(column)
        row = self._tensor(column["tensor-spec"], skip=1)
        return list[JsonValue](_flat(row)) if isinstance(row, list) else row

    def _fitting(self, of: Mapping[str, Any]) -> JsonValue:
        kind = of["type"]
        if kind in _FITTING:
            return self._random.choice(_FITTING[kind])
        if kind == "array":
            return [self._fitting(of["items"]) for _ in range(self._random.choice((0, 1, 2, 3)))]
        if kind == "map":
            return {key: self._fitting(of["values"]) for key in ("k", "l") if self._chance(0.6)}
        if kind == "object":
            properties = of["properties"].items()
            return {
                name: self._fitting(part)
                for name, part in properties
                if part["required"] or self._chance(0.5)
            }
        return self._any()

    def _of_params(self) -> JsonValue:
        return {param["name"]: self._param(param) for param in self._params if self._chance(0.7)}

    def _param(self, param: dict[str, Any]) -> JsonValue:
        if self._chance(0.3):
            return self._any()
        return [self._fitting(param)] if param["shape"] else self._fitting(param)

    def _tensor(self, spec: Mapping[str, Any], skip: int = 0) -> JsonValue:
        return self._nested(spec["dtype"], spec["shape"][skip:])

    def _nested(self, dtype: str, shape: list[int]) -> JsonValue:
        if not shape:
            return self._element(dtype)
        count = self._random.choice((0, 1, 2, 3)) if shape[0] < 0 else shape[0]
        return [self._nested(dtype, shape[1:]) for _ in range(count)]

    def _element(self, dtype: str) -> JsonValue:
        kinds = {
            "float": "double",
            "int": "long",
            "uint": "integer",
            "bool": "boolean",
            "datetime": "datetime",
        }
        kind = next((kind for start, kind in kinds.items() if dtype.startswith(start)), "string")
        return self._random.choice(_FITTING[kind])


def _flat(value: JsonValue) -> list[JsonValue]:
    return [inner for item in value for inner in _flat(item)] if isinstance(value, list) else [value]
