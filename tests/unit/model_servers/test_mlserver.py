"""MLServer's settings."""

import json
from pathlib import Path

from local_azure.model_servers.mlserver import configure


def test_the_server_listens_on_loopback_only(tmp_path: Path) -> None:
    configure(tmp_path, 9000)
    settings = json.loads((tmp_path / "settings.json").read_text())
    assert settings["host"] == "127.0.0.1"
    assert [settings[key] for key in ("http_port", "grpc_port", "metrics_port")] == [9000, 9001, 9002]
