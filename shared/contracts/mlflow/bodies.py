"""The four bodies that an MLflow server takes, for one signature."""

from collections.abc import Mapping

from pydantic import JsonValue

from shared.contracts.mlflow import column_bodies, tensor_bodies
from shared.contracts.mlflow.signature import Signature

SPLIT = "dataframe_split"
RECORDS = "dataframe_records"
INPUTS = "inputs"
INSTANCES = "instances"
BODIES = (SPLIT, RECORDS, INPUTS, INSTANCES)
"""The keys of which every request has one."""


def bodies(signature: Signature) -> Mapping[str, JsonValue]:
    """Return the schema of each body, by the key under which a request holds it."""
    if signature.from_type_hint:
        return {INPUTS: {"description": "What the type hint of the model's `predict` says."}}
    if signature.is_tensor_based:
        split, records = tensor_bodies.data_frames(signature)
        inputs, instances = tensor_bodies.inputs(signature), tensor_bodies.instances(signature)
    else:
        split, records = column_bodies.data_frames(signature)
        inputs, instances = column_bodies.inputs(signature), column_bodies.instances(signature)
    return {
        SPLIT: split,
        RECORDS: records,
        INPUTS: {"description": "The inputs by name, or a list of them.", "anyOf": inputs},
        INSTANCES: {
            "description": "A list with the inputs of each row, or the inputs by name.",
            "anyOf": instances,
        },
    }
