"""The local Azure of a scratch copy, as fast as it can be or as slow as Azure."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.errors import BenchmarkError
from benchmarks.scratch import Scratch
from laptop.arm import Arm
from laptop.layout import Layout

_START_SECONDS = 30.0
_PAUSE_SECONDS = 0.1
_END_SECONDS = 10.0


@contextmanager
def local_azure(scratch: Scratch, latency: float = 0.0) -> Iterator[None]:
    """Run the copy's local Azure during the body; its writes take `latency` times as long as Azure's.

    What was deployed to it before is there again.
    """
    layout = Layout(scratch.root)
    layout.logs.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "local_azure", "serve", "--port", str(scratch.port), "--state", str(layout.azure),
        *(("--latency", str(latency)) if latency else ()),
    ]  # fmt: skip
    with (
        (layout.logs / "benchmark.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - the copy's own program
            command,
            cwd=scratch.root,
            env={**os.environ, "PYTHONPATH": str(scratch.root)},
            stdout=log,
            stderr=log,
        ) as started,
    ):
        try:
            _await(started, scratch.arm_url)
            yield
        finally:
            started.terminate()
            started.wait(_END_SECONDS)


def _await(started: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while Arm(url).health() is None:
        if started.poll() is not None or time.monotonic() > deadline:
            raise BenchmarkError(f"{url}: the local Azure did not start.")
        time.sleep(_PAUSE_SECONDS)
