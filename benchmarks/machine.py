"""The machine in general terms: enough to judge figures by, nothing that tells whose it is."""

import os
import platform

import psutil

_GIB = 1 << 30


def describe() -> str:
    """Return cores, memory, system and Python, such as `2 cores, 24 GiB, Linux x86_64, CPython 3.11`."""
    cores = os.cpu_count() or 1
    memory = round(psutil.virtual_memory().total / _GIB)
    python = ".".join(platform.python_version_tuple()[:2])
    return (
        f"{cores} {'core' if cores == 1 else 'cores'}, {memory} GiB, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {python}"
    )
