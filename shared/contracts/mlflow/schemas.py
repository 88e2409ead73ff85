"""The schemas of the bodies of an MLflow server, narrowed to one signature."""

from collections.abc import Mapping

from pydantic import JsonValue

from shared.contracts.contract import reference
from shared.contracts.mlflow.bodies import BODIES, INPUTS, bodies
from shared.contracts.mlflow.outputs import response
from shared.contracts.mlflow.params import params
from shared.contracts.mlflow.signature import Signature
from shared.contracts.mlflow.values import plain_schemas

REQUEST = "InvocationRequest"
"""The schema of a request for predictions."""
RESPONSE = "InvocationResponse"
"""The schema of predictions."""
ERROR = "InvocationError"
"""The schema of an error of the model server."""

_NAMES = {
    "dataframe_split": "DataframeSplit",
    "dataframe_records": "DataframeRecords",
    "inputs": "Inputs",
    "instances": "Instances",
    "params": "Params",
}

UNWRAPPED = ("messages", "prompt", "input")
"""Keys by which a server takes the whole body for the inputs: those of chats, completions and embeddings."""


def schemas(signature: Signature) -> Mapping[str, JsonValue]:
    """Return every schema of the contract by name."""
    parts = {_NAMES[key]: schema for key, schema in bodies(signature).items()}
    given = {} if signature.params is None else {_NAMES["params"]: params(signature.params)}
    named = {**parts, **given}
    texts = str(named)
    used = {
        name: schema for name, schema in plain_schemas().items() if f"'#/components/schemas/{name}'" in texts
    }
    return {
        REQUEST: _request(signature),
        **named,
        **used,
        RESPONSE: response(signature.outputs),
        ERROR: {
            "type": "object",
            "required": ["error_code", "message"],
            "properties": {
                "error_code": {"type": "string"},
                "message": {"type": "string"},
                "stack_trace": {"type": "string"},
            },
        },
    }


def takes_whole_body(signature: Signature) -> bool:
    """Return whether a body may be the inputs themselves, without a key around them."""
    names = {column.name for column in signature.inputs}
    return signature.from_type_hint or (not signature.is_tensor_based and bool(names & set(UNWRAPPED)))


def _request(signature: Signature) -> JsonValue:
    keys = [INPUTS] if signature.from_type_hint else list(BODIES)
    choices: list[JsonValue] = [{"required": [key]} for key in keys]
    one: dict[str, JsonValue] = {"required": [INPUTS]} if len(keys) == 1 else {"oneOf": choices}
    whole: list[JsonValue] = [{"required": [key]} for key in UNWRAPPED] if takes_whole_body(signature) else []
    # A model without parameters ignores them, as it does what nobody named: they may come with a later contract.
    parts = keys if signature.params is None else [*keys, "params"]
    return {
        "type": "object",
        "properties": {key: reference(_NAMES[key]) for key in parts},
        **({"anyOf": [one, *whole]} if whole else one),
    }
