"""Measures predictions through the gateway against calling the model server directly."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import psutil

from benchmarks import load
from benchmarks.calls import Amount, Calls, Measured, Target
from benchmarks.errors import BenchmarkError
from benchmarks.ports import free_block
from benchmarks.stacks import Engine
from benchmarks.targets import targets, trivial_backend
from laptop import model_servers, servers
from laptop.layout import Layout
from laptop.processes import Background


def measure(
    driver: Engine, served: str, answered: str, amount: Amount, report: Callable[[str], None]
) -> Calls:
    """Send predictions to the model `served` and to a trivial backend as `answered`, directly and through the gateway.

    The targets take turns.
    """
    port, answer_file = free_block(), driver.scratch.root / ".local" / "trivial-answer.json"
    found = targets(driver, served, answered, port, answer_file)
    layout = Layout(driver.scratch.root)
    with trivial_backend(port, answer_file):
        watched = {
            "gateway": _running(servers.azure(layout)),
            "model server": _running(model_servers.server_of(layout, driver.scratch.ports, served)),
            "client": psutil.Process(),
        }
        measured = asyncio.run(_rounds(found, watched, amount, report))
    return Calls(dict(zip(found, measured, strict=True)), amount)


def _running(background: Background) -> psutil.Process:
    process = background.process()
    if process is None:
        raise BenchmarkError(f"The program {background.name} has ended; its log:\n{background.last_words()}")
    return process


async def _rounds(
    found: Sequence[Target],
    watched: Mapping[str, psutil.Process],
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
