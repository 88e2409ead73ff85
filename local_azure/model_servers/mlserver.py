"""MLServer: serves models by the Open Inference Protocol.

`model-settings.json` is its own description of a model (https://mlserver.readthedocs.io, "Model Settings").
"""

import json
from pathlib import Path


def configure(repository: Path, port: int) -> None:
    """Write MLServer's settings: HTTP on `port`, gRPC and metrics on the two after it, loopback only."""
    repository.mkdir(parents=True, exist_ok=True)
    settings = {
        "host": "127.0.0.1",
        "http_port": port,
        "grpc_port": port + 1,
        "metrics_port": port + 2,
        "debug": False,
        # Inference in the server's own process: worker processes cost seconds at start and outlive a kill.
        "parallel_workers": 0,
    }
    (repository / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def command(environment: Path, repository: Path) -> list[str]:
    """Return the command that serves `repository`."""
    return [str(environment / "mlserver"), "start", str(repository)]


def ready_path(model: str) -> str:
    """Return the path that answers when a model is ready."""
    return f"/v2/models/{model}/ready"
