"""What a prediction costs through the gateway, against calling the model server directly."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from benchmarks import load
from benchmarks.errors import BenchmarkError
from benchmarks.load import Request
from benchmarks.samples import Samples
from benchmarks.scratch import free_block
from benchmarks.stacks import LOCAL, Engine
from benchmarks.table import Table, milliseconds, times
from delivery import stacks
from laptop import models, servers
from laptop.arm import Arm
from laptop.call import Call
from laptop.layout import Layout
from shared.model import contracts, description

_START_SECONDS = 10.0
_UNLIMITED = "calls: 10000000"


@dataclass(frozen=True)
class Amount:
    """How much is sent to each target in a round."""

    rounds: int
    one_by_one: int
    """Requests on one connection, for the latency."""
    at_once: int
    """Requests on several connections, for the rate and the CPU time."""
    connections: int = 16


@dataclass(frozen=True)
class Target:
    """Somewhere to send a prediction."""

    title: str
    request: Request
    against: "Target | None" = None
    """The same prediction without the gateway."""


@dataclass
class Measured:
    """What came of the rounds of one target."""

    latencies: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of processor time per request, by process."""


def targets(
    driver: Engine, served: str, answered: str, trivial_port: int, answer_file: Path
) -> tuple[Target, ...]:
    """Deploy what is called; return where to send predictions: directly and through the gateway.

    The model `served` is one that the model server serves; `answered` has the trivial backend on `trivial_port`,
    which answers with what the model server answered to the same request (written to `answer_file`).
    """
    through = _call(driver, served, None)
    direct = Target("model server, directly", _direct(driver, through))
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
    root, port = driver.scratch.root, driver.scratch.port
    models.render_stack_file(root, name, LOCAL, endpoint or f"http://127.0.0.1:{port + 2}")
    _, outputs = driver.up(stacks.model(name, LOCAL))
    return models.calls(root, name, LOCAL, outputs, Arm(driver.scratch.arm_url))[0]


def _request(call: Call) -> Request:
    headers = {"Ocp-Apim-Subscription-Key": call.key, "Content-Type": call.media_type}
    return Request(call.url, headers, json.dumps(call.body).encode())


def _direct(driver: Engine, call: Call) -> Request:
    """Return the request that the gateway makes of a call."""
    root = driver.scratch.root
    described = description.load(call.deployed.model, LOCAL, root=root)
    contract = contracts.load(call.deployed.model, described, root=root)[call.deployed.version]
    paths = [
        operation.backend_path
        for operation in contract.operations
        if call.deployed.urls[operation.name] == call.url
    ]
    url = f"{call.deployed.endpoint}{paths[0]}"
    return Request(url, {"Content-Type": call.media_type}, json.dumps(call.body).encode())


def _answer(request: Request) -> bytes:
    answer = httpx.post(request.url, content=request.body, headers=dict(request.headers), trust_env=False)
    return answer.raise_for_status().content


@contextmanager
def trivial_backend(port: int, answer_file: Path) -> Iterator[psutil.Process]:
    """Run the trivial backend in a process of its own; the body of its answer is read when it starts."""
    command = [sys.executable, "-m", "benchmarks.trivial", str(port), str(answer_file)]
    with subprocess.Popen(command) as started:  # noqa: S603 - this package's own program
        try:
            _await(f"http://127.0.0.1:{port}/")
            yield psutil.Process(started.pid)
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
            time.sleep(0.05)
        else:
            return


def measure(
    driver: Engine, served: str, answered: str, amount: Amount, report: Callable[[str], None]
) -> Table:
    """Send predictions to the model `served` and to a trivial backend as `answered`, directly and through the gateway.

    The targets take turns. Return a row for each.
    """
    port, answer_file = free_block(), driver.scratch.root / ".local" / "trivial-answer.json"
    found = targets(driver, served, answered, port, answer_file)
    layout = Layout(driver.scratch.root)
    with trivial_backend(port, answer_file):
        processes = {
            "gateway": servers.azure(layout).process(),
            "model server": servers.model_server(layout).process(),
        }
        watched = {name: process for name, process in processes.items() if process is not None}
        watched["client"] = psutil.Process()
        measured = asyncio.run(_rounds(found, watched, amount, report))
    return _table(found, measured, amount)


async def _rounds(
    found: Sequence[Target],
    watched: dict[str, psutil.Process],
    amount: Amount,
    report: Callable[[str], None],
) -> list[Measured]:
    measured = [Measured() for _ in found]
    for target in found:
        await load.send(target.request, count=amount.one_by_one, connections=amount.connections)  # warms up
    for turn in range(1, amount.rounds + 1):
        for target, result in zip(found, measured, strict=True):
            report(f"{target.title}, round {turn} of {amount.rounds}")
            alone = await load.send(target.request, count=amount.one_by_one, connections=1)
            result.latencies += alone.latencies
            before = {name: _spent(process) for name, process in watched.items()}
            together = await load.send(target.request, count=amount.at_once, connections=amount.connections)
            result.rates.append(together.rate)
            for name, process in watched.items():
                result.cpu.setdefault(name, []).append((_spent(process) - before[name]) / amount.at_once)
    return measured


def _spent(process: psutil.Process) -> float:
    """Return the processor time of a process and its children, in seconds."""
    family = (
        [process, *process.children(recursive=True)] if process.pid != psutil.Process().pid else [process]
    )
    spent = [member.cpu_times() for member in family]
    return sum(used.user + used.system for used in spent)


def _table(found: Sequence[Target], measured: Sequence[Measured], amount: Amount) -> Table:
    of_target = dict(zip([target.title for target in found], measured, strict=True))
    rows = []
    for target, result in zip(found, measured, strict=True):
        rate, latency = Samples.of(result.rates), Samples.of(result.latencies)
        base = of_target[target.against.title] if target.against else None
        added = (
            ""
            if base is None
            else f"{milliseconds(latency.median - Samples.of(base.latencies).median)}, "
            f"{milliseconds(latency.p95 - Samples.of(base.latencies).p95)}"
        )
        rows.append(
            [
                target.title,
                f"{rate.median:.0f}",
                times(rate.ratio(Samples.of(base.rates))) if base else "",
                f"{milliseconds(latency.median)}, {milliseconds(latency.p95)}",
                added,
                *(
                    milliseconds(Samples.of(result.cpu[name]).median) if name in result.cpu else ""
                    for name in ("gateway", "model server", "client")
                ),
            ]
        )
    return Table(
        title="A prediction through the gateway",
        about=f"Medians of {amount.rounds} rounds in which the four targets take turns, with the same body. "
        f"Requests per second and CPU time per request with {amount.connections} connections, "
        f"{amount.at_once} requests a round; latency (median, 95th percentile) with one connection, "
        f"{amount.one_by_one} requests a round. Client and servers share the machine's cores.",
        columns=[
            "Target",
            "Requests / s",
            "/ directly",
            "Latency",
            "Added",
            "CPU: gateway",
            "CPU: model server",
            "CPU: client",
        ],
        rows=rows,
    )
