"""The three layers, deployed by the real engine to the local Azure, and a real model behind the gateway."""

import json
import subprocess
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from laptop.servers import model_server_cache
from local_azure.model_servers import environment
from shared.model import contracts, description
from tests.support.clone import Clone
from tests.support.tensors import requests

_STACKS = (
    ("foundation", "local"),
    ("platform", "local"),
    ("model", "diabetes-progression.local"),
    ("model", "iris-species.local"),
)
_FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3], [5.9, 2.8, 4.2, 1.3]]
_MEASUREMENTS = ["age", "sex", "bmi", "bp", *(f"s{number}" for number in range(1, 7))]
_PATIENTS = [[0.04, 0.05, 0.06, 0.02, -0.04, -0.03, -0.04, 0.0, 0.02, -0.02], [0.0] * 10]
_API_MANAGEMENT = "2024-05-01"

# Load a model that was trained and predict with no server between.
_IN_PROCESS = """
import json, sys, joblib
print(json.dumps(joblib.load(sys.argv[1]).predict(json.loads(sys.argv[2])).tolist()))
"""
_IN_PROCESS_OF_MLFLOW = """
import json, sys, mlflow.pyfunc, pandas
rows = pandas.DataFrame(json.loads(sys.argv[2]), columns=json.loads(sys.argv[3]))
print(json.dumps(mlflow.pyfunc.load_model(sys.argv[1]).predict(rows).tolist()))
"""


def _outputs(clone: Clone, model: str = "iris-species") -> dict[str, Any]:
    return clone.outputs("model", f"{model}.local")


def _key(deployed: Clone, model: str) -> str:
    """Return the key of the smoke subscription, fetched as its user would."""
    subscription = _outputs(deployed, model)["smoke_subscriptions"]["v1"]
    return str(deployed.arm("POST", f"{subscription}/listSecrets", _API_MANAGEMENT).json()["primaryKey"])


@pytest.fixture(scope="module")
def key(deployed: Clone) -> str:
    return _key(deployed, "iris-species")


@pytest.fixture(scope="module")
def predict_url(deployed: Clone) -> str:
    return str(_outputs(deployed)["operation_urls"]["v1"]["predict"])


def _tensor(name: str, rows: list[list[float]], datatype: str = "FP64") -> dict[str, object]:
    return {"name": name, "shape": [len(rows), len(rows[0])], "datatype": datatype, "data": rows}


def _predict(url: str, headers: dict[str, str], tensor: dict[str, object]) -> httpx.Response:
    return httpx.post(url, json={"inputs": [tensor]}, headers=headers, timeout=30, trust_env=False)


def _with_key(key: str) -> dict[str, str]:
    return {"Ocp-Apim-Subscription-Key": key}


def _in_process(deployed: Clone, program: str, model: str, *arguments: object) -> list[float]:
    lock = deployed.root / "requirements" / "model-server.txt"
    python = environment.ensure(lock, model_server_cache(), print) / "python"
    done = subprocess.run(
        [python, "-c", program, deployed.root / ".local" / model, *map(json.dumps, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    predicted: list[float] = json.loads(done.stdout)
    assert len(set(predicted)) > 1
    return predicted


def test_a_prediction_through_the_gateway_equals_the_one_in_process(
    deployed: Clone, key: str, predict_url: str
) -> None:
    expected = _in_process(deployed, _IN_PROCESS, "models/iris-species/model.joblib", _FLOWERS)
    through_gateway = _predict(predict_url, _with_key(key), _tensor("features", _FLOWERS))
    assert through_gateway.status_code == 200
    assert through_gateway.json()["outputs"][0]["data"] == expected


def test_a_prediction_of_mlflow_through_the_gateway_equals_the_one_in_process(deployed: Clone) -> None:
    model = "diabetes-progression"
    expected = _in_process(
        deployed, _IN_PROCESS_OF_MLFLOW, f"mlflow-models/{model}/model", _PATIENTS, _MEASUREMENTS
    )
    through_gateway = _ask_mlflow(
        deployed, {"dataframe_split": {"columns": _MEASUREMENTS, "data": _PATIENTS}}
    )
    assert through_gateway.status_code == 200
    assert through_gateway.json() == {"predictions": expected}


def _ask_mlflow(deployed: Clone, body: object) -> httpx.Response:
    model = "diabetes-progression"
    url = _outputs(deployed, model)["operation_urls"]["v1"]["predict"]
    headers = _with_key(_key(deployed, model))
    return httpx.post(url, json=body, headers=headers, timeout=30, trust_env=False)


_NUMBERS = st.floats(-1, 1) | st.integers(-3, 3) | st.none() | st.just("0.5") | st.booleans()
_PATIENT = st.lists(_NUMBERS, min_size=len(_MEASUREMENTS), max_size=len(_MEASUREMENTS))


def _bodies(rows: list[list[JsonValue]]) -> list[dict[str, object]]:
    """Return the forms in which MLflow takes the same rows."""
    records = [dict(zip(_MEASUREMENTS, row, strict=True)) for row in rows]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(_MEASUREMENTS)}
    return [
        {"dataframe_split": {"columns": _MEASUREMENTS, "data": rows}},
        {"dataframe_records": records},
        {"inputs": columns},
        {"instances": records},
    ]


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(_PATIENT, min_size=1, max_size=3), form=st.integers(0, 3))
def test_no_valid_body_is_refused_by_the_gateway_or_mlflow(
    deployed: Clone, rows: list[list[JsonValue]], form: int
) -> None:
    answer = _ask_mlflow(deployed, _bodies(rows)[form])
    assert answer.status_code == 200, (rows, answer.text)
    assert len(answer.json()["predictions"]) == len(rows)


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": {"columns": _MEASUREMENTS, "data": [["high"] * 10]}},
        {"dataframe_split": {"columns": _MEASUREMENTS[1:], "data": [[0.5] * 9]}},
        {"dataframe_records": [dict.fromkeys(_MEASUREMENTS[1:], 0.5)]},
        {"inputs": dict.fromkeys(_MEASUREMENTS, "high")},
        {"measurements": [0.5] * 10},
    ],
)
def test_what_breaks_the_signature_never_reaches_mlflow(deployed: Clone, body: JsonValue) -> None:
    answer = _ask_mlflow(deployed, body)
    assert answer.status_code == 400
    assert "does not conform to the definition InvocationRequest" in answer.json()["message"]


