"""`validate-content`: https://learn.microsoft.com/azure/api-management/validate-content-policy."""

import asyncio
import json
import logging
import zlib
from dataclasses import dataclass
from itertools import islice

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from referencing.exceptions import Unresolvable

from local_azure.gateway.configuration import Representation
from local_azure.gateway.context import Context
from local_azure.gateway.errors import GatewayError
from local_azure.gateway.messages import Headers
from local_azure.gateway.positions import locate
from local_azure.gateway.schemas import SchemaMissingError
from local_azure.gateway.statements.step import Place, Run
from local_azure.gateway.violations import additional, sentence
from shared.azure.policy_statements import Section
from shared.policies import ContentType, ValidateContent, ValidationAction

logger = logging.getLogger(__name__)

BAD_REQUEST = 400
BAD_GATEWAY = 502
MAX_ERRORS = 10
"""Violations looked for in one body; the first set of errors ends the validation."""
COMBINED = frozenset({"anyOf", "oneOf", "not"})
"""Keywords whose violations tell least: of several at one place they come last. The reference names no order."""
LARGE_BODY = 8_192
"""Bytes from which on a body is validated in a thread, so that other requests go on."""
INTERNAL_ERROR = "The request could not be processed due to an internal error. Contact the API owner."
"""What a caller reads of an error that is not the caller's."""


@dataclass(frozen=True, slots=True)
class ContentError:
    """One validation error, as the variable of `errors-variable-name` keeps it."""

    name: str
    """The content type, where the error is about one."""
    type: str
    """`RequestBody`, `ResponseBody` or `ApiSchema`."""
    validation_rule: str
    details: str
    action: ValidationAction
    public: str
    """What the caller may read."""
    logged: str = ""
    """What the log may tell beside the rule: nothing that stands in the message."""


@dataclass(frozen=True, slots=True)
class _Message:
    """The message under validation."""

    noun: str
    """`request` or `response`."""
    headers: Headers
    body: bytes
    representations: tuple[Representation, ...]

    @property
    def type(self) -> str:
        return f"{self.noun.capitalize()}Body"

    def public(self, details: str) -> str:
        return details if self.noun == "request" else INTERNAL_ERROR

    def content_type(self) -> str:
        return media_type(self.headers.get("Content-Type") or "")


