"""The state in a container of Azure Blob Storage: what the real CLI keeps there, copied from the real protocol."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient

from delivery import stacks, state
from delivery.errors import DeliveryError
from tests.support import azurite
from tests.support.azurite import Azurite

pytestmark = pytest.mark.skipif(bool(azurite.missing()), reason=azurite.missing())

_CONTAINER = "pulumi-state"
_ACCOUNT = "stcontosomodelsdev"
_CHECKPOINT = ".pulumi/stacks/foundation/dev.json"
_PROGRAM = "import pulumi\n\npulumi.export('answer', pulumi.Output.secret(42))\n"


@dataclass(frozen=True)
class Deployed:
    """A project with two stacks in a container, deployed by the Pulumi CLI."""

    project: Path
    storage: Azurite

    @property
    def backend(self) -> str:
        return self.storage.backend(_CONTAINER)

    @property
    def container(self) -> ContainerClient:
        service = BlobServiceClient.from_connection_string(self.storage.connection_string)
        return service.get_container_client(_CONTAINER)

    def pulumi(self, backend: str, *arguments: str, **changed: str) -> str:
        variables = {
            **changed,
            "PULUMI_HOME": str(self.project / "home"),
            "PULUMI_BACKEND_URL": backend,
            "PULUMI_CONFIG_PASSPHRASE": "azurite",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        done = subprocess.run(
            [shutil.which("pulumi") or "pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.project,
            env={**os.environ, **self.storage.variables, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def blobs(self) -> dict[str, str]:
        """Every blob and its entity tag, which changes with each write."""
        return {blob.name: str(blob.etag) for blob in self.container.list_blobs()}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("azblob")
    project = folder / "foundation"
    project.mkdir()
    runtime = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
    (project / "Pulumi.yaml").write_text(f"name: foundation\n{runtime}")
    (project / "__main__.py").write_text(_PROGRAM)
    with azurite.running(_ACCOUNT, folder / "azurite.log") as storage:
        made = Deployed(project, storage)
        made.container.create_container()
        for stack in ("dev", "staging"):
            made.pulumi(made.backend, "stack", "init", stack)
            made.pulumi(made.backend, "up", "--yes", "--skip-preview", "-s", stack)
        made.pulumi(made.backend, "stack", "init", "packed", PULUMI_DIY_BACKEND_GZIP="true")
        made.pulumi(made.backend, "stack", "tag", "set", "revision", "abc", "-s", "dev")
        yield made


def test_the_engine_previews_on_a_copy_of_the_container(deployed: Deployed, tmp_path: Path) -> None:
    before = deployed.blobs()
    copied = tmp_path / "state"
    assert state.copy(deployed.backend, copied, variables=deployed.storage.variables) == {}
    backend = f"file://{copied}"
    previewed = deployed.pulumi(backend, "preview", "--expect-no-changes", "-s", "dev")
    assert "1 unchanged" in previewed
    assert "revision" in deployed.pulumi(backend, "stack", "tag", "ls", "-s", "dev")
    assert (
        deployed.pulumi(backend, "stack", "output", "answer", "--show-secrets", "-s", "dev").strip() == "42"
    )
    assert deployed.blobs() == before


def test_only_what_an_engine_reads_is_copied_of_one_environment(deployed: Deployed, tmp_path: Path) -> None:
    state.copy(deployed.backend, tmp_path, environment="dev", variables=deployed.storage.variables)
    names = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    assert names == {".pulumi/meta.yaml", _CHECKPOINT, ".pulumi/stacks/foundation/dev.pulumi-tags"}


def test_a_compressed_checkpoint_arrives_compressed(deployed: Deployed, tmp_path: Path) -> None:
    copied = state.copy(
        deployed.backend, tmp_path, environment="packed", variables=deployed.storage.variables
    )
    assert copied == {}
    (file,) = (tmp_path / ".pulumi" / "stacks" / "foundation").iterdir()
    assert file.name == "packed.json.gz"
    assert b"organization/foundation/packed" in gzip.decompress(file.read_bytes())
    assert "packed" in deployed.pulumi(f"file://{tmp_path}", "stack", "ls")


def test_a_damaged_checkpoint_is_told_with_the_last_good_one_which_mends_it(
    deployed: Deployed, tmp_path: Path
) -> None:
    blob = deployed.container.get_blob_client(_CHECKPOINT)
    good = blob.download_blob().readall()
    blob.upload_blob(good[: len(good) // 2], overwrite=True)
    try:
        damaged = state.copy(deployed.backend, tmp_path / "a", variables=deployed.storage.variables)
        assert list(damaged) == [stacks.foundation("dev")]
        sentence = str(damaged[stacks.foundation("dev")])
        assert f"({_CHECKPOINT} is not whole)" in sentence
        assert f"The last good one is {_CHECKPOINT}.bak" in sentence
        kept = deployed.container.get_blob_client(f"{_CHECKPOINT}.bak").download_blob().readall()
        blob.upload_blob(kept, overwrite=True)
        assert state.copy(deployed.backend, tmp_path / "b", variables=deployed.storage.variables) == {}
    finally:
        blob.upload_blob(good, overwrite=True)


def test_a_connection_string_is_a_login_too(deployed: Deployed, tmp_path: Path) -> None:
    variables = {"AZURE_STORAGE_CONNECTION_STRING": deployed.storage.connection_string}
    state.reachable(deployed.backend, variables=variables)
    state.copy(deployed.backend, tmp_path, variables=variables)
    assert json.loads((tmp_path / _CHECKPOINT).read_text())["checkpoint"]["stack"].endswith("/foundation/dev")


@pytest.mark.parametrize(
    ("container", "changed", "sentence"),
    [
        (
            "elsewhere",
            {},
            f"There is no container elsewhere of storage account {_ACCOUNT}: correct `backend`",
        ),
        (
            _CONTAINER,
            {"AZURE_STORAGE_KEY": "d3Jvbmc="},
            f"Container {_CONTAINER} of storage account {_ACCOUNT} refuses this login or this network",
        ),
    ],
)
def test_what_the_service_refuses_becomes_a_sentence(
    deployed: Deployed, container: str, changed: dict[str, str], sentence: str
) -> None:
    variables = {**deployed.storage.variables, **changed}
    with pytest.raises(DeliveryError) as refused:
        state.reachable(deployed.storage.backend(container), variables=variables)
    assert str(refused.value).startswith(sentence)
