"""What kind of drift a finding is."""

import pytest
from pydantic import JsonValue

from delivery.drift.classify import Kind, finding
from delivery.records import Action, ResourceChange

_URN = "urn:pulumi:churn.dev::model::azure-native:apimanagement:Backend::churn-v1-backend"


def _change(before: dict[str, JsonValue], after: dict[str, JsonValue], *paths: str) -> ResourceChange:
    return ResourceChange(urn=_URN, action=Action.UPDATE, before=before, after=after, paths=paths)


def test_what_azure_has_not_any_more_is_deleted() -> None:
    gone = ResourceChange(urn=_URN, action=Action.DELETE, before={"url": "a"})
    assert (finding(gone).kind, finding(gone).differences) == (Kind.DELETED, ())


def test_another_value_of_what_the_state_sets_was_changed_by_hand() -> None:
    found = finding(_change({"url": "a"}, {"url": "b"}, "url"))
    assert found.kind is Kind.CHANGED
    (difference,) = found.differences
    assert (difference.path, difference.before, difference.after) == ("url", "a", "b")


def test_what_the_state_sets_and_azure_has_lost_was_changed_by_hand() -> None:
    found = finding(
        _change({"tls": {"validateCertificateChain": True}}, {"tls": {}}, "tls.validateCertificateChain")
    )
    assert found.kind is Kind.CHANGED
    assert found.differences[0].after is None


def test_only_what_the_state_does_not_set_is_an_addition() -> None:
    found = finding(
        _change(
            {"tags": {"owner": "a"}},
            {"tags": {"owner": "a", "x.y": "b"}, "title": "t"},
            'tags["x.y"]',
            "title",
        )
    )
    assert found.kind is Kind.ADDED
    assert [each.after for each in found.differences] == ["b", "t"]


def test_an_addition_beside_a_change_does_not_hide_the_change() -> None:
    found = finding(_change({"url": "a"}, {"url": "b", "title": "t"}, "title", "url"))
    assert found.kind is Kind.CHANGED
    assert [each.is_added for each in found.differences] == [True, False]


def test_another_element_of_a_list_that_the_state_sets_is_a_change() -> None:
    found = finding(_change({"protocols": ["https"]}, {"protocols": ["https", "http"]}, "protocols[1]"))
    assert found.kind is Kind.CHANGED
    assert found.differences[0].after == "http"


@pytest.mark.parametrize(
    ("path", "after"),
    [("a.b", 1), ("a.c[1]", 3), ('a["d.e"].f', 4), ('a["q\\"q"]', 5)],
)
def test_paths_are_read_as_the_engine_writes_them(path: str, after: int) -> None:
    now: dict[str, JsonValue] = {"a": {"b": 1, "c": [2, 3], "d.e": {"f": 4}, 'q"q': 5}}
    assert finding(_change({}, now, path)).differences[0].after == after


def test_an_engine_that_names_no_property_is_not_taken_for_no_difference() -> None:
    found = finding(_change({"url": "a", "x": 1}, {"url": "b", "x": 1}))
    assert [each.path for each in found.differences] == ["url"]
    assert found.kind is Kind.CHANGED


def test_a_changed_secret_is_a_change_although_neither_value_is_shown() -> None:
    assert finding(_change({"value": "[secret]"}, {"value": "[secret]"}, "value")).kind is Kind.CHANGED
