"""A backend in a container of Azure Blob Storage, `azblob://<container>?storage_account=<account>`.

The login is found as Pulumi's own backend finds it (gocloud.dev/blob/azureblob): a key of the account, a shared access
signature, a connection string, or else whatever azure-identity's default finds, in a workflow the Azure CLI's.
"""

import logging
from collections.abc import Mapping

from azure.core.credentials import AzureNamedKeyCredential, TokenCredential
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient, ExponentialRetry, StorageErrorCode

from delivery.errors import DeliveryError
from delivery.stored import address as addresses
from delivery.stored.address import Address
from delivery.stored.login import login
from delivery.stored.refusals import told
from delivery.stored.store import GoneError

# Azure's clients tell their failures in the log too, which without a handler goes to standard error.
logging.getLogger("azure").addHandler(logging.NullHandler())

_RETRIES = 3
# Before each, this much more the power of the second to the attempt: some 15 s where nobody answers, not a minute.
_PAUSE_SECONDS = 1
_PAUSE_BASE_SECONDS = 2


class Blobs:
    """The blobs of one container."""

    history = "the versions of the blob (`az storage blob list --include v`)"

    def __init__(self, backend_url: str, variables: Mapping[str, str]) -> None:
        """Take the backend's URL, and the environment of the process. Raises DeliveryError for a wrong URL."""
        self._address = addresses.parse(backend_url, variables)
        self._client = _client(self._address, backend_url, variables)

    def names(self, folder: str) -> list[str]:
        """Return the names of the blobs below `folder`."""
        with told(self._address):
            return list(self._client.list_blob_names(name_starts_with=f"{folder}/"))

    def read(self, name: str) -> bytes:
        """Return the content of one blob. Raises GoneError when it is not there.

        One that is replaced while it is read is read anew by the client, which names its version in each request.
        """
        with told(self._address):
            try:
                return self._client.download_blob(name).readall()
            except ResourceNotFoundError as error:
                if getattr(error, "error_code", None) == StorageErrorCode.BLOB_NOT_FOUND:
                    raise GoneError(name) from error
                raise


def _client(address: Address, backend_url: str, variables: Mapping[str, str]) -> ContainerClient:
    """Return a client with the login that the environment holds, in Pulumi's order.

    Raises DeliveryError when there is none.
    """
    named, key = variables.get("AZURE_STORAGE_ACCOUNT"), variables.get("AZURE_STORAGE_KEY")
    signature = variables.get("AZURE_STORAGE_SAS_TOKEN")
    connection = variables.get("AZURE_STORAGE_CONNECTION_STRING") or variables.get(
        "AZURE_STORAGEBLOB_CONNECTIONSTRING"
    )
    patience = ExponentialRetry(
        initial_backoff=_PAUSE_SECONDS, increment_base=_PAUSE_BASE_SECONDS, retry_total=_RETRIES
    )
    if connection and not (named and key) and not signature:
        return ContainerClient.from_connection_string(connection, address.container, retry_policy=patience)
    credential: AzureNamedKeyCredential | TokenCredential | str
    if named and key:
        credential = AzureNamedKeyCredential(named, key)
    elif signature:
        _refuse_to_send_elsewhere(address, backend_url, variables)
        credential = signature
    else:
        with told(address):
            credential = login()
    return ContainerClient(address.service_url, address.container, credential, retry_policy=patience)


def _refuse_to_send_elsewhere(address: Address, backend_url: str, variables: Mapping[str, str]) -> None:
    """Raise DeliveryError when a URL would send the signature to another account than the environment names."""
    account = variables.get("AZURE_STORAGE_ACCOUNT") or "none"
    meant = addresses.parse(f"{addresses.SCHEME}{address.container}?storage_account={account}", variables)
    if meant.service_url != address.service_url:
        raise DeliveryError(
            f"AZURE_STORAGE_SAS_TOKEN is for the account {account} (AZURE_STORAGE_ACCOUNT), "
            f"which is not that of the state backend {backend_url}: unset it, or set both to those of the backend."
        )
