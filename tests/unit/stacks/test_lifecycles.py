"""Whether a description says that nothing of its model serves any more: what lets its folder be removed."""

import pytest
from pydantic import JsonValue

from shared.model.lifecycle import says_retired

_RETIRED: JsonValue = {"stage": "retired", "successor": "v2"}


@pytest.mark.parametrize(
    "described",
    [
        {"lifecycle": "retired"},
        {"lifecycle": _RETIRED, "versions": {"v1": {}, "v2": {}}},
        {"versions": {"v1": {"lifecycle": "retired"}, "v2": {"lifecycle": _RETIRED}}},
        {"lifecycle": "retired", "versions": {"v1": {"lifecycle": "retired"}, "v2": {}}},
    ],
)
def test_a_model_is_retired_with_all_of_its_versions(described: JsonValue) -> None:
    assert says_retired(described)


@pytest.mark.parametrize(
    "described",
    [
        {},
        {"versions": {"v1": {}}},
        {"versions": {"v1": {"lifecycle": "retired"}, "v2": {}}},
        {"lifecycle": "retired", "versions": {"v1": {"lifecycle": "active"}, "v2": {}}},
        {"lifecycle": {"stage": "deprecated"}, "versions": {"v1": {}}},
        {"lifecycle": ["retired"]},
        ["retired"],
    ],
)
def test_one_version_that_serves_keeps_its_model(described: JsonValue) -> None:
    assert not says_retired(described)
