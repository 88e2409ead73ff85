"""Contracts of APIs that stay: rebuilt from what changes and what does not, and told as `compat` does."""

from pydantic import JsonValue

from delivery.records import KeptResource, Operation, ResourceChange
from delivery.report.consumers import told_of
from delivery.report.parts import headline
from delivery.report.render import report
from delivery.report.told import Topic
from delivery.report.words import plain
from shared.model.lifecycle_responses import LIFECYCLE_HEADERS
from tests.unit.delivery.report.making import Inputs, change, in_environment, record, stack

PREDICT: Inputs = {
    "apiId": "iris-v1",
    "operationId": "predict",
    "method": "POST",
    "urlTemplate": "/predict",
    "request": {"representations": [{"contentType": "application/json", "typeName": "In"}]},
    "responses": [
        {"statusCode": 200, "representations": [{"contentType": "application/json", "typeName": "Out"}]}
    ],
}
KEPT = KeptResource(
    urn="urn:pulumi:iris.dev::model::azure-native:apimanagement:ApiOperation::iris-v1-predict", inputs=PREDICT
)


def schemas(sent: JsonValue, got: JsonValue = None) -> Inputs:
    return {"apiId": "iris-v1", "components": {"schemas": {"In": sent, "Out": got or {}}}}


def told(*changes: ResourceChange, kept: tuple[KeptResource, ...] = (KEPT,)) -> list[str]:
    made = in_environment(stack(*changes, kept=kept), "dev")
    return [f"{each.topic.name}: {plain(each.about)}" for each in told_of(made)]


def test_a_schema_is_judged_by_the_operations_that_stay() -> None:
    whole, any_number = schemas({"type": "integer"}), schemas({"type": "number"})

    assert told(change("ApiSchema", any_number, whole)) == [
        "BREAKING: POST /predict: the request no longer takes numbers with a fraction"
    ]
    assert told(change("ApiSchema", whole, any_number)) == [
        "COMPATIBLE: POST /predict: the request now also takes numbers with a fraction"
    ]


def test_the_same_difference_breaks_where_consumers_read_it() -> None:
    whole, any_number = schemas({}, {"type": "integer"}), schemas({}, {"type": "number"})

    assert told(change("ApiSchema", whole, any_number)) == [
        "BREAKING: POST /predict: the response 200 may now be numbers with a fraction"
    ]


def test_a_schema_whose_users_nobody_recorded_is_told_all_the_same() -> None:
    made = change("ApiSchema", schemas({"type": "number"}), schemas({"type": "integer"}))

    (only,) = told(made.model_copy(update={"paths": ("components.schemas.In.type",)}), kept=())

    assert only == "OTHER: ApiSchema iris-v1-thing"


def test_operations_of_another_version_take_no_part() -> None:
    other = KEPT.model_copy(update={"inputs": {**PREDICT, "apiId": "iris-v2", "urlTemplate": "/other"}})

    assert told(
        change("ApiSchema", schemas({"type": "number"}), schemas({"type": "integer"})), kept=(KEPT, other)
    ) == ["BREAKING: POST /predict: the request no longer takes numbers with a fraction"]


def test_values_of_a_parameter_are_of_its_type() -> None:
    def top(*values: str) -> Inputs:
        parameter: JsonValue = {"name": "top", "type": "integer", "values": [*values]}
        return {**PREDICT, "request": {"queryParameters": [parameter]}}

    assert told(change("ApiOperation", top("1", "2"), top("2")), kept=()) == [
        "BREAKING: POST /predict: the query parameter top no longer takes 1"
    ]


def test_the_report_counts_what_breaks_and_tells_it_first() -> None:
    made = stack(
        change(
            "Api", {"apiId": "iris-v1", "path": "a"}, {"apiId": "iris-v1", "path": "b"}, name="iris-v1-api"
        ),
        change("ApiSchema", schemas({"type": "number"}), schemas({"type": "integer"})),
        kept=(KEPT,),
    )

    assert "**1 change breaks consumers**" in headline([in_environment(made, "dev")], Operation.PREVIEW)
    text = report([record(made)]).text
    assert text.index(f"**{Topic.BREAKING}**") < text.index(f"**{Topic.AVAILABILITY}**")
    assert "- v1: `POST /predict`: the request no longer takes numbers with a fraction" in text


def test_environments_in_which_the_same_breaks_are_told_once() -> None:
    made = change("ApiSchema", schemas({"type": "number"}), schemas({"type": "integer"}))
    wider = change("ApiSchema", schemas({"type": "integer"}), schemas({"type": "number"}))
    records = [
        record(stack(made, kept=(KEPT,)), environment="dev"),
        record(stack(made, kept=(KEPT,), name="iris.staging"), environment="staging"),
        record(stack(wider, kept=(KEPT,), name="iris.prod"), environment="prod"),
    ]

    text = report(records, ("dev", "staging", "prod")).text

    assert text.count("no longer takes numbers with a fraction") == 1
    assert "now also takes numbers with a fraction _(only in prod)_" in text


def _answering(*statuses: int, **headers: str) -> Inputs:
    """Return the operation with these answers, each with these headers of a version's end."""
    return _documenting(
        statuses,
        [
            {"name": name, "description": LIFECYCLE_HEADERS[name], "values": [value], "required": True}
            for name, value in headers.items()
        ],
    )


def _documenting(statuses: tuple[int, ...], headers: list[JsonValue]) -> Inputs:
    responses: list[JsonValue] = [{"statusCode": status, "headers": headers} for status in statuses]
    return {**PREDICT, "responses": responses}


def test_the_headers_of_an_end_are_told_once_for_all_answers() -> None:
    serving, ending = _answering(200, 400), _answering(200, 400, Sunset="1", Deprecation="2")
    later = _answering(200, 400, Sunset="3", Deprecation="2")

    assert told(change("ApiOperation", serving, ending), kept=()) == [
        "COMPATIBLE: its answers document the headers of its end: Deprecation and Sunset"
    ]
    assert told(change("ApiOperation", ending, later), kept=()) == [
        "COMPATIBLE: its answers document anew the headers of its end: Sunset"
    ]
    assert told(change("ApiOperation", later, serving), kept=()) == [
        "COMPATIBLE: its answers no longer document the headers of its end: Deprecation and Sunset"
    ]


def test_a_link_of_the_model_itself_belongs_to_its_contract() -> None:
    link: JsonValue = {"name": "Link", "description": "More of it.", "required": True}

    (sentence,) = told(change("ApiOperation", _documenting((200,), [link]), _answering(200)), kept=())
    assert sentence.startswith("BREAKING: POST /predict: the response 200's header Link")


def test_a_retirement_breaks_consumers_once() -> None:
    serving, retired = _answering(200, 400, 500), _answering(401, 410, 500)

    assert told(change("ApiOperation", serving, retired), kept=()) == [
        "BREAKING: every operation answers 410: the version is retired"
    ]
    assert told(change("ApiOperation", retired, serving), kept=()) == [
        "COMPATIBLE: its operations answer again: the version is no longer retired"
    ]
