"""What keeps a bootstrap from beginning, told in sentences before anything is changed."""

import subprocess
from pathlib import Path

import pytest

from delivery.bootstrap import remedies, repository
from delivery.errors import DeliveryError
from shared.documents import DocumentError
from tests.unit.delivery.bootstrap.conftest import FILES, SUBSCRIPTION, TENANT, Bench

_OTHER = "11111111-0000-0000-0000-000000000000"


def test_who_is_not_logged_in(bench: Bench) -> None:
    world = bench.world
    world.logged_in = False
    bench.change(world)
    with pytest.raises(
        DeliveryError, match=r"The login is missing or has expired: run `az login`\. Nothing was changed\."
    ):
        bench.run()
    assert bench.world.calls == [["account", "show", "--only-show-errors", "--output", "json"]]


@pytest.mark.parametrize("what", ["tenant", "subscription"])
def test_another_tenant_or_subscription(bench: Bench, what: str) -> None:
    world = bench.world
    setattr(world, what, _OTHER)
    bench.change(world)
    sentence = rf"logged in to the {what} {_OTHER}, but environments/dev\.yaml says"
    with pytest.raises(DeliveryError, match=sentence) as refused:
        bench.run()
    remedy = f"`az login --tenant {TENANT}` and `az account set --subscription {SUBSCRIPTION}`"
    assert remedy in str(refused.value)
    assert bench.world.written == []


def test_no_azure_cli(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(bench.root))
    with pytest.raises(DeliveryError, match="There is no Azure CLI"):
        bench.run()


@pytest.mark.parametrize("member", ["encryptedkey", "secretsprovider"])
def test_files_that_contradict_each_other(bench: Bench, member: str) -> None:
    for number, source in enumerate(FILES[1:]):
        file = bench.root / source
        kept = [line for line in file.read_text().splitlines() if not line.startswith(member)]
        file.write_text("\n".join([*kept, f"{member}: a{number}\n"]))
    with pytest.raises(DeliveryError, match=rf"`{member}` differs between environments/dev\.yaml, stacks"):
        bench.run()
    assert bench.world.calls == []


def test_a_file_without_a_secrets_provider(bench: Bench) -> None:
    file = bench.root / FILES[2]
    file.write_text("config:\n" + file.read_text().partition("config:\n")[2])
    with pytest.raises(
        DeliveryError, match=r"`secretsprovider` is missing in stacks/platform/Pulumi\.dev\.yaml"
    ):
        bench.run()


def test_a_state_that_is_not_in_azure(bench: Bench) -> None:
    file = bench.root / "environments/dev.yaml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("backend")]
    file.write_text("\n".join([*kept, "backend: file://state\n"]))
    with pytest.raises(DeliveryError, match="nothing to bootstrap"):  # said first, whatever the repository
        bench.run("--repository", "wrong")
    assert bench.world.calls == []


def test_an_unknown_environment(bench: Bench) -> None:
    (bench.root / "environments/dev.yaml").rename(bench.root / "environments/other.yaml")
    with pytest.raises(DocumentError, match='There is no environment "dev"'):
        bench.run()


@pytest.mark.parametrize(
    ("url", "full_name"),
    [
        ("https://github.com/contoso/models.git", "contoso/models"),
        ("https://github.com/contoso/models", "contoso/models"),
        ("git@github.com:contoso/models.git", "contoso/models"),
        ("ssh://git@github.com/contoso/models.x.git", "contoso/models.x"),
    ],
)
def test_the_repository_is_that_of_the_clone(tmp_path: Path, url: str, full_name: str) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", url], check=True)
    assert repository.of_clone(tmp_path).full_name == full_name


@pytest.mark.parametrize("url", [None, "https://git.contoso.example/contoso/models.git", "/folder/models"])
def test_a_clone_that_does_not_tell_its_repository(tmp_path: Path, url: str | None) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    if url:
        subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", url], check=True)
    with pytest.raises(DeliveryError, match="--repository owner/name"):
        repository.of_clone(tmp_path)


@pytest.mark.parametrize(
    "named", ["contoso", "contoso/models/x", "contoso@1/models", "a b/c", "contoso@x/models@1", ""]
)
def test_a_repository_of_another_form(named: str) -> None:
    with pytest.raises(DeliveryError, match=r"write owner/name, or owner@id/name@id"):
        repository.parse(named)


@pytest.mark.parametrize(
    ("stderr", "remedy"),
    [
        ("(StorageAccountAlreadyTaken) The storage account named x is already taken.", "choose another one"),
        ("(VaultAlreadyExists) The vault name is already in use.", "choose another one"),
        ("A vault with the same name already exists in deleted state.", "az keyvault recover"),
        ("(RequestDisallowedByPolicy) Resource was disallowed by policy.", "A policy of the organization"),
        ("(ScopeLocked) The scope cannot perform delete operation.", "remove the lock"),
        ("AADSTS700082: The refresh token has expired.", "run `az login`"),
        ("HTTPSConnectionPool: Max retries exceeded with url", "cannot be reached"),
        ("unrecognized arguments: --https-only", "az upgrade"),
        ("something else", "What was done before stays"),
    ],
)
def test_what_the_azure_cli_says_comes_with_a_remedy(stderr: str, remedy: str) -> None:
    told = remedies.failure("az something", f"ERROR: {stderr}\n", something_done=True)
    assert f"`az something` failed. The Azure CLI said:\n  ERROR: {stderr}\n" in told
    assert remedy in told
