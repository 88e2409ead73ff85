"""The operations that every MLflow server has: predict and ready.

Source: mlflow.pyfunc.scoring_server. Its `/health` is the same as `/ping`, and `/version` tells the version of MLflow,
which is nothing for consumers.
"""

from shared.contracts.contract import Header, Operation, Representation, Request, Response
from shared.contracts.mlflow.examples import request_example, response_example
from shared.contracts.mlflow.schemas import ERROR, REQUEST, RESPONSE
from shared.contracts.mlflow.signature import Signature

JSON = "application/json"
"""The media type of every body of this contract."""

_PREDICT = """Returns the model's predictions for the inputs of the request.

Columns, tensors and parameters are checked before the model is asked, as far as the signature fixes them. Columns and
parameters that the signature does not have are ignored."""

_CONTENT_TYPE = Header("Content-Type", "The media type of the body.", values=(JSON,))


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
            _json(200, "The predictions.", Representation(JSON, RESPONSE, response_example(signature))),
            _json(
                400,
                "The request does not fit the contract, or the model refused it.",
                Representation(
                    JSON, ERROR, {"error_code": "BAD_REQUEST", "message": "What was wrong with the request."}
                ),
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


def _json(status: int, description: str, representation: Representation) -> Response:
    return Response(status, description, (representation,), (_CONTENT_TYPE,))
