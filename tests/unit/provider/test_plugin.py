"""The plugin as the engine meets it: a process, and a gRPC server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, cast

import grpc
import psutil
import pytest
from google.protobuf import empty_pb2

from local_azure.provider.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from local_azure.provider.values import from_struct, to_struct
from tests.unit.provider.fake_arm import FakeArm, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND = [
    sys.executable,
    "-c",
    "import sys; from local_azure.provider import main; sys.exit(main())",
    "127.0.0.1:1",
]
_GROUP_URN = "urn:pulumi:dev::p::azure-native:resources:ResourceGroup::rg"
_GROUP = to_struct({"resourceGroupName": "contoso-rg", "location": "westeurope"})
_GROUP_ID = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/contoso-rg"


@pytest.fixture
def plugin(arm: FakeArm) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"LOCAL_AZURE_ARM": arm.url}
    with subprocess.Popen(_COMMAND, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.fixture
def stub(plugin: subprocess.Popen[str]) -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    with grpc.insecure_channel(f"127.0.0.1:{_port(plugin)}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_the_engine_asks(plugin: subprocess.Popen[str], number: signal.Signals) -> None:
    _port(plugin)
    plugin.send_signal(number)
    assert plugin.wait(timeout=10) == 0


def test_it_ends_on_sigint_although_its_shell_ignores_it(arm: FakeArm) -> None:
    environment = os.environ | {"LOCAL_AZURE_ARM": arm.url}
    shell = ["sh", "-c", 'trap "" INT; exec "$0" "$@"', *_COMMAND]
    with subprocess.Popen(shell, env=environment, stdout=subprocess.PIPE, text=True) as process:
        _port(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0


def test_it_ends_when_the_engine_was_killed(arm: FakeArm) -> None:
    # The parent prints the plugin's process id and port, then dies without a word to the plugin.
    parent = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "print(child.pid, child.stdout.readline().decode(), flush=True)\n"
        "os._exit(1)\n"
    )
    environment = os.environ | {"LOCAL_AZURE_ARM": arm.url}
    output = subprocess.run(
        [sys.executable, "-c", parent, *_COMMAND],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
    identifier = int(output.split()[0])
    deadline = time.monotonic() + 20
    while _runs(identifier):
        assert time.monotonic() < deadline, "the plugin outlives its engine"
        time.sleep(0.1)


def _runs(identifier: int) -> bool:
    try:
        # What has ended stays a zombie until its new parent asks for it, which not every container's does.
        return psutil.Process(identifier).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    ("endpoint", "sentence"),
    [
        (None, "LOCAL_AZURE_ARM is not set: it must be the local Azure's URL"),
        ("https://management.azure.com", "LOCAL_AZURE_ARM is 'https://management.azure.com'; it must be"),
    ],
)
def test_it_refuses_to_start_without_a_local_azure(endpoint: str | None, sentence: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "LOCAL_AZURE_ARM"}
    environment |= {} if endpoint is None else {"LOCAL_AZURE_ARM": endpoint}
    result = subprocess.run(_COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(sentence)


def test_it_does_not_load_the_pulumi_sdk() -> None:
    program = (
        "import sys, local_azure.provider; print('pulumi' in sys.modules, 'pulumi.output' in sys.modules)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == ["False", "False"]


def test_the_pulumi_sdk_can_be_loaded_afterwards() -> None:
    program = "import local_azure.provider, pulumi.provider.server; pulumi.Output.from_input(1)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def _call(error: grpc.RpcError) -> grpc.Call:
    """gRPC's errors are calls too, which its types do not say."""
    return cast("grpc.Call", error)


def test_it_answers_the_engine(stub: provider_pb2_grpc.ResourceProviderStub, arm: FakeArm) -> None:
    info: plugin_pb2.PluginInfo = stub.GetPluginInfo(empty_pb2.Empty())
    assert info.version.startswith("3.")
    created: provider_pb2.CreateResponse = stub.Create(
        provider_pb2.CreateRequest(urn=_GROUP_URN, properties=_GROUP)
    )
    assert created.id == _GROUP_ID
    assert arm.resources[_GROUP_ID]["location"] == "westeurope"


def test_an_error_of_arm_reaches_the_engine_as_its_text(
    stub: provider_pb2_grpc.ResourceProviderStub, arm: FakeArm
) -> None:
    arm.queue(f"PUT {_GROUP_ID}", Reply(400, {"error": {"code": "Bad", "message": "no"}}))
    with pytest.raises(grpc.RpcError) as raised:
        stub.Create(provider_pb2.CreateRequest(urn=_GROUP_URN, properties=_GROUP))
    assert _call(raised.value).details() == 'Status=400 Code="Bad" Message="no"'


def test_a_failed_operation_reaches_the_engine_with_the_state_reached(
    stub: provider_pb2_grpc.ResourceProviderStub, arm: FakeArm
) -> None:
    headers = {"Azure-AsyncOperation": f"{arm.url}/operations/1", "Retry-After": "0"}
    arm.queue(f"PUT {_GROUP_ID}", Reply(201, {}, headers))
    arm.queue("GET /operations/1", Reply(200, {"status": "Failed", "error": {"code": "X", "message": "y"}}))
    arm.queue(f"GET {_GROUP_ID}", Reply(404), Reply(200, {"id": _GROUP_ID, "location": "westeurope"}))
    with pytest.raises(grpc.RpcError) as raised:
        stub.Create(provider_pb2.CreateRequest(urn=_GROUP_URN, properties=_GROUP))
    metadata = dict(_call(raised.value).trailing_metadata() or ())
    status = status_pb2.Status.FromString(cast("bytes", metadata["grpc-status-details-bin"]))
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert (detail.id, list(detail.reasons)) == (_GROUP_ID, ['Status=200 Code="X" Message="y"'])
    assert from_struct(detail.properties)["location"] == "westeurope"


def test_what_it_does_not_implement_is_answered_so(stub: provider_pb2_grpc.ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        stub.GetMapping(provider_pb2.GetMappingRequest())
    assert _call(raised.value).code() == grpc.StatusCode.UNIMPLEMENTED
