"""Microsoft.Insights: Application Insights (learn.microsoft.com/rest/api/application-insights/components)."""

from http import HTTPStatus

from local_azure.arm.identity import TENANT_ID, minted_id
from local_azure.arm.json_values import text, with_defaults, with_properties
from local_azure.arm.references import require_resource
from local_azure.arm.resource_types import Prepared, ResourceType, Write
from local_azure.arm.types.common import place, telling_creation
from local_azure.arm.types.operationalinsights import WORKSPACE

COMPONENT = "Microsoft.Insights/components"


def _prepare(write: Write) -> Prepared:
    """Mint the keys that telemetry is sent with; an instrumentation key is no secret to ARM."""
    workspace = text(write.body, "properties", "WorkspaceResourceId")
    if workspace:
        require_resource(write.store, workspace, WORKSPACE, write.id)
    key, application = minted_id(write.id, "instrumentation"), minted_id(write.id, "application")
    location = place(text(write.body, "location"))
    connection = (
        f"InstrumentationKey={key};IngestionEndpoint=https://{location}.in.applicationinsights.azure.com/;"
        f"LiveEndpoint=https://{location}.livediagnostics.monitor.azure.com/;ApplicationId={application}"
    )
    body = with_defaults(
        write.body,
        IngestionMode="LogAnalytics" if workspace else "ApplicationInsights",
        RetentionInDays=90,
        publicNetworkAccessForIngestion="Enabled",
        publicNetworkAccessForQuery="Enabled",
        Flow_Type="Bluefield",
        Request_Source="rest",
    )
    return Prepared(
        with_properties(
            body,
            ApplicationId=write.name,
            AppId=application,
            InstrumentationKey=key,
            ConnectionString=connection,
            Name=write.name,
            TenantId=TENANT_ID,
        )
    )


TYPES = (
    ResourceType(
        COMPONENT,
        ("2020-02-02",),
        is_tracked=True,
        created_status=HTTPStatus.OK,
        prepare=_prepare,
        present=telling_creation("CreationDate"),
    ),
)
