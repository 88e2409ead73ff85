"""The process: what it says, what it survives, how it ends."""

import os
import signal
import socket
import stat
import subprocess
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from benchmarks.ports import free_block
from local_azure.arm.store import DATABASE_NAME
from local_azure.code_digest import code_digest
from local_azure.serve import VERSION
from tests.support.serving import await_served, serve_command
from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, SERVICE_BODY

ROOT = Path(__file__).parents[3]


@dataclass
class Process:
    """A local Azure of its own."""

    child: "subprocess.Popen[str]"
    port: int
    client: httpx.Client

    def rules(self, *rules: dict[str, object]) -> httpx.Response:
        return self.client.put(f"http://127.0.0.1:{self.port}/faults", json={"rules": rules})

    def arm(self, method: str, path: str, **options: object) -> httpx.Response:
        version = "2024-03-01" if path == GROUP else "2024-05-01"
        return self.client.request(
            method,
            f"http://127.0.0.1:{self.port}{path}",
            params={"api-version": version},
            headers={"Authorization": "Bearer the-token-itself"},
            json=options.get("body"),
        )


@contextmanager
def _running(state: Path, *options: str) -> Iterator[Process]:
    port = free_block()
    child = subprocess.Popen(
        serve_command(port, state, *options), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        with httpx.Client(trust_env=False) as client:
            process = Process(child, port, client)
            await_served(f"http://127.0.0.1:{port}", lambda: child.poll() is not None)
            yield process
    finally:
        child.kill()
        child.communicate()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_a_kill_right_after_an_acknowledged_write_loses_nothing(state: Path) -> None:
    for number in range(4):
        with _running(state) as process:
            if number:
                assert process.arm("GET", GROUP).json()["tags"] == {"write": str(number - 1)}
            written = process.arm("PUT", GROUP, body=PLACE | {"tags": {"write": str(number)}})
            os.kill(process.child.pid, signal.SIGKILL)
            assert process.child.wait(timeout=10) == -signal.SIGKILL
        assert written.is_success


def test_a_restart_on_another_port_tells_the_new_gateway(state: Path) -> None:
    with _running(state) as process:
        process.arm("PUT", GROUP, body=PLACE)
        process.arm("PUT", SERVICE, body=SERVICE_BODY)
        process.child.send_signal(signal.SIGTERM)
        assert process.child.wait(timeout=10) == 0
    with _running(state) as process:
        properties = process.arm("GET", SERVICE).json()["properties"]
        assert properties["gatewayUrl"] == f"http://127.0.0.1:{process.port + 1}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_frees_the_state(state: Path, number: signal.Signals) -> None:
    with _running(state) as process:
        process.child.send_signal(number)
        _, said = process.child.communicate(timeout=10)
        assert process.child.returncode == 0
        assert said == ""
    with _running(state):
        pass


def test_a_write_that_is_acknowledged_is_served_by_the_gateway(state: Path) -> None:
    with _running(state) as process:
        gateway = f"http://127.0.0.1:{process.port + 1}/nothing"
        assert "No API Management service answers" in process.client.get(gateway).text
        process.arm("PUT", GROUP, body=PLACE)
        process.arm("PUT", SERVICE, body=SERVICE_BODY)
        assert process.client.get(gateway).json()["message"] == "Resource not found"


def test_nothing_goes_wrong_on_request_unless_the_server_was_started_for_it(state: Path) -> None:
    with _running(state) as process:
        refused = process.rules({"path": "", "answer": {"status": 500}})
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "AuthenticationFailed")
        assert process.arm("PUT", GROUP, body=PLACE).status_code == 201


@pytest.mark.parametrize(("moment", "status"), [("before", 404), ("after", 200)])
def test_a_connection_is_cut_before_or_after_the_request_is_carried_out(
    state: Path, moment: str, status: int
) -> None:
    with _running(state, "--faults") as process:
        process.rules({"method": "PUT", "path": "", "count": 1, "cut": moment})
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            process.arm("PUT", GROUP, body=PLACE)
        assert process.arm("GET", GROUP).status_code == status
        assert process.arm("PUT", GROUP, body=PLACE).is_success
        process.child.send_signal(signal.SIGTERM)
        _, said = process.child.communicate(timeout=10)
    assert f"PUT {GROUP} cut " in said
    assert "ERROR" not in said


def test_a_request_that_waits_holds_up_no_other_one_and_no_call_of_the_gateway(state: Path) -> None:
    with _running(state, "--faults") as process, ThreadPoolExecutor() as pool:
        process.rules({"method": "PUT", "path": "", "count": 1, "delay": 3600})
        waiting = pool.submit(process.arm, "PUT", GROUP, body=PLACE)
        while not process.client.get(f"http://127.0.0.1:{process.port}/faults").json()["rules"][0]["hits"]:
            time.sleep(0.01)
        assert process.arm("GET", GROUP).status_code == 404
        assert process.client.get(f"http://127.0.0.1:{process.port + 1}/nothing").status_code == 404
        assert not waiting.done()
        process.child.kill()
        assert isinstance(waiting.exception(timeout=10), httpx.TransportError)


