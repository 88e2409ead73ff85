"""The Log Analytics workspace that keeps the logs and traces of an environment."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import operationalinsights

from shared.place import Place


@dataclass(frozen=True)
class LogsArgs:
    """What the workspace depends on."""

    place: Place
    """Group, region and tags."""
    workspace_name: str
    """The workspace's name."""
    retention_days: int
    """Days that logs are kept, 30 to 730 (page "Manage data retention in a Log Analytics workspace")."""
    protect: bool
    """Whether Pulumi refuses to delete the workspace."""


class Logs(pulumi.ComponentResource):
    """Where an environment's logs and traces are kept."""

    workspace_id: pulumi.Output[str]
    """The workspace's resource id."""

    def __init__(self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the workspace. It takes Microsoft Entra tokens only: no workspace key opens it."""
        super().__init__("model-gateway:foundation:Logs", name, None, opts)
        workspace = operationalinsights.Workspace(
            f"{name}-workspace",
            operationalinsights.WorkspaceArgs(
                resource_group_name=args.place.resource_group_name,
                workspace_name=args.workspace_name,
                location=args.place.location,
                sku=operationalinsights.WorkspaceSkuArgs(
                    name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018,
                ),
                retention_in_days=args.retention_days,
                features=operationalinsights.WorkspaceFeaturesArgs(
                    disable_local_auth=True,
                    enable_log_access_using_only_resource_permissions=True,
                ),
                tags=args.place.tags,
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.workspace_id = workspace.id
        self.register_outputs({"workspace_id": self.workspace_id})
