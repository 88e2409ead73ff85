"""What Azure Resource Manager and API Management answer when they refuse a request.

The codes and sentences follow "Troubleshoot common Azure deployment errors"
(learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors) and, for
entities of API Management, the error contract of its REST reference (`ErrorResponse`: code, message,
details with targets).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local_azure.arm.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """One reason of a refusal: the field (`target`) and a sentence about it."""

    target: str
    message: str
    code: str = "ValidationError"

    def body(self) -> JsonObject:
        """Return the detail as it stands in the error body."""
        return {"code": self.code, "target": self.target, "message": self.message}


class ArmError(Exception):
    """A refused request: HTTP status, code, sentence, details and headers of the answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Sequence[ErrorDetail] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Keep the parts; `details` None leaves the key out of the body."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers or {}

    def body(self) -> JsonObject:
        """Return the body that Azure Resource Manager sends: one object named `error`."""
        error: JsonObject = {"code": self.code, "message": self.message}
        if self.details is not None:
            error["details"] = [detail.body() for detail in self.details] or None
        return {"error": error}


def validation_error(*details: ErrorDetail) -> ArmError:
    """Return the refusal of a body whose fields are wrong: 400 with one detail per field."""
    return ArmError(400, "ValidationError", "One or more fields contain incorrect values:", details=details)


def invalid_field(target: str, message: str) -> ArmError:
    """Return the refusal of one field."""
    return validation_error(ErrorDetail(target, message))


def entity_not_found(noun: str) -> ArmError:
    """Return API Management's 404 for one of its entities: `Api not found.`."""
    return ArmError(404, "ResourceNotFound", f"{noun} not found.", details=())


def resource_not_found(resource_type: str, name: str, group: str | None) -> ArmError:
    """Return the 404 for a resource that does not exist; `group` is None below a subscription."""
    where = f" under resource group '{group}'" if group else ""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{resource_type}/{name}'{where} was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )


def resource_group_not_found(group: str) -> ArmError:
    """Return the 404 for a resource group that does not exist."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def parent_not_found(verb: str, resource_type: str, parent_id: str) -> ArmError:
    """Return the 404 for a resource whose parent does not exist; `verb` is `read`, `write` or `delete`."""
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Failed to perform '{verb}' on resource(s) of type '{resource_type.partition('/')[2]}', because the "
        f"parent resource '{parent_id}' could not be found.",
    )


def missing_api_version() -> ArmError:
    """Return the refusal of a request that names no api-version."""
    message = "The api-version query parameter (?api-version=) is required for all requests."
    return ArmError(400, "MissingApiVersionParameter", message)


def invalid_api_version(version: str, supported: Iterable[str]) -> ArmError:
    """Return the refusal of an api-version that the resource type does not have, with those that it has."""
    versions = ",".join(sorted(supported, reverse=True))
    message = f"The api-version '{version}' is invalid. The supported versions are '{versions}'."
    return ArmError(400, "InvalidApiVersionParameter", message)


def invalid_content(reason: str) -> ArmError:
    """Return the refusal of a body that is not the JSON object it has to be."""
    message = f"The request content was invalid and could not be deserialized: '{reason}'."
    return ArmError(400, "InvalidRequestContent", message)


def invalid_query(name: str, reason: str) -> ArmError:
    """Return API Management's refusal of a query parameter; `reason` goes on after its name."""
    return ArmError(400, "ValidationError", f"The query parameter {name} {reason}.", details=())


def unauthenticated() -> ArmError:
    """Return the refusal of a request without bearer token."""
    return ArmError(
        401,
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing or is no bearer token.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def unknown_type(resource_type: str, version: str) -> ArmError:
    """Return the 404 for a type of resource that does not exist here."""
    namespace, _, rest = resource_type.partition("/")
    return ArmError(
        404,
        "InvalidResourceType",
        f"The resource type '{rest}' could not be found in the namespace '{namespace}' for api version "
        f"'{version}'.",
    )


def missing_if_match(method: str) -> ArmError:
    """Return API Management's refusal of a write that does not say which entity tag it knows."""
    message = (
        f"{method} of this entity needs the header If-Match: the entity's ETag, or * for whatever is there."
    )
    return ArmError(400, "MissingIfMatchHeader", message, details=())


def modified_since() -> ArmError:
    """Return API Management's refusal of a write by somebody who knows an older state of the entity."""
    message = "Resource was modified since last retrieval. Please retrieve latest version."
    return ArmError(412, "PreconditionFailed", message, details=())


def method_not_allowed(method: str, path: str) -> ArmError:
    """Return the refusal of a method that the addressed thing does not have."""
    message = f"The requested resource '{path}' does not support http method '{method}'."
    return ArmError(405, "HttpMethodNotSupported", message)
