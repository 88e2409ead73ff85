"""What a clone is left in: what its Azure and its checkpoints hold, and what should not be there any more."""

import contextlib
import json
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from pydantic import JsonValue

from local_azure.arm.json_values import JsonObject, text
from tests.support.clone import Clone

_PATIENCE_SECONDS = 10.0  # a plugin looks for its engine every few moments
_PORTS = 6
_UNFINISHED = re.compile(r"unfinished|removing|fileblob|\.tmp|\.part")
_RANDOM = frozenset({"createdDate", "timeStampUtc", "secretUriWithVersion"})


@dataclass(frozen=True)
class Condition:
    """What two runs that ended alike have in common, whenever they ran."""

    azure: frozenset[str]
    """Every resource of the local Azure: what it is and what it is made of."""
    checkpoints: frozenset[str]
    """Every resource that the stacks know: what it is, its inputs, and whether it is to be deleted."""

    def difference(self, other: "Condition") -> list[str]:
        """Return what only one of the two has: `-` this one, `+` the other."""
        mine, its = self.azure | self.checkpoints, other.azure | other.checkpoints
        return [f"- {entry}" for entry in sorted(mine - its)] + [f"+ {entry}" for entry in sorted(its - mine)]


def condition(clone: Clone) -> Condition:
    """Read the condition of `clone` from its files, none of which a running engine may be writing."""
    local = clone.files / ".local"
    return condition_of(local / "azure", local / "state")


def condition_of(azure: Path, backend: Path) -> Condition:
    """Read the condition that the state of a local Azure and a file backend tell."""
    return Condition(frozenset(_azure(azure)), frozenset(_checkpoints(backend)))


def left_behind(clone: Clone) -> list[str]:
    """Return what an interrupted run left and a later one did not remove: processes, ports, locks, files."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (found := [*_processes(clone), *_ports(clone), *_locks(clone), *_files(clone.files)]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.2)
    return found


def processes(clone: Clone) -> Iterator[tuple[psutil.Process, str]]:
    """Yield every process that works for `clone`, with its command line."""
    root = str(clone.root)
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if any(root in value for value in process.environ().values()):
                yield process, " ".join(process.cmdline())


def _azure(azure: Path) -> Iterator[str]:
    # A copy: SQLite cannot follow the path by which files on a small disk are seen.
    with tempfile.TemporaryDirectory() as folder:
        for file in azure.glob("azure.db*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, folder)
        with contextlib.closing(sqlite3.connect(Path(folder) / "azure.db")) as database:
            rows = database.execute("select id, type, body from entity").fetchall()
    for identifier, resource_type, content in rows:
        body: JsonObject = json.loads(content)
        owner, scope = text(body, "properties", "ownerId"), text(body, "properties", "scope")
        # An administrator's subscription has a random id: it is known by what it is for.
        known_as = f"{scope} of {owner}" if owner else identifier
        yield f"{known_as} {resource_type} {json.dumps(_lasting(body), sort_keys=True)}"


def _checkpoints(backend: Path) -> Iterator[str]:
    for file in (backend / ".pulumi" / "stacks").rglob("*.json"):
        latest = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]
        assert not latest.get("pending_operations"), file
        for resource in latest["resources"]:
            known = {name: resource.get(name) for name in ("urn", "inputs", "parent", "delete")}
            yield json.dumps(_lasting(known), sort_keys=True)


def _lasting(value: JsonValue) -> JsonValue:
    """Return `value` without moments and random parts; encrypted secrets have another nonce each time."""
    if isinstance(value, dict):
        return {
            name: "[secret]" if name == "ciphertext" else _lasting(inner)
            for name, inner in value.items()
            if name not in _RANDOM
        }
    return [_lasting(inner) for inner in value] if isinstance(value, list) else value


def _background(process: psutil.Process) -> bool:
    return "MODEL_GATEWAY_BACKGROUND" in process.environ()


def _processes(clone: Clone) -> Iterator[str]:
    for process, command in processes(clone):
        with contextlib.suppress(psutil.NoSuchProcess):
            if not _background(process):
                yield f"process {process.pid}: {command}"


def _ports(clone: Clone) -> Iterator[str]:
    for process, command in processes(clone):
        with contextlib.suppress(psutil.NoSuchProcess):
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN and (port := connection.laddr[1]) not in range(
                    clone.port, clone.port + _PORTS
                ):
                    yield f"port {port}: {command}"


def _locks(clone: Clone) -> Iterator[str]:
    yield from map(str, (clone.files / ".local/state/.pulumi/locks").rglob("*.json"))
    try:
        FileLock(clone.files / ".local.lock").acquire(timeout=0).lock.release()
    except Timeout:
        yield "the lock of the clone"


def _files(files: Path) -> Iterator[str]:
    for file in files.rglob("*"):
        if _UNFINISHED.search(file.name) or (file.suffix in {".json", ".yaml"} and _is_empty(file)):
            yield str(file)


def _is_empty(file: Path) -> bool:
    return file.is_file() and file.stat().st_size == 0
