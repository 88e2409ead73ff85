"""What a refresh finds, from what the engine tells."""

from pulumi.automation.events import (
    EngineEvent,
    OpType,
    ResourcePreEvent,
    ResOutputsEvent,
    StepEventMetadata,
    StepEventStateMetadata,
)
from pydantic import JsonValue

from delivery.kept import beside
from delivery.listener import Listener, Reports
from delivery.records import Action, KeptResource, ResourceChange

_URN = "urn:pulumi:churn.dev::model::azure-native:apimanagement:ApiPolicy::policy"


def _state(inputs: dict[str, JsonValue], outputs: dict[str, JsonValue]) -> StepEventStateMetadata:
    return StepEventStateMetadata(
        type="t", urn=_URN, id="id", parent="", provider="", inputs=inputs, outputs=outputs
    )


def _found(op: OpType, new: StepEventStateMetadata | None) -> Listener:
    listener = Listener(Reports(lambda _: None, lambda _: None))
    old = _state({"value": "<a/>", "format": "rawxml"}, {})
    begun = StepEventMetadata(
        OpType.REFRESH, _URN, "azure-native:apimanagement:ApiPolicy", "", old=old, new=old
    )
    ended = StepEventMetadata(
        op, _URN, "azure-native:apimanagement:ApiPolicy", "", old=old, new=new, diffs=["value"]
    )
    listener.on_event(EngineEvent(1, 0, resource_pre_event=ResourcePreEvent(begun)))
    listener.on_event(EngineEvent(2, 0, res_outputs_event=ResOutputsEvent(ended)))
    return listener


def test_a_refresh_that_finds_what_the_state_says_finds_nothing() -> None:
    assert _found(OpType.SAME, _state({"value": "<a/>"}, {})).found == {}


def test_a_refresh_tells_the_format_in_which_azure_has_a_policy() -> None:
    listener = _found(
        OpType.UPDATE, _state({"value": "<b/>", "format": "rawxml"}, {"format": "xml", "etag": "1"})
    )
    assert listener.found[_URN].after == {"value": "<b/>", "format": "xml"}
    assert listener.done == {}


def test_a_refresh_finds_what_is_gone() -> None:
    found = _found(OpType.DELETE, None).found[_URN]
    assert (found.before, found.after) == ({"value": "<a/>", "format": "rawxml"}, None)


_OPERATION = "urn:pulumi:iris.dev::model::azure-native:apimanagement:ApiOperation::iris-v1-predict"


def _same(kind: str, urn: str = _OPERATION) -> Listener:
    listener = Listener(Reports(lambda _: None, lambda _: None))
    state = _state({"apiId": "iris-v1", "operationId": "predict"}, {})
    step = StepEventMetadata(OpType.SAME, urn, f"azure-native:apimanagement:{kind}", "", old=state, new=state)
    listener.on_event(EngineEvent(1, 0, resource_pre_event=ResourcePreEvent(step)))
    return listener


def test_operations_and_schemas_that_stay_are_kept() -> None:
    kept = _same("ApiOperation").kept

    assert kept == {
        _OPERATION: KeptResource(urn=_OPERATION, inputs={"apiId": "iris-v1", "operationId": "predict"})
    }
    assert _same("ApiPolicy").kept == {}


def test_only_what_stays_beside_a_changed_contract_is_recorded() -> None:
    (kept,) = _same("ApiOperation").kept.values()

    def change(kind: str, api: str) -> ResourceChange:
        urn = f"urn:pulumi:iris.dev::model::azure-native:apimanagement:{kind}::x"
        return ResourceChange(urn=urn, action=Action.UPDATE, before={"apiId": api}, after={"apiId": api})

    assert beside([change("ApiSchema", "iris-v1")], [kept]) == (kept,)
    assert beside([change("ApiSchema", "iris-v2")], [kept]) == ()
    assert beside([change("ApiPolicy", "iris-v1")], [kept]) == ()
