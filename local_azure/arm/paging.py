"""Pages of API Management's lists: `$top`, `$skip`, `count` and `nextLink`.

`count` is the number of all entities, on every page; a list without `$top` is told whole
(learn.microsoft.com/rest/api/apimanagement/apis/list-by-service).
"""

from urllib.parse import quote, urlencode

from pydantic import JsonValue

from local_azure.arm.errors import invalid_query
from local_azure.arm.json_values import JsonObject
from local_azure.arm.messages import ArmRequest
from local_azure.arm.resource_types import Site


def page(values: list[JsonValue], request: ArmRequest, site: Site) -> JsonObject:
    """Return the page of a list that a request asks for, with the link to the next one if there is more.

    Raises ArmError (400) for what is no page, and for a filter: it would be ignored, and the list be another one than
    was asked for.
    """
    if "$filter" in request.query:
        raise invalid_query(
            "$filter", "is not known to the local Azure: leave it out and filter the list yourself"
        )
    first = _number(request, "$skip", default=0, least=0)
    end = first + _number(request, "$top", default=max(len(values), 1), least=1)
    told: JsonObject = {"value": values[first:end], "count": len(values)}
    if end < len(values):
        query = urlencode({**request.query, "$skip": end})
        told["nextLink"] = f"{site.arm_url}{quote(request.path)}?{query}"
    return told


def _number(request: ArmRequest, name: str, *, default: int, least: int) -> int:
    written = request.query.get(name, str(default))
    if not (written.isascii() and written.isdigit()) or int(written) < least:
        raise invalid_query(name, f"has to be a whole number from {least} on, not '{written}'")
    return int(written)
