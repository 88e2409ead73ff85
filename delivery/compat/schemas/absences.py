"""What `not` forbids, in words.

Draft 4 has no `contains`: that a list holds something is said as that not all of its items are something else. Of
MLflow's columns it is said so, wherever rows may lack one and tables may not.
"""

from pydantic import JsonValue

from delivery.report.words import Quoted, Words, say

Schema = JsonValue


def denied(schema: Schema) -> Words:
    """Return the values that fit a schema which is forbidden, as a noun."""
    absent = _absent(schema)
    if absent is not None and isinstance(value := _only(absent, "enum"), str):
        return say("lists without ", Quoted(value))
    if absent is not None and isinstance(name := _only(absent, "required"), str):
        return say("lists in which no item has ", Quoted(name))
    return say("values that a `not` forbids; which ones cannot be told")


def _absent(schema: Schema) -> Schema:
    """Return the schema that no item of a list fits; None where a schema says something else, or more."""
    if not isinstance(schema, dict) or not {"items"} <= schema.keys() <= {"items", "type"}:
        return None
    items = schema["items"]
    return items["not"] if isinstance(items, dict) and items.keys() == {"not"} else None


def _only(schema: Schema, keyword: str) -> JsonValue:
    """Return the one value of a keyword that holds a list, where a schema says nothing else."""
    if not isinstance(schema, dict) or schema.keys() != {keyword}:
        return None
    values = schema[keyword]
    return values[0] if isinstance(values, list) and len(values) == 1 else None