def media_type(content_type: str) -> str:
    """Return a content type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def validate_content(statement: ValidateContent, place: Place) -> Run:
    """Compile one `validate-content`.

    A message without a body and without a content type has nothing to validate and passes. A compressed body
    is read no further than one byte beyond the limit, which is then the size that is told.
    """
    for content in statement.contents:
        _check(content, place)

    async def run(context: Context) -> None:
        message = _message(context, place.section, statement.max_size)
        if not message.body and not message.content_type():
            return
        if len(message.body) > LARGE_BODY:
            errors = await asyncio.to_thread(_errors, statement, context, message)
        else:
            errors = _errors(statement, context, message)
        if not errors:
            return
        for error in errors:
            logger.info(
                "validate-content: %s %s %s [%s]",
                error.type,
                error.validation_rule,
                error.logged,
                context.request_id,
            )
        if statement.errors_variable_name:
            context.variables[statement.errors_variable_name] = tuple(errors)
        _prevent(errors, message)

    return run


def _check(content: ContentType, place: Place) -> None:
    """Refuse what is not executed here."""
    if content.validate_as != "json":
        raise place.error(f'the local gateway validates JSON only, not validate-as="{content.validate_as}"')
    if content.schema_id is not None:
        raise place.error(
            "the local gateway validates with the schemas of the API, not with "
            f'schema-id="{content.schema_id}" of the service; leave schema-id out and name the schema in the '
            "operation's representation"
        )
    if content.case_insensitive_property_names:
        raise place.error("the local gateway compares property names with regard to case only")


def _message(context: Context, section: Section, max_size: int) -> _Message:
    operation = context.operation
    if section is Section.INBOUND or context.response is None:
        request = context.request
        representations = operation.request_representations if operation else ()
        body = _decoded(request.headers, request.body, max_size)
        return _Message("request", request.headers, body, representations)
    response = context.response
    documented = operation.responses if operation else ()
    of_status = [item.representations for item in documented if item.status_code == response.status_code]
    representations = of_status[0] if of_status else ()
    body = _decoded(response.headers, response.body, max_size)
    return _Message("response", response.headers, body, representations)


def _decoded(headers: Headers, body: bytes, max_size: int) -> bytes:
    """Decompress a body, at most one byte more than `max_size`.

    One that is not what its header says, or goes on after its end, stays as it is and fails the validation.
    """
    encoding = (headers.get("Content-Encoding") or "").strip().lower()
    if encoding not in ("gzip", "x-gzip", "deflate") or not body:
        return body
    packed = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        decoded = packed.decompress(body, max_size + 1)
    except zlib.error:
        return body
    is_whole = packed.eof and not packed.unused_data
    return decoded if is_whole or len(decoded) > max_size else body


def _errors(statement: ValidateContent, context: Context, message: _Message) -> list[ContentError]:
    size, limit = len(message.body), statement.max_size
    if size > limit and statement.size_exceeded_action != "ignore":
        return [_too_large(message, size, limit, statement.size_exceeded_action)]
    if size > limit:
        return []
    content_type = message.content_type()
    representation = next(
        (item for item in message.representations if media_type(item.content_type) == content_type), None
    )
    if representation is None:
        return _unspecified(message, content_type, statement.unspecified_content_type_action)
    for content in statement.contents:
        if content.type is None or media_type(content.type) == content_type:
            return (
                [] if content.action == "ignore" else _violations(content, representation, context, message)
            )
    return []


def _too_large(message: _Message, size: int, limit: int, action: ValidationAction) -> ContentError:
    start = f"{message.noun.capitalize()}'s body is {size} bytes long and it exceeds the"
    public = message.public(f"{start} limit of {limit} bytes.")
    return ContentError(
        "", message.type, "SizeLimit", f"{start} configured limit of {limit} bytes.", action, public
    )


def _unspecified(message: _Message, content_type: str, action: ValidationAction) -> list[ContentError]:
    if action == "ignore":
        return []
    details = f"Unspecified content type {content_type} is not allowed."
    return [ContentError(content_type, message.type, "Unspecified", details, action, message.public(details))]


def _violations(
    content: ContentType, representation: Representation, context: Context, message: _Message
) -> list[ContentError]:
    name = representation.content_type
    if representation.schema_id is None and representation.type_name is None:
        return []  # the API says which content type comes, not what is in it
    try:
        return _incorrect(content, representation, message, _validator(content, representation, context))
    except SchemaMissingError as missing:
        details = str(missing)
        if details.endswith(representation.type_name or "?"):
            details += f", which is associated with the content type {name}."
        return [_schema_error(name, "MissingDefinition", details, content.action)]
    except Unresolvable as unresolved:
        details = f"API's schema does not exist or it could not be resolved. {unresolved}"
        return [_schema_error(name, "", details, content.action)]
    except Exception as failure:  # the reference's row for whatever else keeps a body from being validated
        reason = _reason(failure)
        details = f"Body of the {message.noun} cannot be validated for the content type {name}. {reason}"
        return [
            ContentError(
                "", message.type, "ValidationException", details, content.action, INTERNAL_ERROR, reason
            )
        ]


def _schema_error(name: str, rule: str, details: str, action: ValidationAction) -> ContentError:
    return ContentError(name, "ApiSchema", rule, details, action, INTERNAL_ERROR, details)


def _reason(failure: Exception) -> str:
    """Say why a body cannot be validated, without quoting it."""
    match failure:
        case json.JSONDecodeError():
            return f"{failure.msg}. Line: {failure.lineno}, Position: {failure.colno}"
        case UnicodeDecodeError():
            return f"The byte at position {failure.start + 1} is not UTF-8."
        case RecursionError():
            return "The body, or what the schema makes of it, is nested too deeply."
        case _NotJsonError():
            return f"{failure} is not JSON."
        case _:
            return f"The validation failed with {type(failure).__name__}."


def _incorrect(
    content: ContentType, representation: Representation, message: _Message, validator: Validator
) -> list[ContentError]:
    text = message.body.decode("utf-8-sig")
    value = json.loads(text, parse_constant=_no_constant)
    found = islice(validator.iter_errors(value), MAX_ERRORS)
    placed = sorted(
        (_position(text, error), error.validator in COMBINED, sentence(error), str(error.validator))
        for error in found
    )
    lead = (
        f"Body of the {message.noun} does not conform to the definition {representation.type_name}, which is "
        f"associated with the content type {representation.content_type}."
    )
    errors: list[ContentError] = []
    for (line, position), _, violation, keyword in placed:
        where = f"Line: {line}, Position: {position}"
        details = f"{lead} {violation} {where}"
        errors.append(
            ContentError(
                representation.content_type,
                message.type,
                "IncorrectMessage",
                details,
                content.action,
                message.public(details),
                f"{keyword} {where}",
            )
        )
    return errors


def _validator(content: ContentType, representation: Representation, context: Context) -> Validator:
    if context.schemas is None or representation.schema_id is None or representation.type_name is None:
        raise SchemaMissingError("API's schema does not exist or it could not be resolved.")
    return context.schemas.validator(
        representation.schema_id,
        representation.type_name,
        allow_additional_properties=content.allow_additional_properties,
    )


class _NotJsonError(ValueError):
    """`NaN` or an infinity, which Python's reader would take."""


def _no_constant(name: str) -> float:
    raise _NotJsonError(name)


def _position(text: str, error: ValidationError) -> tuple[int, int]:
    path: list[str | int] = list(error.absolute_path)
    if error.validator == "additionalProperties":
        path += additional(error)[:1]
    return locate(text, path, opening=error.validator in ("type", "additionalProperties"))


def _prevent(errors: list[ContentError], message: _Message) -> None:
    for error in errors:
        if error.action == "prevent":
            status = BAD_REQUEST if message.noun == "request" else BAD_GATEWAY
            reason = "BadRequest" if status == BAD_REQUEST else "ResponseNotAllowed"
            raise GatewayError(status, reason, error.details, public=error.public)
