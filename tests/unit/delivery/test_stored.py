"""The address of an azblob backend, and what its failures are called."""

import os
import socket
from pathlib import Path

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)
from azure.identity import CredentialUnavailableError

from delivery import state
from delivery.errors import DeliveryError
from delivery.stored import address
from delivery.stored.address import Address
from delivery.stored.login import Login
from delivery.stored.refusals import sentence

_PLACE = Address("stcontoso", "pulumi-state", "https://stcontoso.blob.core.windows.net")


@pytest.mark.parametrize(
    ("url", "variables", "service"),
    [
        ("azblob://c?storage_account=st", {}, "https://st.blob.core.windows.net"),
        ("azblob://c", {"AZURE_STORAGE_ACCOUNT": "st"}, "https://st.blob.core.windows.net"),
        (
            "azblob://c?storage_account=st",
            {"AZURE_STORAGE_ACCOUNT": "other"},
            "https://st.blob.core.windows.net",
        ),
        (
            "azblob://c?storage_account=st&domain=blob.core.chinacloudapi.cn",
            {},
            "https://st.blob.core.chinacloudapi.cn",
        ),
        ("azblob://c?storage_account=st&domain=127.0.0.1:9&protocol=http", {}, "http://127.0.0.1:9/st"),
        ("azblob://c?storage_account=st&domain=azurite:9&localemu=true", {}, "https://azurite:9/st"),
        ("azblob://c?storage_account=st&domain=azurite:9&localemu=false", {}, "https://st.azurite:9"),
        (
            "azblob://c?storage_account=st",
            {"AZURE_STORAGE_DOMAIN": "blob.example"},
            "https://st.blob.example",
        ),
    ],
)
def test_the_account_is_where_pulumi_looks_for_it(url: str, variables: dict[str, str], service: str) -> None:
    found = address.parse(url, variables)
    assert found.container == "c"
    assert found.service_url == service


def _refused(code: str) -> HttpResponseError:
    error = HttpResponseError(message="refused")
    error.error_code = code  # type: ignore[attr-defined] # the storage client sets it
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_refused("AuthorizationPermissionMismatch"), "give it the role Storage Blob Data Reader on the container"),
        (_refused("AuthorizationFailure"), "firewall"),
        (_refused("KeyBasedAuthenticationNotPermitted"), "takes no account keys: unset AZURE_STORAGE_KEY"),
        (_refused("AuthenticationFailed"), "may have expired"),
        (_refused("ContainerNotFound"), "There is no container pulumi-state of storage account stcontoso"),
        (_refused("ContainerBeingDeleted"), "restore it"),
        (_refused("AccountIsDisabled"), "account stcontoso is disabled"),
        (_refused("ServerBusy"), "cannot be read: refused."),
        (CredentialUnavailableError(message="EnvironmentCredential: unavailable"), "Nobody is logged in to Azure"),
        (
            ClientAuthenticationError(message="DefaultAzureCredential failed to retrieve a token from the others."),
            "Nobody is logged in to Azure",
        ),
        (ClientAuthenticationError(message="AADSTS700082: The refresh token has expired"), "The login has expired"),
        (ClientAuthenticationError(message="AADSTS7000215: Invalid secret"), "refuses the login (AADSTS7000215)"),
        (ServiceRequestError("Failed to resolve 'x' ([Errno -2] Name or service not known)"), "does not exist"),
        (ServiceRequestError("Connection refused"), "cannot be reached"),
    ],
)  # fmt: skip
def test_a_failure_is_told_with_its_remedy(error: AzureError, words: str) -> None:
    told = sentence(error, _PLACE)
    assert words in told
    assert "pulumi-state" in told or "stcontoso" in told


def test_who_is_not_logged_in_is_told_which_login_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")  # no other place is asked
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeliveryError, match="Nobody is logged in to Azure") as refused:
        state.reachable("azblob://pulumi-state?storage_account=stcontoso", variables={})
    assert "run `az login`" in str(refused.value)
    assert "azure/login" in str(refused.value)


def test_an_expired_login_of_the_azure_cli_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    az = tmp_path / "az"
    az.write_text(
        "#!/bin/sh\necho 'ERROR: AADSTS700082: The refresh token has expired due to inactivity.' >&2\nexit 1\n"
    )
    az.chmod(0o700)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(DeliveryError, match="The login has expired"):
        state.reachable("azblob://pulumi-state?storage_account=stcontoso", variables={})


def test_a_service_that_nobody_answers_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    variables = {"AZURE_STORAGE_ACCOUNT": "st", "AZURE_STORAGE_KEY": "a2V5"}
    with pytest.raises(DeliveryError, match=f"127.0.0.1:{port} cannot be reached"):
        state.reachable(
            f"azblob://c?storage_account=st&domain=127.0.0.1:{port}&protocol=http", variables=variables
        )


def test_a_signature_is_not_sent_to_another_account() -> None:
    variables = {"AZURE_STORAGE_ACCOUNT": "st", "AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=secret"}
    with pytest.raises(DeliveryError, match="AZURE_STORAGE_SAS_TOKEN is for the account st") as refused:
        state.reachable("azblob://c?storage_account=fabrikam", variables=variables)
    assert "secret" not in str(refused.value)


def test_the_azure_cli_is_asked_for_one_token_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    az, calls = tmp_path / "az", tmp_path / "calls"
    printed = '{"accessToken": "token", "expires_on": 32503680000, "tokenType": "Bearer"}'
    az.write_text(f"#!/bin/sh\necho \"$*\" >> {calls}\necho '{printed}'\n")
    az.chmod(0o700)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    login = Login()
    scope = "https://storage.azure.com/.default"
    assert [login.get_token(scope).token for _ in range(3)] == ["token"] * 3
    assert len(calls.read_text().splitlines()) == 1
    login.get_token(scope, tenant_id="00000000-0000-0000-0000-000000000000")
    assert len(calls.read_text().splitlines()) == 2
