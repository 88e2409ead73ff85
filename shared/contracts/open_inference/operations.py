"""The operations that every model of the protocol has: predict, metadata, ready."""

from urllib.parse import quote

from shared.contracts.contract import Operation, Representation, Request, Response, json_response
from shared.contracts.media_types import JSON
from shared.contracts.open_inference.examples import metadata_example, request_example, response_example
from shared.contracts.open_inference.metadata import ModelMetadata
from shared.contracts.open_inference.schemas import ERROR, METADATA, REQUEST, RESPONSE, UNREADABLE

_PREDICT = """Returns the model's predictions for the inputs of the request.

Names, datatypes and ranks are checked before the model is asked, and the number of elements as far as the metadata
fixes it. Whether shape and data fit each other is for the model server to say."""


def operations(metadata: ModelMetadata) -> tuple[Operation, ...]:
    """Return the operations of a model with this metadata."""
    base = f"/v2/models/{quote(metadata.name, safe='')}"
    return (_predict(metadata, base), _metadata(metadata, base), _ready(base))


def _predict(metadata: ModelMetadata, base: str) -> Operation:
    return Operation(
        name="predict",
        method="POST",
        url_template="/predict",
        backend_path=f"{base}/infer",
        summary="Predict",
        description=_PREDICT,
        request=Request(
            "The inputs, as tensors of the Open Inference Protocol.",
            (Representation(JSON, REQUEST, request_example(metadata)),),
        ),
        responses=(
            json_response(200, "The predictions.", RESPONSE, response_example(metadata)),
            json_response(
                400,
                "The request does not fit the contract, or the model refused it.",
                ERROR,
                {"error": "What was wrong with the request."},
            ),
            json_response(
                422,
                "The model server cannot read the request.",
                UNREADABLE,
                {"detail": [{"msg": "What cannot be read."}]},
            ),
        ),
    )


def _metadata(metadata: ModelMetadata, base: str) -> Operation:
    return Operation(
        name="metadata",
        method="GET",
        url_template="/metadata",
        backend_path=base,
        summary="Metadata",
        description="Returns the model's inputs and outputs, with their datatypes and shapes.",
        request=None,
        responses=(json_response(200, "The metadata.", METADATA, metadata_example(metadata)),),
    )


def _ready(base: str) -> Operation:
    return Operation(
        name="ready",
        method="GET",
        url_template="/ready",
        backend_path=f"{base}/ready",
        summary="Ready",
        description="Tells by its status whether the model can answer.",
        request=None,
        responses=(
            Response(200, "The model can answer."),
            Response(400, "The model cannot answer yet."),
        ),
    )
