"""Microsoft's own clients, pointed at a local Azure that runs as long as a test module needs it."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from azure.core.credentials import AccessToken
from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.mgmt.apimanagement import ApiManagementClient
from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

from benchmarks.ports import free_block
from tests.support.serving import await_served, serve_command

SUBSCRIPTION = "7b6c4a35-0c4e-4df2-9a52-2f3f0a1d9c11"


class StaticToken:
    """A credential whose token needs no directory."""

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken("local", int(datetime.now(UTC).timestamp()) + 3600)


class LoopbackAuthentication(ARMChallengeAuthenticationPolicy):
    """Sends the token over http, which the clients refuse by themselves."""

    def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        request.context.options["enforce_https"] = False
        super().on_request(request)


@dataclass(frozen=True)
class Azure:
    """A running local Azure and the clients for it."""

    url: str
    gateway_url: str
    resources: ResourceManagementClient
    subscriptions: SubscriptionClient
    network: NetworkManagementClient
    vaults: KeyVaultManagementClient
    identities: ManagedServiceIdentityClient
    workspaces: LogAnalyticsManagementClient
    insights: ApplicationInsightsManagementClient
    roles: AuthorizationManagementClient
    apim: ApiManagementClient


@contextmanager
def running_azure(folder: Path, *options: str) -> Iterator[Azure]:
    """Serve a local Azure whose state and log lie in `folder`, until the block ends; options are those of `serve`."""
    port = free_block()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(serve_command(port, folder / "state", *options), stderr=log)
        try:
            yield _clients(port, server)
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=20) == 0


def _clients(port: int, server: "subprocess.Popen[bytes]") -> Azure:
    url = f"http://127.0.0.1:{port}"
    await_served(url, lambda: server.poll() is not None)
    credential = StaticToken()

    def policy() -> LoopbackAuthentication:
        return LoopbackAuthentication(credential, "https://management.azure.com/.default")

    return Azure(
        url,
        f"http://127.0.0.1:{port + 1}",
        ResourceManagementClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
        SubscriptionClient(credential, base_url=url, authentication_policy=policy()),
        NetworkManagementClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
        KeyVaultManagementClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
        ManagedServiceIdentityClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
        LogAnalyticsManagementClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
        ApplicationInsightsManagementClient(
            credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()
        ),
        AuthorizationManagementClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
        ApiManagementClient(credential, SUBSCRIPTION, base_url=url, authentication_policy=policy()),
    )
