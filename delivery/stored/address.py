"""Which container a backend `azblob://...` means, as Pulumi reads it (gocloud.dev/blob/azureblob, `URLOpener`).

Options of the URL stand above the variables of the process: AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_DOMAIN,
AZURE_STORAGE_PROTOCOL and AZURE_STORAGE_IS_LOCAL_EMULATOR.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from delivery.errors import DeliveryError

SCHEME = "azblob://"
_VARIABLES = {
    "storage_account": "AZURE_STORAGE_ACCOUNT",
    "domain": "AZURE_STORAGE_DOMAIN",
    "protocol": "AZURE_STORAGE_PROTOCOL",
    "localemu": "AZURE_STORAGE_IS_LOCAL_EMULATOR",
}
_TRUE = {"1", "t", "T", "true", "TRUE", "True"}  # what Go's strconv.ParseBool takes for true
_LOCAL = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Address:
    """One container of one storage account."""

    account: str
    container: str
    service_url: str
    """Where the account's blobs are, such as https://<account>.blob.core.windows.net."""

    def __str__(self) -> str:
        """Return both in words."""
        return f"container {self.container} of storage account {self.account}"


def parse(backend_url: str, variables: Mapping[str, str]) -> Address:
    """Return the container that a backend's URL means.

    Raises DeliveryError for an option that Pulumi does not know, or when no account is named.
    """
    parts = urlsplit(backend_url)
    given = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    unknown = sorted(given.keys() - _VARIABLES.keys())
    if unknown or not parts.netloc:
        raise DeliveryError(
            f"The state backend {backend_url} must be azblob://<container>?storage_account=<account>"
            + (f"; it has no option `{unknown[0]}`." if unknown else ".")
        )
    options = {name: given.get(name) or variables.get(variable, "") for name, variable in _VARIABLES.items()}
    account = options["storage_account"]
    if not account:
        raise DeliveryError(
            f"The state backend {backend_url} names no account: add ?storage_account=<account>."
        )
    return Address(account, parts.netloc, _service_url(account, options))


def _service_url(account: str, options: Mapping[str, str]) -> str:
    domain = options["domain"] or "blob.core.windows.net"
    protocol = options["protocol"] or "https"
    if domain.startswith(_LOCAL) or options["localemu"] in _TRUE:
        return f"{protocol}://{domain}/{account}"
    return f"{protocol}://{account}.{domain}"
