"""What the gateway checks of a request before the model is asked."""

from collections.abc import Mapping

from shared.azure.policy_statements import VALIDATE_CONTENT_MAX_SIZE
from shared.contracts.contract import Operation
from shared.contracts.media_types import is_json
from shared.model.description import LargerBodies
from shared.policies import ContentType, Statement, ValidateContent, ValidationAction

VALIDATION_ERRORS_VARIABLE = "requestBodyValidation"
"""The variable that holds why a body was refused."""

_SIZE_EXCEEDED: Mapping[LargerBodies, ValidationAction] = {
    LargerBodies.REFUSE: "prevent",
    LargerBodies.PASS_UNVALIDATED: "ignore",
}


def validation(operation: Operation, larger_bodies: LargerBodies) -> tuple[Statement, ...]:
    """Return the check of a request's body against the schema that the operation's representation names.

    A body of a media type that the contract does not have is refused. One that is no JSON goes to the model server as
    it is: API Management has no schema for it. The check stands at the operation, so that calls without a body are not
    asked for a media type.
    """
    if operation.request is None:
        return ()
    media_types = [each.media_type for each in operation.request.representations]
    return (
        ValidateContent(
            unspecified_content_type_action="prevent",
            max_size=VALIDATE_CONTENT_MAX_SIZE,
            size_exceeded_action=_SIZE_EXCEEDED[larger_bodies],
            errors_variable_name=VALIDATION_ERRORS_VARIABLE,
            contents=tuple(
                ContentType(type=media_type, validate_as="json", action="prevent")
                for media_type in media_types
                if is_json(media_type)
            ),
        ),
    )
