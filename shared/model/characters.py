"""What addresses, media types and names of a contract may consist of.

They come from a team's files, and go into policies and URL templates. There braces, `@(` and asterisks mean something:
`{{name}}` would put a named value of the service, which may be a secret, into the address of a model server.
"""

import re
from collections.abc import Iterator

from shared.contracts.contract import Operation, Parameter, ParameterPlace, Representation
from shared.documents import shown

_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()+,;=:@/-]|%[0-9A-Fa-f]{2}|\{\w[\w.-]*\})*")
"""RFC 3986, without the asterisk, which is API Management's placeholder for the rest of a path."""
_DOTS = re.compile(r"/\.{1,2}(?=/|$)")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""RFC 9110, 5.6.2: the names of headers."""
_MEDIA_TYPE = re.compile(rf"{_TOKEN.pattern}/{_TOKEN.pattern}")


def strange_characters(operation: Operation) -> Iterator[str]:
    """Yield a phrase and a remedy for everything of an operation that would mean something else to the service."""
    for path in dict.fromkeys((operation.url_template, operation.backend_path)):
        if not _PATH.fullmatch(path) or "@(" in path or _DOTS.search(path):
            yield (
                f"has the path {shown(path)}. Write letters, digits, -._~!$&'()+,;=:@, each parameter in one pair of "
                "braces, and anything else percent-encoded, without segments of dots."
            )
    for media_type in dict.fromkeys(each.media_type for each in _representations(operation)):
        if not _MEDIA_TYPE.fullmatch(media_type):
            yield f"has the media type {shown(media_type)}. Write one such as application/json."
    for parameter in operation.parameters:
        if not _is_name(parameter):
            yield (
                f"has the {parameter.place.value} parameter {shown(parameter.name)}. Write a name without braces, "
                "control characters, or in a header anything but letters, digits and hyphens."
            )


def _representations(operation: Operation) -> Iterator[Representation]:
    if operation.request is not None:
        yield from operation.request.representations
    for response in operation.responses:
        yield from response.representations


def _is_name(parameter: Parameter) -> bool:
    if parameter.place is ParameterPlace.HEADER:
        return _TOKEN.fullmatch(parameter.name) is not None
    return parameter.name.isprintable() and not {"{", "}"} & set(parameter.name)
