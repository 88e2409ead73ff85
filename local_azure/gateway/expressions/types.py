"""Static types of expressions: what the compiler knows of a value before any request."""

from enum import StrEnum


class Kind(StrEnum):
    """A .NET type by the name that error sentences use."""

    STRING = "System.String"
    INT = "System.Int32"
    BOOL = "System.Boolean"
    GUID = "System.Guid"
    OBJECT = "System.Object"
    NULL = "null"
    CONTEXT = "context"
    REQUEST = "context.Request"
    RESPONSE = "context.Response"
    HEADERS = "Headers"
    URL = "Url"
    QUERY = "Url.Query"
    PARAMETERS = "context.Request.MatchedParameters"
    VARIABLES = "context.Variables"
    SUBSCRIPTION = "context.Subscription"
    PRODUCT = "context.Product"
    API = "context.Api"
    OPERATION = "context.Operation"
    DEPLOYMENT = "context.Deployment"
    LAST_ERROR = "context.LastError"
    JWT = "Jwt"
    CLAIMS = "Jwt.Claims"
    STRING_CLASS = "string"
    GUID_CLASS = "Guid"
    URI_CLASS = "Uri"


VALUE_KINDS = frozenset({Kind.INT, Kind.BOOL, Kind.GUID})
"""Structs: never null."""

CASTS = {"string": Kind.STRING, "int": Kind.INT, "bool": Kind.BOOL, "Jwt": Kind.JWT}
"""Type names that a cast or a generic argument may name."""
