"""Where predictions are sent: model server and trivial backend, directly and through the gateway."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.calls import Target
from benchmarks.errors import BenchmarkError
from benchmarks.load import Request
from benchmarks.stacks import LOCAL, Engine
from delivery import stacks
from delivery.management import Management
from delivery.smoke.call import Call
from laptop import model_servers, models
from shared.model import description

_START_SECONDS = 10.0
_PAUSE_SECONDS = 0.05
_UNLIMITED = "calls: 10000000"


def targets(
    driver: Engine, served: str, answered: str, trivial_port: int, answer_file: Path
) -> tuple[Target, ...]:
    """Deploy what is called; return where to send predictions: directly and through the gateway.

    The model `served` is one that this machine serves; `answered` has the trivial backend on `trivial_port`,
    which answers with what the model server answered to the same request (written to `answer_file`).
    """
    through = _call(driver, served, None)
    direct = Target("model server, directly", _direct(through))
    answer_file.write_bytes(_answer(direct.request))
    trivial_url = f"http://127.0.0.1:{trivial_port}"
    through_trivial = _call(driver, answered, trivial_url)
    trivial = Target(
        "trivial backend, directly", Request(f"{trivial_url}/", direct.request.headers, direct.request.body)
    )
    return (
        direct,
        Target("model server, through the gateway", _request(through), direct),
        trivial,
        Target("trivial backend, through the gateway", _request(through_trivial), trivial),
    )


def raise_limits(root: Path, name: str) -> None:
    """Let a model's subscriptions make as many calls as they like: limits are not what is measured."""
    file = root / "models" / name / "model.yaml"
    text = file.read_text(encoding="utf-8")
    calls = f"calls: {description.load(name, LOCAL, root=root).limits.calls}"
    if calls not in text:
        raise BenchmarkError(
            f"models/{name}/model.yaml: the benchmark looks for `{calls}` and does not find it."
        )
    file.write_text(text.replace(calls, _UNLIMITED), encoding="utf-8")


def _call(driver: Engine, name: str, endpoint: str | None) -> Call:
    """Deploy a model whose server is at `endpoint`, by default this machine's; return its example call."""
    root = driver.scratch.root
    own = model_servers.endpoint(root, name, driver.scratch.ports)
    models.render_stack_file(root, name, LOCAL, endpoint or own)
    _, outputs = driver.up(stacks.model(name, LOCAL))
    return models.calls(root, name, LOCAL, outputs, Management(driver.scratch.arm_url))[0]


def _request(call: Call) -> Request:
    return Request(call.url, tuple(call.headers.items()), call.example.text.encode())


def _direct(call: Call) -> Request:
    """Return the request that the gateway makes of a call."""
    (endpoint,) = call.deployed.endpoints.values()
    url = f"{endpoint}{call.example.operation.backend_path}"
    return Request(url, (("Content-Type", call.example.media_type),), call.example.text.encode())


def _answer(request: Request) -> bytes:
    answer = httpx.post(request.url, content=request.body, headers=list(request.headers), trust_env=False)
    return answer.raise_for_status().content


@contextmanager
def trivial_backend(port: int, answer_file: Path) -> Iterator[None]:
    """Run the trivial backend in a process of its own; the body of its answer is read when it starts."""
    command = [sys.executable, "-m", "benchmarks.trivial", str(port), str(answer_file)]
    with subprocess.Popen(command) as started:  # noqa: S603 - this package's own program
        try:
            _await(f"http://127.0.0.1:{port}/")
            yield
        finally:
            started.terminate()


def _await(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise BenchmarkError(f"{url}: the trivial backend did not start.") from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return