def test_what_the_model_server_takes_is_never_refused(deployed: Clone) -> None:
    model = "iris-species"
    outputs = _outputs(deployed, model)
    url, headers = outputs["operation_urls"]["v1"]["predict"], _with_key(_key(deployed, model))
    contract = contracts.load(model, description.load(model, "local"))["v1"]
    server = f"{next(iter(outputs['endpoints']['v1'].values()))}{contract.operation('predict').backend_path}"

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(body=requests("features", 4))
    def compared(body: dict[str, Any]) -> None:
        answers = [
            httpx.post(address, json=body, headers=of, timeout=30, trust_env=False)
            for address, of in ((server, {}), (url, headers))
        ]
        assert [answer.status_code for answer in answers] == [200, 200], (
            body,
            [each.text for each in answers],
        )
        told = [answer.json()["outputs"] for answer in answers]
        assert told[0] == told[1]

    compared()


def test_every_operation_answers(deployed: Clone, key: str) -> None:
    for name, operation in _outputs(deployed)["operations"]["v1"].items():
        method, url = operation.split(" ", 1)
        if method == "GET":
            answer = httpx.get(url, headers=_with_key(key), timeout=30, trust_env=False)
            assert answer.status_code == 200, name


def test_a_call_without_a_key_is_refused(predict_url: str) -> None:
    answer = _predict(predict_url, {}, _tensor("features", _FLOWERS))
    assert answer.status_code == 401
    assert answer.json()["statusCode"] == 401
    assert answer.json()["message"].startswith("Access denied due to missing subscription key.")


def test_a_body_that_breaks_the_contract_never_reaches_the_model(key: str, predict_url: str) -> None:
    answer = _predict(predict_url, _with_key(key), _tensor("features", _FLOWERS, "NO_SUCH_TYPE"))
    assert answer.status_code == 400
    assert "does not conform to the definition" in answer.json()["message"]


def test_the_correlation_id_of_the_caller_comes_back(key: str, predict_url: str) -> None:
    answer = _predict(
        predict_url, {**_with_key(key), "x-correlation-id": "from-a-test"}, _tensor("features", _FLOWERS)
    )
    assert answer.headers["x-correlation-id"] == "from-a-test"


def test_a_call_without_a_correlation_id_gets_one(key: str, predict_url: str) -> None:
    first, second = (
        _predict(predict_url, _with_key(key), _tensor("features", _FLOWERS)).headers["x-correlation-id"]
        for _ in range(2)
    )
    assert first
    assert first != second


@pytest.mark.parametrize(("project", "stack"), _STACKS)
def test_deploying_again_changes_nothing(deployed: Clone, project: str, stack: str) -> None:
    done = deployed.pulumi(project, "up", "--yes", "--skip-preview", "--expect-no-changes", "-s", stack)
    assert done.returncode == 0, done.stdout + done.stderr


def test_somebody_who_knows_only_pulumi_can_preview(deployed: Clone) -> None:
    done = deployed.pulumi("platform", "preview", "-s", "local")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "unchanged" in done.stdout


def test_no_key_and_no_secret_is_in_any_state(deployed: Clone, key: str) -> None:
    outputs = deployed.outputs("platform", "local")
    states = "".join(
        deployed.pulumi(project, "stack", "export", "--show-secrets", "-s", stack).stdout
        for project, stack in _STACKS
    )
    secret = deployed.arm(
        "POST",
        f"{outputs['service_id']}/namedValues/{outputs['backend_secret_name']}/listValue",
        _API_MANAGEMENT,
    ).json()["value"]
    assert len(states) > 10_000
    assert len(key) > 20
    assert key not in states
    assert secret not in states


def test_no_key_and_no_secret_is_in_any_log(deployed: Clone, key: str) -> None:
    logs = [log.read_text() for log in (deployed.root / ".local" / "logs").glob("*.log")]
    assert any("listSecrets" in log for log in logs)
    assert not [log for log in logs if key in log]


def test_the_stand_in_serves_no_stack_of_another_environment(deployed: Clone) -> None:
    deployed.pulumi("foundation", "stack", "init", "dev")
    done = deployed.pulumi("foundation", "preview", "-s", "dev")
    assert done.returncode != 0
    assert "this plugin is that of the local Azure" in done.stdout + done.stderr
