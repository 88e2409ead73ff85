"""Lists: `$filter`, and pages by `$top`, `$skip`, `count` and `nextLink`.

`count` is the number of all entities that the filter leaves, on every page, and only API Management tells it; a list
without `$top` is told whole (learn.microsoft.com/rest/api/apimanagement/apis/list-by-service).
"""

import re
from urllib.parse import quote, urlencode

from pydantic import JsonValue

from local_azure.arm.errors import invalid_query
from local_azure.arm.filters import Fields, matching
from local_azure.arm.json_values import JsonObject
from local_azure.arm.messages import ArmRequest
from local_azure.arm.resource_types import Site

_UNSUPPORTED = ("tags", "expandgroups", "iskeyvaultrefreshfailed", "export")
"""Query parameters, in lower case, that would make another answer and that the local Azure cannot give."""


def require_supported(request: ArmRequest) -> None:
    """Raise ArmError (400) for a query parameter whose answer would be another one than can be given here."""
    for name in _UNSUPPORTED:
        if request.query.get(name, "false").lower() != "false":
            raise invalid_query(name, "is not known to the local Azure: leave it out")


def page(
    values: list[JsonValue], request: ArmRequest, site: Site, fields: Fields, *, is_counted: bool = True
) -> JsonObject:
    """Return the page of a list that a request asks for, with the link to the next one if there is more.

    `fields` are those that the list can be filtered by. Raises ArmError (400) for what is no page, and for a filter
    that is not understood.
    """
    if "$filter" in request.query:
        values = matching(values, request.query["$filter"], fields)
    first = _number(request, "$skip", default=0, least=0)
    end = first + _number(request, "$top", default=max(len(values), 1), least=1)
    told: JsonObject = {"value": values[first:end]}
    if is_counted:
        told["count"] = len(values)
    if end < len(values):
        query = urlencode({**request.query, "$skip": end})
        told["nextLink"] = f"{site.arm_url}{quote(request.path)}?{query}"
    return told


def _number(request: ArmRequest, name: str, *, default: int, least: int) -> int:
    written = request.query.get(name, str(default))
    if re.fullmatch("[0-9]{1,9}", written) is None or int(written) < least:
        raise invalid_query(
            name, f"has to be a whole number from {least} on, of 9 digits at most, not '{written}'"
        )
    return int(written)
