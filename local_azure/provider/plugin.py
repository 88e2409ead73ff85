"""The plugin's process: prints its port on stdout, as the engine expects, and serves until told to end."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from local_azure.provider import rpc
from local_azure.provider.errors import ProviderError
from local_azure.provider.service import Service

ENDPOINT_VARIABLE = "LOCAL_AZURE_ARM"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ORPHAN_CHECK = 1.0  # seconds


def main() -> int:
    """Serve one engine and return the exit code; the arguments that the engine passes are not needed.

    Ends on SIGINT and SIGTERM, and when the engine is gone without having sent one.
    """
    endpoint = os.environ.get(ENDPOINT_VARIABLE)
    if not endpoint:
        sys.stderr.write(
            f"{ENDPOINT_VARIABLE} is not set: it must be the local Azure's URL. Set the variables that "
            "`./dev env local` prints.\n"
        )
        return 1
    try:
        service = Service(endpoint)
    except ProviderError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Blocked before any thread starts, so that the main thread alone receives them, even in a background
    # job whose shell ignores SIGINT.
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    server, port = rpc.start(service)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    signal.sigwait(_SIGNALS)
    service.close()
    server.stop(grace=None)
    return 0


def _end_with_parent(parent: int) -> None:
    """Ask this process to end once its parent has gone: a killed engine leaves its plugins behind."""
    while os.getppid() == parent:
        time.sleep(_ORPHAN_CHECK)
    os.kill(os.getpid(), signal.SIGTERM)
