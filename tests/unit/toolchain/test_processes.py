"""Real processes at once, and killed ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from delivery.toolchain import Settings, ensure

PROGRAM = """
import sys
from pathlib import Path
from delivery.toolchain import Settings, ensure
path, cache, modules, refusing = sys.argv[1:]
settings = Settings(path, Path(cache), Path(modules), archives=refusing, checksums=refusing)
print(ensure(lambda line: print(line, flush=True), settings).bin)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def start(settings: Settings) -> subprocess.Popen[str]:
    places = (settings.path, str(settings.cache), str(settings.modules), settings.archives)
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *places], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for(log: Path) -> None:
    deadline = time.monotonic() + 30
    while not log.exists():
        assert time.monotonic() < deadline, "no build was started"
        time.sleep(0.02)


def test_of_two_processes_one_builds_and_the_other_waits(
    settings: Settings, install_go: Callable[[float], Path]
) -> None:
    log = install_go(1.5)
    one, two = start(settings), start(settings)
    told = one.communicate(timeout=60)[0] + two.communicate(timeout=60)[0]

    assert (one.returncode, two.returncode) == (0, 0)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2  # the CLI and the language host, once each
    assert told.count("Another process is preparing the Pulumi tool chain: waiting for it.") == 1


def test_a_killed_build_leaves_nothing_that_counts_and_the_next_one_works(
    settings: Settings, install_go: Callable[[float], Path]
) -> None:
    log = install_go(30)
    killed = start(settings)
    wait_for(log)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not [name for name in names(settings.cache) if name.startswith("pulumi-")]

    install_go(0)
    toolchain = ensure(lambda _: None, settings)

    assert "half" not in (toolchain.bin / "pulumi").read_text(encoding="utf-8")
    assert names(settings.cache) == ["lock", toolchain.bin.name]


def test_an_interrupt_ends_the_build_and_removes_what_it_made(
    settings: Settings, install_go: Callable[[float], Path]
) -> None:
    log = install_go(30)
    interrupted = start(settings)
    wait_for(log)
    started = time.monotonic()
    os.kill(interrupted.pid, signal.SIGINT)
    interrupted.communicate(timeout=20)

    assert time.monotonic() - started < 10
    assert interrupted.returncode != 0
    assert names(settings.cache) == ["lock"]
