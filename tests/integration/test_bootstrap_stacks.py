"""The first stacks of an environment, made by the real Pulumi CLI with a key that a service wraps.

The service is a small HashiCorp Vault on loopback: Pulumi treats it as it treats Azure's, which answers https alone.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from delivery.bootstrap import stacks_made
from delivery.bootstrap.settings_files import sources
from delivery.bootstrap.stacks_made import Making
from delivery.bootstrap.things import Line, Outcome
from shared.environments import REPOSITORY

_PROVIDER = "hashivault://pulumi"


class _Transit(BaseHTTPRequestHandler):
    """Wraps by writing a prefix before the text ("Transit secrets engine (API)")."""

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        data = (
            {"ciphertext": f"vault:v1:{body['plaintext']}"}
            if "/encrypt/" in self.path
            else {"plaintext": body["ciphertext"].removeprefix("vault:v1:")}
        )
        answer = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
        """Say nothing."""


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    for source in sources("dev"):
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        text = (REPOSITORY / source).read_text()
        provider = yaml.safe_load(text)["secretsprovider"]
        (tmp_path / source).write_text(text.replace(provider, _PROVIDER))
    for project in ("foundation", "platform"):
        shutil.copy(REPOSITORY / "stacks" / project / "Pulumi.yaml", tmp_path / "stacks" / project)
    (tmp_path / "backend").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    threading.Thread(target=server.serve_forever).start()
    variables = {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "VAULT_ADDR": f"http://127.0.0.1:{server.server_port}",
        "VAULT_TOKEN": "any",
    }
    yield Making(tmp_path, "dev", _PROVIDER, {**os.environ, **variables})
    server.shutdown()
    server.server_close()


def test_the_stacks_share_the_key_that_the_cli_makes_and_their_files_keep_their_form(making: Making) -> None:
    before = {source: (making.root / source).read_text() for source in sources("dev")}
    told: list[Line] = []
    stacks_made.ensure(making, told.append)
    assert [line.outcome for line in told] == [Outcome.CREATED, Outcome.CHANGED, Outcome.CREATED]
    written = {source: (making.root / source).read_text() for source in before}
    keys = {yaml.safe_load(text)["encryptedkey"] for text in written.values()}
    assert len(keys) == 1
    line = f"secretsprovider: {_PROVIDER}\n"
    key = f"encryptedkey: {keys.pop()}\n"
    assert written == {source: text.replace(line, line + key) for source, text in before.items()}
    for project in ("foundation", "platform"):
        checkpoint = making.root / "backend" / ".pulumi" / "stacks" / project / "dev.json"
        assert key.split()[1] in checkpoint.read_text()

    for source, text in before.items():  # nobody committed them
        (making.root / source).write_text(text)
    stacks_made.ensure(making, told.append)
    assert {source: (making.root / source).read_text() for source in before} == written
