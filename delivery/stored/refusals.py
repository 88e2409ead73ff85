"""What Azure's clients say when the state cannot be read, as a sentence with a remedy.

Codes of Blob Storage: "Blob service error codes" and "Common REST API error codes"; of logins: "Microsoft Entra
authentication and authorization error codes".
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError

from delivery.errors import DeliveryError
from delivery.stored.address import Address

READER = "Storage Blob Data Reader"
"""The role that reads the state; who deploys needs Storage Blob Data Contributor, which can read too."""

LOGIN = (
    "run `az login`; in a workflow, azure/login comes first, with AZURE_CLIENT_ID of the job's environment and "
    "`id-token: write`"
)
"""How to log in, to follow a colon."""

_ENTRA = re.compile(r"AADSTS\d+")
# An expired refresh token, password, session or sign-in; a client assertion out of its time.
_EXPIRED = {"AADSTS50078", "AADSTS50089", "AADSTS50132", "AADSTS50173", "AADSTS70008", "AADSTS70043", "AADSTS700024",
            "AADSTS700082"}  # fmt: skip

_BY_CODE = {
    "AuthorizationPermissionMismatch": "The login may not read {address}: give it the role {role} on the container "
    "(`./dev bootstrap` assigns it; an assignment takes some minutes to be in force).",
    "AuthorizationFailure": "{address} refuses this login or this network: see whether the account's firewall lets "
    "this machine in, and whether the login has the role {role} on the container.",
    "KeyBasedAuthenticationNotPermitted": "{address} takes no account keys: unset AZURE_STORAGE_KEY, "
    "AZURE_STORAGE_SAS_TOKEN and AZURE_STORAGE_CONNECTION_STRING, and {login}.",
    "AuthenticationFailed": "{address} does not accept the login, which may have expired: {login}. Where a key or a "
    "shared access signature is set (AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN), it is wrong or has expired.",
    "InvalidAuthenticationInfo": "{address} does not accept the login, which may have expired or be one of another "
    "tenant: {login}.",
    "NoAuthenticationInformation": "{address} was asked without a login: {login}.",
    "ContainerNotFound": "There is no {address}: correct `backend` in the environment's file, or let `./dev bootstrap` "
    "make it.",
    "ContainerBeingDeleted": "The {address} is being deleted: restore it (it is kept for some days), or wait and let "
    "`./dev bootstrap` make it anew.",
    "AccountIsDisabled": "The storage account {account} is disabled: enable it, or its subscription.",
}


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Turn what Azure's clients raise in the block into a DeliveryError about `address`."""
    try:
        yield
    except AzureError as error:
        raise DeliveryError(sentence(error, address)) from error


def sentence(error: AzureError, address: Address) -> str:
    """Return why the state at `address` cannot be read, and what to do."""
    code = str(getattr(getattr(error, "error_code", None), "value", getattr(error, "error_code", None)))
    if code in _BY_CODE:
        told_so = _BY_CODE[code].format(address=address, account=address.account, role=READER, login=LOGIN)
        return told_so[0].upper() + told_so[1:]
    if isinstance(error, ClientAuthenticationError):
        return _login(error, address)
    if isinstance(error, ServiceRequestError):
        return _unreachable(error, address)
    return f"The state in the {address} cannot be read: {_first_line(error)}."


def _login(error: ClientAuthenticationError, address: Address) -> str:
    codes = _ENTRA.findall(error.message)
    if _EXPIRED.intersection(codes):
        return f"The login has expired, so the state in the {address} cannot be read: {LOGIN}."
    if codes or not isinstance(error, CredentialUnavailableError):
        why = f" ({', '.join(dict.fromkeys(codes))})" if codes else ""
        if not codes and _IS_LOGGED_OUT.search(error.message):
            return _logged_out(address)
        return f"Azure refuses the login{why}, so the state in the {address} cannot be read: {LOGIN}."
    return _logged_out(address)


_IS_LOGGED_OUT = re.compile(r"az login|not found on path|not installed|failed to retrieve a token from")


def _logged_out(address: Address) -> str:
    return f"Nobody is logged in to Azure, so the state in the {address} cannot be read: {LOGIN}."


def _unreachable(error: ServiceRequestError, address: Address) -> str:
    host = address.service_url.partition("://")[2].partition("/")[0]
    if _IS_UNKNOWN_HOST.search(error.message):
        return (
            f"There is no {host}: the storage account {address.account} of the state does not exist (correct `backend` "
            "in the environment's file, or let `./dev bootstrap` make it), or this machine cannot look up names."
        )
    return f"{host} cannot be reached, so the state cannot be read: see to the network and its proxy, and try again."


_IS_UNKNOWN_HOST = re.compile(
    r"getaddrinfo|[Nn]ame or service not known|name resolution|NameResolutionError|nodename nor"
)


def _first_line(error: AzureError) -> str:
    return (error.message or type(error).__name__).strip().splitlines()[0].rstrip(".")