def test_the_end_of_the_server_cuts_the_requests_that_wait(state: Path) -> None:
    with _running(state, "--faults") as process, ThreadPoolExecutor() as pool:
        process.rules({"path": "", "delay": 3600})
        waiting = pool.submit(process.arm, "PUT", GROUP, body=PLACE)
        while not process.client.get(f"http://127.0.0.1:{process.port}/faults").json()["rules"][0]["hits"]:
            time.sleep(0.01)
        process.child.send_signal(signal.SIGTERM)
        _, said = process.child.communicate(timeout=30)
        assert isinstance(waiting.exception(timeout=10), httpx.RemoteProtocolError)
    assert process.child.returncode == 0
    assert f"PUT {GROUP} cut " in said
    assert "Traceback" not in said


def test_a_kill_loses_no_operation_that_was_going_on(state: Path) -> None:
    with _running(state) as process:
        process.arm("PUT", GROUP, body=PLACE)
    with _running(state, "--latency") as process:
        accepted = process.arm("PUT", SERVICE, body=SERVICE_BODY)
        assert process.arm("GET", SERVICE).json()["properties"]["provisioningState"] == "Created"
        assert process.arm("DELETE", SERVICE).json()["error"]["code"] == "ServiceLocked"
        process.child.kill()
    with _running(state, "--latency") as process:
        asked = urlsplit(accepted.headers["Azure-AsyncOperation"])
        assert process.arm("GET", asked.path).json()["status"] == "Succeeded"
        assert process.arm("GET", SERVICE).json()["properties"]["provisioningState"] == "Succeeded"


def test_a_write_is_answered_when_the_service_would_have_done_it(state: Path) -> None:
    with _running(state, "--latency", "1e-6") as process:
        assert process.arm("PUT", GROUP, body=PLACE).status_code == 201
    with _running(state, "--latency", "3600") as process:
        process.client.timeout = httpx.Timeout(10, read=0.5)
        with pytest.raises(httpx.ReadTimeout):
            process.arm("PUT", GROUP, body=PLACE)


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "inf", "slow"])
def test_a_scale_that_is_none_is_refused(state: Path, scale: str) -> None:
    command = [*serve_command(free_block(), state), f"--latency={scale}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "--latency" in ended.stderr
    assert not state.exists()


def test_nobody_else_reads_the_state(state: Path) -> None:
    state.mkdir(mode=0o755)
    with _running(state):
        assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_health_needs_no_token_and_tells_version_code_and_state(state: Path) -> None:
    with _running(state) as process:
        health = process.client.get(f"http://127.0.0.1:{process.port}/health").json()
    assert health == {"status": "ok", "version": VERSION, "code": code_digest(), "state": str(state)}


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


def test_a_request_is_one_line_in_the_log_without_tokens_and_secrets(state: Path) -> None:
    vault = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
    body = {
        "location": "westeurope",
        "properties": {
            "tenantId": "00000000-0000-0000-0000-000000000000",
            "sku": {"family": "A", "name": "standard"},
        },
    }
    with _running(state) as process:
        process.arm("PUT", GROUP, body=PLACE)
        for path, content in (
            (vault, body),
            (f"{vault}/secrets/key", {"properties": {"value": "the-secret"}}),
        ):
            answer = process.client.put(
                f"http://127.0.0.1:{process.port}{path}",
                params={"api-version": "2024-11-01"},
                headers={"Authorization": "Bearer the-token-itself"},
                json=content,
            )
            assert answer.status_code == 201, answer.text
        process.arm("GET", f"{GROUP}/providers/Fabrikam%0AForged/things/x")
        process.child.send_signal(signal.SIGTERM)
        _, said = process.child.communicate(timeout=10)
    assert "the-token-itself" not in said
    assert "the-secret" not in said
    lines = said.splitlines()
    assert len(lines) == 4
    assert f"INFO PUT {GROUP} 201 " in lines[0]
    assert lines[0].endswith(" ms")


@pytest.mark.parametrize("offset", [0, 1])
def test_a_port_in_use_is_one_sentence_and_changes_nothing(state: Path, offset: int) -> None:
    port = free_block()
    with socket.create_server(("127.0.0.1", port + offset)):
        ended = subprocess.run(
            serve_command(port, state), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port + offset} of 127.0.0.1 is in use.")
    assert "--port" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not state.exists()


def test_a_state_folder_in_use_is_one_sentence(state: Path) -> None:
    with _running(state):
        ended = subprocess.run(
            serve_command(free_block(), state),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"The state folder '{state}' is in use by another local Azure.")
    assert ended.stderr.count("\n") == 1


def test_a_state_that_cannot_be_read_is_one_sentence(state: Path) -> None:
    state.mkdir()
    (state / DATABASE_NAME).write_text("no database " * 100)
    ended = subprocess.run(
        serve_command(free_block(), state), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 1
    assert "as `./dev local reset` does" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("port", ["0", "65535", "many"])
def test_a_port_that_is_none_is_refused(state: Path, port: str) -> None:
    ended = subprocess.run(
        serve_command(port, state), cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 2
    assert "--port" in ended.stderr
    assert not state.exists()
