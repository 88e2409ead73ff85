"""From a request to its API and operation.

https://learn.microsoft.com/azure/api-management/api-management-versions tells how a version is told, and
https://learn.microsoft.com/azure/api-management/api-management-revisions that `;rev=N` after an API's URL asks for a
revision, the current one too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local_azure.gateway.configuration import Api, Operation
from local_azure.gateway.messages import Request
from local_azure.gateway.templates import Template, compile_template


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of an API."""

    operation: Operation
    template: Template


@dataclass(frozen=True, slots=True)
class ApiRoutes:
    """One API: the prefix of its URLs, and its operations from the most to the least specific."""

    api: Api
    prefix: str
    """Lower case, with a leading and without a trailing slash; empty for an API at the root."""
    routes: tuple[Route, ...]

    def rest(self, request: Request) -> str | None:
        """Return the request's path below the API, None when the request is not for this API."""
        path = request.url.path
        rest = path[len(self.prefix) :]
        if not path.lower().startswith(self.prefix) or (rest and not rest.startswith("/")):
            return None
        return rest if self._is_version_told(request) else None

    def _is_version_told(self, request: Request) -> bool:
        name = self.api.version_name
        if not self.api.version or name is None or self.api.version_scheme in (None, "Segment"):
            return True
        if self.api.version_scheme == "Header":
            return request.headers.get(name) == self.api.version
        return request.url.query_value(name) == self.api.version


@dataclass(frozen=True, slots=True)
class Match:
    """The API of a request; its operation, the parameters and the path below the API when one fits."""

    routes: ApiRoutes
    operation: Operation | None
    parameters: dict[str, str]
    path: str


class Router:
    """All APIs of one service."""

    def __init__(self, apis: Sequence[Api]) -> None:
        """Compile every URL template, and sort the APIs by the length of their prefix."""
        compiled = [routes for api in apis for routes in _api_routes(api)]
        self._apis = sorted(
            compiled, key=lambda routes: (len(routes.prefix), bool(routes.api.version)), reverse=True
        )

    def match(self, request: Request) -> Match | None:
        """Return the API with the longest matching path, and its most specific operation.

        Paths and literal segments compare without case; a wrong method is as if there were no operation.
        """
        for routes in self._apis:
            rest = routes.rest(request)
            if rest is not None:
                return _operation(routes, request, rest)
        return None


def _api_routes(api: Api) -> Iterator[ApiRoutes]:
    """Yield the ways to an API: its path if it is the current revision, and its path with the revision."""
    segments = [api.path.strip("/")]
    if api.version and api.version_scheme == "Segment":
        segments.append(api.version)
    prefix = "".join(f"/{segment}" for segment in segments if segment).lower()
    routes = [Route(operation, compile_template(operation.url_template)) for operation in api.operations]
    ranked = tuple(sorted(routes, key=lambda route: route.template.rank))
    if api.is_current:
        yield ApiRoutes(api, prefix, ranked)
    yield ApiRoutes(api, f"{prefix or '/'};rev={api.revision}".lower(), ranked)


def _operation(routes: ApiRoutes, request: Request, path: str) -> Match:
    for route in routes.routes:
        if route.operation.method.upper() not in (request.method, "*"):
            continue
        parameters = route.template.match(request.url, path)
        if parameters is not None:
            return Match(routes, route.operation, parameters, path)
    return Match(routes, None, {}, path)
