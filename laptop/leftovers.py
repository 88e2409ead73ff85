"""Ends the programs that a killed engine left behind.

The engine starts a language host, which starts the program. When the engine is killed, nobody tells those two.
"""

import contextlib
from pathlib import Path

import psutil

_LANGUAGE_HOST = "pulumi-language-python"
_PROGRAM = "pulumi-language-python-exec"
_ENGINE = "pulumi"
_PATIENCE_SECONDS = 5.0


def end_leftovers(pulumi_home: Path) -> int:
    """End language hosts and programs of the engines with this PULUMI_HOME that have lost their parent.

    Return how many there were.
    """
    found = [process for process in psutil.process_iter() if _is_orphan(process, str(pulumi_home))]
    orphans = {member for orphan in found for member in (orphan, *_children(orphan))}
    for orphan in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            orphan.terminate()
    _, alive = psutil.wait_procs(orphans, timeout=_PATIENCE_SECONDS)
    for survivor in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            survivor.kill()
    return len(orphans)


def _is_orphan(process: psutil.Process, pulumi_home: str) -> bool:
    try:
        command = [Path(word).name for word in process.cmdline()[:4]]
        if not command or process.environ().get("PULUMI_HOME") != pulumi_home:
            return False
        if command[0] == _LANGUAGE_HOST:
            return _parent(process) != _ENGINE
        return _PROGRAM in command and _parent(process) != _LANGUAGE_HOST
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _parent(process: psutil.Process) -> str:
    """Return the name of the program that started `process` and still runs, or nothing."""
    parent = process.parent()
    return "" if parent is None else Path(next(iter(parent.cmdline()), "")).name
