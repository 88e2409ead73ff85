from pathlib import Path

import pytest
import yaml

from shared import environments
from shared.documents import DocumentError
from shared.environments import Transport, load, load_all, render_model_stack

_GOOD = {
    "order": 1,
    "summary": "A place.",
    "backend": "azblob://state?storage_account=stcontoso",
    "secretsprovider": "azurekeyvault://kv.vault.azure.net/keys/pulumi",
    "azure": {
        "location": "westeurope",
        "subscription-id": "00000000-0000-0000-0000-00000000000A",
        "tenant-id": "00000000-0000-0000-0000-000000000000",
    },
    "runner": ["ubuntu-latest"],
    "approval": False,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "environments").mkdir()
    return tmp_path


def _write(root: Path, name: str, **changes: object) -> None:
    content = {key: value for key, value in {**_GOOD, **changes}.items() if value is not None}
    (root / "environments" / f"{name}.yaml").write_text(yaml.safe_dump(content))


def test_changes_are_promoted_from_the_laptop_to_production() -> None:
    assert tuple(load_all()) == ("local", "dev", "staging", "prod")


def test_only_the_laptop_does_without_https() -> None:
    transports = {name: environment.transport for name, environment in load_all().items()}
    assert [name for name, transport in transports.items() if transport is Transport.LOOPBACK] == ["local"]


def test_production_waits_for_a_person() -> None:
    assert load("prod").approval


def test_an_unknown_environment_is_answered_with_the_nearest_and_all_known_ones() -> None:
    with pytest.raises(DocumentError) as caught:
        load("prd")
    assert str(caught.value) == (
        'There is no environment "prd". Did you mean `prod`? Environments are: dev, local, prod, staging.'
    )


def test_two_environments_cannot_have_the_same_place(root: Path) -> None:
    _write(root, "one")
    _write(root, "two", backend="azblob://state?storage_account=stfabrikam")
    with pytest.raises(
        DocumentError, match=r"two\.yaml: `order` is 1, as in environments/one\.yaml\. Change one\."
    ):
        load_all(root)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"backend": "s3://state"}, '`backend` is "s3://state"; it must be a Pulumi backend'),
        ({"backend": "azblob://state"}, "an azblob backend must name its account"),
        ({"secretsprovider": "passphrase"}, "secretsprovider passphrase needs the key `encryptionsalt`"),
        ({"encryptionsalt": "v1:x"}, "`encryptionsalt` belongs to the secretsprovider passphrase alone"),
        ({"approval": "yes"}, '`approval` is "yes"; it must be true when a person'),
        ({"order": True}, "`order` is true; it must be a whole number"),
        ({"aproval": True}, "`aproval` is not known. Did you mean `approval`?"),
        ({"runner": []}, "`runner` is []; it must be a list of labels"),
    ],
)
def test_a_wrong_environment_file_is_refused(root: Path, changes: dict[str, object], sentence: str) -> None:
    _write(root, "one", **changes)
    with pytest.raises(DocumentError) as caught:
        load("one", root)
    assert str(caught.value).startswith("environments/one.yaml: ")
    assert sentence in str(caught.value)


def test_guids_are_written_in_lower_case(root: Path) -> None:
    _write(root, "one")
    assert load("one", root).azure.subscription_id == "00000000-0000-0000-0000-00000000000a"


def test_a_file_backend_is_below_the_repository(root: Path) -> None:
    assert load("local").backend_url(root) == f"file://{root}/.local/state"
    assert load("dev").backend_url(root) == load("dev").backend


def test_a_model_stack_file_carries_encryption_and_provider_of_its_environment() -> None:
    rendered = yaml.safe_load(render_model_stack(load("local")))
    assert rendered == {
        "encryptionsalt": load("local").encryptionsalt,
        "config": {
            "azure-native:location": "westeurope",
            "azure-native:subscriptionId": "00000000-0000-0000-0000-000000000000",
            "azure-native:tenantId": "00000000-0000-0000-0000-000000000000",
        },
    }


def test_a_model_stack_file_of_a_cloud_environment_carries_its_secrets_provider(root: Path) -> None:
    _write(root, "one", encryptedkey="abc")
    rendered = yaml.safe_load(render_model_stack(environments.load("one", root)))
    assert rendered["secretsprovider"] == _GOOD["secretsprovider"]
    assert rendered["encryptedkey"] == "abc"


def test_a_model_stack_file_may_name_another_endpoint() -> None:
    rendered = yaml.safe_load(render_model_stack(load("local"), endpoint="http://127.0.0.1:5"))
    assert rendered["config"]["model:endpoint"] == "http://127.0.0.1:5"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("azblob://state?storage_account=stcontoso", "azblob://state?storage_account=stcontoso"),
        ("azblob://state?storage_account=stcontoso", "azblob://state/?storage_account=stcontoso&domain=x"),
        ("file://.local/state", "file://./.local/state/"),
    ],
)
def test_two_environments_cannot_keep_their_state_in_one_place(root: Path, one: str, other: str) -> None:
    _write(root, "one", order=0, backend=one)
    _write(root, "two", order=1, backend=other)
    with pytest.raises(DocumentError) as caught:
        load_all(root)
    assert str(caught.value) == (
        f'environments/two.yaml: `backend` is "{other}", the place of environments/one.yaml too. '
        "Give each environment a container or folder of its own."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("azblob://state?storage_account=stcontoso", "azblob://state?storage_account=stfabrikam"),
        ("azblob://state?storage_account=stcontoso", "azblob://other?storage_account=stcontoso"),
        ("azblob://state/dev?storage_account=stcontoso", "azblob://state/prod?storage_account=stcontoso"),
        ("file://.local/state", "file://.local/other"),
    ],
)
def test_environments_with_state_of_their_own_are_all_loaded(root: Path, one: str, other: str) -> None:
    _write(root, "one", order=0, backend=one)
    _write(root, "two", order=1, backend=other)
    assert tuple(load_all(root)) == ("one", "two")
