"""A model to begin with, for who has no contract yet: it is trained and served by `./dev local`, and works at once."""

import json

from delivery.new_model.source import Source
from shared.contracts.sources import ContractKind

_FEATURES = 2
SUMMARY = "Tells the sum of two numbers."
"""What the model tells until it is another one."""

_TRAINING = '''"""Trains a model to begin with: the sum of two numbers. Put yours in its place.

`python train.py FILE` writes the model to FILE. It runs in the model server's environment
(requirements/model-server.txt), never in the project's own.
"""

import sys

import joblib
from sklearn.linear_model import LinearRegression


def main() -> None:
    """Train on four pairs of numbers."""
    pairs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    joblib.dump(LinearRegression().fit(pairs, [sum(pair) for pair in pairs]), sys.argv[1])


if __name__ == "__main__":
    main()
'''


def starter(name: str) -> Source:
    """Return the source of a model that adds two numbers."""
    inputs = [{"name": "numbers", "datatype": "FP64", "shape": [-1, _FEATURES]}]
    outputs = [{"name": "predict", "datatype": "FP64", "shape": [-1, 1]}]
    settings = {
        "name": name,
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": "./model.joblib", "version": "v1"},
        "inputs": inputs,
        "outputs": outputs,
    }
    metadata = {
        "name": name,
        "versions": [],
        "platform": "",
        "inputs": inputs,
        "outputs": outputs,
        "parameters": {},
    }
    return Source(
        kind=ContractKind.OPEN_INFERENCE_PROTOCOL,
        contract="contracts/v1.json",
        files={
            "contracts/v1.json": _json(metadata),
            "server/model-settings.json": _json(settings),
            "server/train.py": _TRAINING.encode(),
        },
        example={
            "inputs": [{"name": "numbers", "shape": [1, _FEATURES], "datatype": "FP64", "data": [1.0, 2.0]}]
        },
        has_server=True,
    )


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
