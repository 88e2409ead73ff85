"""Traces of the gateway: Application Insights, the logger that writes to it, and what is logged."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import apimanagement, applicationinsights

from shared.azure.roles import MONITORING_METRICS_PUBLISHER
from shared.layers import FoundationOutputs
from shared.place import Place, ServicePlace
from shared.platform.headers import CORRELATION_HEADER
from shared.role_assignment import RoleAssignmentArgs, assign


@dataclass(frozen=True)
class TelemetryArgs:
    """What the traces depend on."""

    place: Place
    """Group, region and tags."""
    service: ServicePlace
    """The API Management service that is traced."""
    component_name: str
    """The name of the Application Insights component."""
    foundation: FoundationOutputs
    """Names the Log Analytics workspace that keeps the traces, and the identity that writes them."""
    subscription_id: str
    """The subscription in whose terms the role is named."""
    sampling_percentage: float
    """The share of calls that are traced, 0 to 100. Failed calls always are."""


class Telemetry(pulumi.ComponentResource):
    """What the gateway records: metadata of calls, never their bodies, which hold consumers' data."""

    logger_id: pulumi.Output[str]
    """The logger's resource id, for diagnostics of single APIs."""

    def __init__(self, name: str, args: TelemetryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register component, role, logger and diagnostic."""
        super().__init__("model-gateway:platform:Telemetry", name, None, opts)
        component = applicationinsights.Component(
            f"{name}-component",
            # Not through its Args class: that one passes on `resource_name`, which is also the first parameter's name.
            resource_group_name=args.place.resource_group_name,
            resource_name_=args.component_name,
            location=args.place.location,
            kind="web",
            application_type=applicationinsights.ApplicationType.WEB,
            ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
            workspace_resource_id=args.foundation.log_workspace_id,
            disable_local_auth=True,
            tags=args.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        publisher = assign(
            f"{name}-metrics-publisher",
            RoleAssignmentArgs(
                scope=component.id,
                role=MONITORING_METRICS_PUBLISHER,
                principal_id=args.foundation.gateway_identity_principal_id,
                subscription_id=args.subscription_id,
                description="The gateway writes its traces.",
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        logger = apimanagement.Logger(
            f"{name}-logger",
            apimanagement.LoggerArgs(
                resource_group_name=args.service.resource_group_name,
                service_name=args.service.service_name,
                logger_id="application-insights",
                logger_type=apimanagement.LoggerType.APPLICATION_INSIGHTS,
                description="Writes traces to Application Insights as the gateway's identity.",
                # The component takes no key, so its connection string is an address and not a secret.
                credentials={
                    "connectionString": component.connection_string,
                    "identityClientId": args.foundation.gateway_identity_client_id,
                },
                resource_id=component.id,
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[publisher]),
        )
        apimanagement.Diagnostic(
            f"{name}-diagnostic",
            diagnostic(args, logger.id),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.logger_id = logger.id
        self.register_outputs({"logger_id": self.logger_id})


def diagnostic(args: TelemetryArgs, logger_id: pulumi.Input[str]) -> apimanagement.DiagnosticArgs:
    """Return what is recorded of every call.

    The name `applicationinsights` is one of those that the service knows.
    """
    message = apimanagement.HttpMessageDiagnosticArgs(
        headers=[CORRELATION_HEADER],
        body=apimanagement.BodyDiagnosticSettingsArgs(bytes=0),
        # A key may be sent in the query.
        data_masking=apimanagement.DataMaskingArgs(
            query_params=[
                apimanagement.DataMaskingEntityArgs(mode=apimanagement.DataMaskingMode.HIDE, value="*")
            ]
        ),
    )
    pipeline = apimanagement.PipelineDiagnosticSettingsArgs(request=message, response=message)
    return apimanagement.DiagnosticArgs(
        resource_group_name=args.service.resource_group_name,
        service_name=args.service.service_name,
        diagnostic_id="applicationinsights",
        logger_id=logger_id,
        always_log=apimanagement.AlwaysLog.ALL_ERRORS,
        sampling=apimanagement.SamplingSettingsArgs(
            sampling_type=apimanagement.SamplingType.FIXED, percentage=args.sampling_percentage
        ),
        http_correlation_protocol=apimanagement.HttpCorrelationProtocol.W3_C,
        operation_name_format=apimanagement.OperationNameFormat.NAME,
        verbosity=apimanagement.Verbosity.INFORMATION,
        log_client_ip=False,
        metrics=True,
        frontend=pipeline,
        backend=pipeline,
    )
