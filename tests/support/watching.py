"""What works for a clone while `./dev local` runs in it, and waiting for it."""

import shutil
import subprocess
import time

import psutil

from tests.support.clone import Clone
from tests.support.condition import processes

ENGINE = "pulumi --non-interactive up"
AZURE = "local_azure serve"


def working(clone: Clone, words: str) -> list[psutil.Process]:
    """Return the clone's processes whose command lines hold the words."""
    return [process for process, command in processes(clone) if words in command]


def await_engine(clone: Clone, running: subprocess.Popen[str], stack: int) -> None:
    """Wait until the engine deploys: 0 the foundation, 1 the platform, 2 the first model; -1 waits for nothing."""
    engines: set[int] = set()
    while len(engines) <= stack:
        assert running.poll() is None, f"the run ended before engine {stack} began"
        engines |= {engine.pid for engine in working(clone, ENGINE)}
        time.sleep(0.02)


def end_azure(clone: Clone) -> None:
    for process in working(clone, AZURE):
        process.terminate()
        process.wait(timeout=20)


def forget_deployment(clone: Clone) -> None:
    """Let nothing be deployed; the model server runs on."""
    end_azure(clone)
    for folder in ("state", "azure", "checkpoints"):
        shutil.rmtree(clone.files / ".local" / folder)
