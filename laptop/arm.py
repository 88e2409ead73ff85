"""What an operator does by hand in Azure, and the laptop does over ARM: set a secret, purge what was deleted.

Programs never do this, because what a program touches ends up in Pulumi's state (docs/adr/0004).
"""

import secrets
from dataclasses import dataclass

import httpx
from pydantic import TypeAdapter, ValidationError

from laptop.errors import LaptopError

_KEY_VAULT_API = "2024-11-01"
_API_MANAGEMENT_API = "2024-05-01"
_TIMEOUT_SECONDS = 10.0
_HEALTH_SECONDS = 1.0


@dataclass(frozen=True)
class Health:
    """What a local Azure tells of itself."""

    state: str
    """The folder of its state: another clone's server has another."""
    code: str
    """The digest of the sources it runs: it goes on with old ones after they have changed."""


@dataclass(frozen=True)
class Arm:
    """A client of the local Azure Resource Manager at `url`."""

    url: str

    def health(self) -> Health | None:
        """Return what the server there tells of itself, or None when none answers."""
        try:
            answer = httpx.get(f"{self.url}/health", timeout=_HEALTH_SECONDS, trust_env=False)
            return TypeAdapter(Health).validate_json(answer.content)
        except (httpx.HTTPError, ValidationError):
            return None

    def ensure_secret(self, vault_id: str, name: str) -> None:
        """Set the Key Vault secret `name` to a random value unless it exists; the value stays in the vault.

        Source: https://learn.microsoft.com/rest/api/keyvault/secrets/create-or-update
        """
        path = f"{vault_id}/secrets/{name}"
        found = self._request("GET", path, _KEY_VAULT_API)
        if found.status_code == httpx.codes.NOT_FOUND:
            body = {"properties": {"value": secrets.token_urlsafe(32)}}
            found = self._request("PUT", path, _KEY_VAULT_API, body)
        _require_success(found, f"set the secret {name}")

    def purge_deleted(self, subscription: str) -> tuple[str, ...]:
        """Purge the services and vaults that Azure keeps after their deletion, given the ARM id of their subscription.

        Return their names.

        Sources: https://learn.microsoft.com/rest/api/apimanagement/deleted-services/purge,
        https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/purge-deleted
        """
        providers = f"{subscription}/providers"
        services = self._listed(f"{providers}/Microsoft.ApiManagement/deletedservices", _API_MANAGEMENT_API)
        vaults = self._listed(f"{providers}/Microsoft.KeyVault/deletedVaults", _KEY_VAULT_API)
        for service in services:
            answer = self._request("DELETE", service, _API_MANAGEMENT_API)
            _require_success(answer, f"purge {service}")
        for vault in vaults:
            answer = self._request("POST", f"{vault}/purge", _KEY_VAULT_API)
            _require_success(answer, f"purge {vault}")
        return tuple(deleted.rpartition("/")[2] for deleted in (*services, *vaults))

    def _listed(self, collection: str, api_version: str) -> tuple[str, ...]:
        answer = self._request("GET", collection, api_version)
        _require_success(answer, f"list {collection}")
        return tuple(str(each["id"]) for each in answer.json()["value"])

    def _request(
        self, method: str, path: str, api_version: str, body: dict[str, dict[str, str]] | None = None
    ) -> httpx.Response:
        try:
            return httpx.request(
                method,
                f"{self.url}{path}",
                params={"api-version": api_version},
                headers={"Authorization": "Bearer laptop"},
                json=body,
                timeout=_TIMEOUT_SECONDS,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            raise LaptopError(
                f"The local Azure at {self.url} does not answer ({error}). Its log is .local/logs/azure.log; "
                "`./dev local` starts it again."
            ) from error


def _require_success(answer: httpx.Response, purpose: str) -> None:
    if not answer.is_success:
        raise LaptopError(
            f"The local Azure would not {purpose}: it answered {answer.status_code} {answer.text}. "
            "Its log is .local/logs/azure.log; `./dev local reset` starts afresh."
        )
