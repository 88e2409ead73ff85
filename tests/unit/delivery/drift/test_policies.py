"""Which policies differ, and which only read differently."""

from pydantic import JsonValue

from delivery.drift.policies import significant
from delivery.records import Action, ResourceChange

_OURS = (
    '<policies><inbound><base /><rate-limit-by-key calls="60" renewal-period="60" '
    'counter-key="@(context.Api.Id + "/")" /></inbound></policies>'
)
_AZURES = """<policies>\r
\t<inbound>\r
\t\t<base/>\r
\t\t<rate-limit-by-key calls="60" renewal-period="60" counter-key="@(context.Api.Id + &quot;/&quot;)"/>\r
\t</inbound>\r
</policies>"""


def _found(text: str, *paths: str, written: str = "xml", **more: JsonValue) -> ResourceChange | None:
    return significant(
        ResourceChange(
            urn="urn:pulumi:churn.dev::model::azure-native:apimanagement:ApiPolicy::policy",
            action=Action.UPDATE,
            before={"value": _OURS, "format": "rawxml"},
            after={"value": text, "format": written, **more},
            paths=paths or ("value",),
        )
    )


def test_the_same_policy_in_another_layout_and_format_is_no_drift() -> None:
    assert _found(_AZURES) is None


def test_what_differs_besides_stays() -> None:
    found = _found(_AZURES, "policyId", "value", policyId="other")
    assert found is not None
    assert found.paths == ("policyId",)


def test_another_limit_is_told_in_the_layout_of_this_project() -> None:
    found = _found(_AZURES.replace('calls="60"', 'calls="9000"'))
    assert found is not None
    assert found.after is not None
    assert found.after["format"] == "rawxml"
    assert (
        '    <rate-limit-by-key calls="9000" renewal-period="60" counter-key="@(context.Api.Id + "/")" />'
        in str(found.after["value"])
    )


def test_escaped_csharp_is_another_expression_where_azure_says_that_it_is_raw() -> None:
    assert _found(_AZURES, written="rawxml") is not None


def test_a_policy_that_nobody_here_can_read_stays_as_azure_tells_it() -> None:
    text = "<policies><inbound><llm-token-limit /></inbound></policies>"
    found = _found(text)
    assert found is not None
    assert found.after == {"value": text, "format": "xml"}


def test_another_property_named_value_is_left_alone() -> None:
    change = ResourceChange(
        urn="urn:pulumi:dev::platform::azure-native:apimanagement:NamedValue::environment",
        action=Action.UPDATE,
        before={"value": "dev"},
        after={"value": "prod"},
        paths=("value",),
    )
    assert significant(change) == change
