"""The operations that every MLflow server has: predict and ready.

Source: mlflow.pyfunc.scoring_server. Its `/health` is the same as `/ping`, and `/version` tells the version of MLflow,
which is nothing for consumers.
"""

from shared.contracts.contract import Operation, Representation, Request, Response, json_response
from shared.contracts.media_types import JSON
from shared.contracts.mlflow.examples import request_example, response_example
from shared.contracts.mlflow.schemas import ERROR, REQUEST, RESPONSE
from shared.contracts.mlflow.signature import Signature

_PREDICT = """Returns the model's predictions for the inputs of the request.

Columns, tensors and parameters are checked before the model is asked, as far as the signature fixes them. Columns and
parameters that the signature does not have are ignored."""


def operations(signature: Signature) -> tuple[Operation, ...]:
    """Return the operations of a model with this signature."""
    return (_predict(signature), _READY)


def _predict(signature: Signature) -> Operation:
    return Operation(
        name="predict",
        method="POST",
        url_template="/predict",
        backend_path="/invocations",
        summary="Predict",
        description=_PREDICT,
        request=Request(
            "The inputs in one of the forms that MLflow knows, and parameters.",
            (Representation(JSON, REQUEST, request_example(signature)),),
        ),
        responses=(
            json_response(200, "The predictions.", RESPONSE, response_example(signature)),
            json_response(
                400,
                "The request does not fit the contract, or the model refused it.",
                ERROR,
                {"error_code": "BAD_REQUEST", "message": "What was wrong with the request."},
            ),
        ),
    )


_READY = Operation(
    name="ready",
    method="GET",
    url_template="/ready",
    backend_path="/ping",
    summary="Ready",
    description="Tells by its status whether the model can answer.",
    request=None,
    responses=(Response(200, "The model can answer."),),
)
