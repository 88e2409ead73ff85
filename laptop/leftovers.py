"""Ends the programs that a killed engine left behind.

The engine starts a language host, which starts the program. When the engine is killed, nobody tells those two.
"""

from pathlib import Path

import psutil

from laptop.processes import end_families

_LANGUAGE_HOST = "pulumi-language-python"
_PROGRAM = "pulumi-language-python-exec"
_ENGINE = "pulumi"


def end_leftovers(pulumi_home: Path) -> int:
    """End language hosts and programs of the engines with this PULUMI_HOME that have lost their parent.

    Return how many there were.
    """
    return end_families(
        [process for process in psutil.process_iter() if _is_orphan(process, str(pulumi_home))]
    )


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


def _parent(process: psutil.Process) -> str:
    """Return the name of the program that started `process` and still runs, or nothing."""
    parent = process.parent()
    return "" if parent is None else Path(next(iter(parent.cmdline()), "")).name
