"""`set-header`: https://learn.microsoft.com/azure/api-management/set-header-policy."""

import re
from collections.abc import Callable

from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.messages import Headers
from local_azure.gateway.statements.step import Place, Run, text_of
from shared.policies import SetHeader

SEPARATE = frozenset(
    {
        "cookie", "date", "expires", "if-modified-since", "if-unmodified-since", "last-modified",
        "proxy-authenticate", "retry-after", "set-cookie", "user-agent", "warning", "www-authenticate",
    }
)  # fmt: skip
"""Headers whose values stay fields of their own; the values of all others are joined by commas."""


_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A `token` of RFC 9110, section 5.6.2."""


def set_header(statement: SetHeader, place: Place) -> Run:
    """Compile one `set-header`; a name that no header can have is refused."""
    if isinstance(statement.name, str) and "{{" not in statement.name and not _NAME.fullmatch(statement.name):
        raise place.error(f"'{statement.name}' is no name of a header: write letters, digits and hyphens")
    name = text_of(statement.name, place)
    values = [text_of(value, place) for value in statement.values]
    action = text_of(statement.exists_action, place)

    def run(context: Context) -> None:
        apply = _ACTIONS.get(action(context))
        if apply is None:
            raise GatewayError(
                INTERNAL,
                "ExpressionValueEvaluationFailure",
                f"exists-action is none of {', '.join(_ACTIONS)}",
            )
        texts = [value(context) for value in values]
        if any(character in text for text in texts for character in "\r\n\0"):
            raise GatewayError(INTERNAL, "HeaderValueInvalid", "A header's value cannot hold a line break.")
        header = name(context)
        if not _NAME.fullmatch(header):
            raise GatewayError(INTERNAL, "HeaderNameInvalid", "The name of a header is no token of RFC 9110.")
        apply(place.headers(context), header, texts)

    return run


def _override(headers: Headers, name: str, values: list[str]) -> None:
    headers.set(name, _joined(name, values))


def _skip(headers: Headers, name: str, values: list[str]) -> None:
    if name not in headers:
        headers.append(name, _joined(name, values))


def _append(headers: Headers, name: str, values: list[str]) -> None:
    headers.set(name, _joined(name, [*headers.values(name), *values]))


def _delete(headers: Headers, name: str, _: list[str]) -> None:
    headers.delete(name)


def _joined(name: str, values: list[str]) -> list[str]:
    return values if name.lower() in SEPARATE or not values else [",".join(values)]


_ACTIONS: dict[str, Callable[[Headers, str, list[str]], None]] = {
    "override": _override,
    "skip": _skip,
    "append": _append,
    "delete": _delete,
}
