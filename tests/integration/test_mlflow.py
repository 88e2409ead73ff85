"""What contracts make of MLflow's signatures, against MLflow itself: the model servers' environment has it."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from jsonschema.protocols import Validator
from pydantic import JsonValue

from laptop.servers import model_server_cache
from local_azure.model_servers import environment
from shared.contracts.contract import Contract
from shared.contracts.mlflow import compile_contract
from shared.contracts.mlflow.types import Kind
from shared.contracts.validation import as_draft4, why_not
from shared.environments import REPOSITORY
from tests.support.contract_files import InMemory
from tests.support.mlflow.bodies import Bodies

_JUDGE = REPOSITORY / "tests" / "support" / "mlflow" / "judge.py"
_REQUEST = "InvocationRequest"
_FEWEST_SIGNATURES = 20


class Judge:
    """MLflow in a process of its own, with signatures as it writes them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        files: dict[str, str] = json.loads(self._line())
        self.signatures: Mapping[str, Any] = {
            name: yaml.safe_load(text)["signature"] for name, text in files.items()
        }
        self.contracts = {
            name: compile_contract("MLmodel", InMemory({"MLmodel": text})) for name, text in files.items()
        }
        self.validators = {name: _validator(contract) for name, contract in self.contracts.items()}

    def refusal(self, model: str, body: JsonValue) -> str | None:
        """Return why MLflow refuses a body, or None."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"model": model, "body": body}) + "\n")
        self._process.stdin.flush()
        reason: str | None = json.loads(self._line())
        return reason

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _validator(contract: Contract) -> Validator:
    """Return the validator that `why_not` makes for each call, once."""
    return Draft4Validator(as_draft4(_REQUEST, contract))


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    lock = REPOSITORY / "requirements" / "model-server.txt"
    python = environment.ensure(lock, model_server_cache(), print) / "python"
    command = [python, _JUDGE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Judge(process)
        assert process.stdin is not None
        process.stdin.close()


def test_there_are_signatures_of_all_kinds(judge: Judge) -> None:
    assert len(judge.signatures) > _FEWEST_SIGNATURES
    written = json.dumps(judge.signatures)
    kinds = [kind.value for kind in Kind if kind is not Kind.SPARK_VECTOR]
    assert [kind for kind in kinds if f'\\"type\\": \\"{kind}\\"' not in written] == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
@given(random=st.randoms(use_true_random=True))
def test_nothing_that_mlflow_takes_is_refused(judge: Judge, random: Random) -> None:
    for model, signature in judge.signatures.items():
        body = Bodies(signature, random).body()
        if judge.refusal(model, body) is None:
            assert judge.validators[model].is_valid(body), (model, body)


# Lists of these types MLflow refuses whatever they hold: JSON has no numbers of 32 bits, and no dates.
_NEVER_TAKEN = ("array of integer", "array of float", "array of datetime")


def test_the_examples_are_taken_by_mlflow_and_fit(judge: Judge) -> None:
    for model, contract in judge.contracts.items():
        request = contract.operation("predict").request
        assert request is not None
        example = request.representations[0].example
        assert example is not None
        assert why_not(example, _REQUEST, contract) is None
        assert (judge.refusal(model, example) is not None) == (model in _NEVER_TAKEN), model


_REFUSED: list[tuple[str, JsonValue]] = [
    ("double", [1.5]),
    ("double", {}),
    ("double", {"remark": 1}),
    ("double", {"inputs": {"a": 1.5}, "instances": [{"a": 1.5}]}),
    ("double", {"dataframe_split": {"columns": ["a"], "data": [["high"]]}}),
    ("double", {"dataframe_split": {"columns": ["a"], "data": [[{"x": 1}]]}}),
    ("double", {"dataframe_split": {"columns": ["b"], "data": [[1.5]]}}),
    ("double", {"dataframe_split": {"columns": ["a"], "data": [[1.5]], "remark": 1}}),
    ("double", {"dataframe_split": [[1.5]]}),
    ("double", {"dataframe_records": [{"b": 1.5}]}),
    ("double", {"dataframe_records": {"a": 1.5}}),
    ("double", {"inputs": {"a": "high"}}),
    ("long", {"dataframe_records": [{"a": None}]}),
    ("long", {"dataframe_records": [{"a": "1.5"}]}),
    ("long", {"dataframe_records": [{"a": 1}, {}]}),
    ("binary", {"dataframe_records": [{"a": 1}]}),
    ("datetime", {"dataframe_records": [{"a": []}]}),
    ("optional double", {"dataframe_records": [{"z": 1, "a": "high"}]}),
    ("mixed", {"dataframe_split": {"columns": ["a", "b"], "data": [[1.5, 2]]}}),
    ("mixed", {"inputs": {"a": 1, "b": 2}}),
    ("unnamed doubles", {"dataframe_split": {"data": [[1.5]]}}),
    ("unnamed doubles", {"dataframe_split": {"data": [[1.5, "high"]]}}),
    ("array of double", {"dataframe_records": [{"a": 1.5}]}),
    ("array of double", {"dataframe_records": [{"a": ["high"]}]}),
    ("array of long", {"dataframe_records": [{"a": [1.5]}]}),
    ("object", {"dataframe_records": [{"a": {"y": "text"}, "b": 1}]}),
    ("object", {"dataframe_records": [{"a": {"x": 1.5, "w": 1}, "b": 1}]}),
    ("object", {"dataframe_records": [{"a": {"x": "high"}, "b": 1}]}),
    ("map", {"dataframe_records": [{"a": {"k": "high"}}]}),
    ("chat", {"inputs": {"messages": [{"role": "user"}]}}),
    ("parameters of double", {"inputs": {"a": 1}, "params": {"p": "high"}}),
    ("parameters of long", {"inputs": {"a": 1}, "params": {"p": 1.5}}),
    ("parameters of string", {"inputs": {"a": 1}, "params": {"q": "text"}}),
    ("parameters of boolean", {"inputs": {"a": 1}, "params": {"q": [1]}}),
    ("parameter of maps", {"inputs": {"a": 1}, "params": {"o": {"x": 1, "w": 1}}}),
    ("tensor: table", {"inputs": [1, 2]}),
    ("tensor: table", {"inputs": [[1, 2, 3]]}),
    ("tensor: table", {"inputs": [[1, "high"]]}),
    ("tensor: table", {"dataframe_split": {"data": [[1, 2, 3]]}}),
    ("tensor: table of whole numbers", {"inputs": [[1, None]]}),
    ("tensor: images", {"inputs": [[[1, 2], [3]]]}),
    ("tensor: images", {"dataframe_records": [{"a": [1, 2, 3]}]}),
    ("tensor: fixed", {"inputs": [[1, 2]]}),
    ("tensor: fixed", {"dataframe_split": {"data": [[1, 2], [3, 4]]}}),
    ("tensor: two named", {"inputs": {"a": [[1, 2]]}}),
    ("tensor: two named", {"instances": [{"a": [1], "b": 1}]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "body"), _REFUSED, ids=lambda value: value if isinstance(value, str) else json.dumps(value)
)
def test_what_mlflow_refuses_is_refused(judge: Judge, model: str, body: JsonValue) -> None:
    assert judge.refusal(model, body) is not None
    assert not judge.validators[model].is_valid(body)


_LEFT_TO_THE_SERVER: list[tuple[str, JsonValue, str]] = [
    ("mixed", {"dataframe_split": {"columns": ["a", "b", "c"], "data": [["high", 1, "t"]]}}, "each value is compared"),
    ("two doubles", {"inputs": {"a": [1, 2], "b": [1]}}, "have as many values"),
    ("double", {"dataframe_split": {"columns": ["a"], "data": [[1], [2]], "index": [1]}}, "rows and their index"),
    ("integer", {"inputs": {"a": 2**40}}, "fits 32 bits"),
    ("long", {"dataframe_records": [{"a": 2**70}]}, "fits 64 bits"),
    ("binary", {"dataframe_records": [{"a": "YQ"}]}, "is base64"),
    ("datetime", {"dataframe_records": [{"a": "yesterday morning"}]}, "is a date"),
    ("array of string", {"dataframe_records": [{"a": [1]}]}, "have the right type"),
    ("array of integer", {"dataframe_records": [{"a": [1]}]}, "have the right type"),
    ("unnamed doubles", {"dataframe_records": [{"a": 1}]}, "Columns without names"),
    ("prompt", {"input": "text"}, "without a key around them"),
    ("tensor: open inside", {"inputs": [[1, 2], [3]]}, "of one length"),
    ("tensor: images", {"inputs": [[[1, 2], [3, -4]]]}, "fits uint8"),
    ("tensor: one named", {"dataframe_split": {"columns": ["a"], "data": [[[1, 2]]], "index": ["x"]}}, "their index"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "body", "gap"),
    _LEFT_TO_THE_SERVER,
    ids=lambda value: value if isinstance(value, str) else json.dumps(value),
)
def test_what_mlflow_alone_refuses_is_a_gap(judge: Judge, model: str, body: JsonValue, gap: str) -> None:
    assert judge.refusal(model, body) is not None
    assert judge.validators[model].is_valid(body)
    assert any(gap in told.sentence for told in judge.contracts[model].gaps)
