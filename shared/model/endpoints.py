"""Where model servers answer."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationInfo, WithJsonSchema

from shared.azure.limits import LONGEST_BACKEND_URL
from shared.environments import Transport

_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


TRANSPORT = "transport"
"""What the context of a check calls the transport of the environment; without it only https will do."""


def _endpoint(value: str, info: ValidationInfo) -> str:
    if not _is_url(value):
        raise ValueError(
            "an endpoint is a URL such as https://iris-species.models.contoso.example. Correct it."
        )
    if "@" in urlsplit(value).netloc or "?" in value or "#" in value:
        raise ValueError(
            "an endpoint has no user, query or fragment: scheme, host, port and path alone. Correct it."
        )
    if len(value) > LONGEST_BACKEND_URL:
        raise ValueError(
            f"an endpoint has at most {LONGEST_BACKEND_URL} characters in API Management, this one {len(value)}. "
            "Shorten it."
        )
    transport = (info.context or {}).get(TRANSPORT, Transport.HTTPS)
    if not _is_secure(value, transport):
        or_here = " or be on this machine" if transport is Transport.LOOPBACK else ""
        raise ValueError(f"an endpoint must begin with https://{or_here}. Correct it.")
    return value.rstrip("/")


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        right_port = parts.port != 0
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and right_port and value.split() == [value]
    )


Endpoint = Annotated[
    str, AfterValidator(_endpoint), WithJsonSchema({"type": "string", "pattern": r"^https?://[^\s@?#]+$"})
]
"""Where a model server answers, without a slash at the end."""


def _is_secure(endpoint: str, transport: Transport) -> bool:
    """Tell whether the gateway may call an endpoint: by https, or on this machine where nothing leaves it."""
    parts = urlsplit(endpoint)
    return parts.scheme == "https" or (transport is Transport.LOOPBACK and parts.hostname in _LOOPBACK_HOSTS)
