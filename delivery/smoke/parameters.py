"""What a call says outside its body: the examples of the parameters that the contract asks for."""

import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from shared.contracts.contract import Operation, Parameter, ParameterPlace


def filled(url: str, operation: Operation) -> str:
    """Return the operation's URL with examples of the parameters of its path, and of the required ones of its query."""
    for parameter in _needed(operation, ParameterPlace.PATH):
        url = url.replace(f"{{{parameter.name}}}", quote(_text(parameter), safe=""))
    query = urlencode({each.name: _text(each) for each in _needed(operation, ParameterPlace.QUERY)})
    return url if not query else f"{url}{'&' if '?' in url else '?'}{query}"


def needed_headers(operation: Operation) -> Mapping[str, str]:
    """Return an example of each required header."""
    return {each.name: _text(each) for each in _needed(operation, ParameterPlace.HEADER)}


def _needed(operation: Operation, place: ParameterPlace) -> tuple[Parameter, ...]:
    return tuple(each for each in operation.parameters if each.required and each.place is place)


def _text(parameter: Parameter) -> str:
    """Return the example as it stands in a request; one that a contract could not make is anything."""
    value = "example" if parameter.example is None else parameter.example
    return value if isinstance(value, str) else json.dumps(value)
