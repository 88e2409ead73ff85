"""Writes metadata.json: sorted, one property per line, so that a diff names the property that changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def render(metadata: Mapping[str, object]) -> str:
    """Return the text of metadata.json."""
    return _render(metadata, 0) + "\n"


def _render(value: object, depth: int) -> str:
    is_leaf = (
        depth > 1 and isinstance(value, dict) and not any(isinstance(item, dict) for item in value.values())
    )
    if not isinstance(value, dict) or is_leaf:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    indent = " " * (depth + 1)
    # The order of path parameters is the order in the URL, which the reader takes from the URL.
    lines = (f"{indent}{json.dumps(key)}: {_render(value[key], depth + 1)}" for key in sorted(value))
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"
