"""A GitHub on loopback: the part of its REST API that workflows use, as its documentation describes it.

https://docs.github.com/en/rest/issues/comments, .../issues/issues, .../deployments/environments, .../users/users
"""

import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.gateway.servers import served

Object = dict[str, JsonValue]
Handler = Callable[[Request], Awaitable[Response]]

ACTIONS = "github-actions[bot]"
LONGEST = 65_536
REPOSITORY = "contoso/model-gateway"
TOKEN = "ghs_only-a-test-knows-this-token"  # noqa: S105 - of a server on loopback

_FOREIGN = {"message": "Resource not accessible by integration"}


@dataclass(frozen=True)
class Fault:
    """How one of the next requests fails."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    method: str = ""
    """Only a request of this method; empty for any."""
    is_done: bool = False
    """The request is carried out all the same."""


@dataclass
class FakeGitHub:
    """What is on this GitHub, and what was asked of it."""

    url: str = ""
    permissions: set[str] = field(
        default_factory=lambda: {"actions: read", "issues: write", "pull-requests: write"}
    )
    comments: dict[int, list[Object]] = field(default_factory=dict)
    """By number of the pull request."""
    issues: list[Object] = field(default_factory=list)
    environments: dict[str, Object] = field(default_factory=dict)
    user: str | None = None
    """Who the token belongs to; None for the token of a workflow's job, which may not ask."""
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[str] = field(default_factory=list)
    """`METHOD path?query`, oldest first."""
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    @property
    def login(self) -> str:
        return self.user or ACTIONS

    @property
    def variables(self) -> dict[str, str]:
        """What GitHub sets for a job, and the token."""
        return {"GITHUB_API_URL": self.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}

    def comment(self, number: int, body: str, login: str = "somebody") -> Object:
        identifier = next(self.ids)
        url = f"https://github.com/{REPOSITORY}/pull/{number}#issuecomment-{identifier}"
        made: Object = {"id": identifier, "body": body, "user": {"login": login}, "html_url": url}
        self.comments.setdefault(number, []).append(made)
        return made

    def issue(self, title: str, body: str, labels: list[str], login: str = "somebody") -> Object:
        number = len(self.issues) + 1
        made: Object = {
            "number": number,
            "title": title,
            "body": body,
            "labels": [{"name": label} for label in labels],
            "user": {"login": login},
            "state": "open",
            "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
        }
        self.issues.append(made)
        return made

    def guard(self, environment: str, *, reviewers: bool = False, every_branch: bool = False) -> None:
        """Make a GitHub environment."""
        rules: list[JsonValue] = [{"id": 1, "type": "branch_policy"}] if not every_branch else []
        if reviewers:
            rules.append({"id": 2, "type": "required_reviewers", "reviewers": [{"type": "User"}]})
        policy: JsonValue = {"protected_branches": False, "custom_branch_policies": True}
        self.environments[environment] = {
            "name": environment,
            "protection_rules": rules,
            "deployment_branch_policy": None if every_branch else policy,
        }


@contextmanager
def serve() -> Iterator[FakeGitHub]:
    """Serve an empty GitHub on a free port."""
    github = FakeGitHub()
    repository = f"/repos/{REPOSITORY}"
    with served(
        Starlette(
            routes=[
                _route(github, "GET", "/user", "", _user),
                _route(
                    github, "GET", f"{repository}/issues/{{number:int}}/comments", "pull-requests", _comments
                ),
                _route(
                    github,
                    "POST",
                    f"{repository}/issues/{{number:int}}/comments",
                    "pull-requests",
                    _add_comment,
                ),
                _route(
                    github,
                    "PATCH",
                    f"{repository}/issues/comments/{{id:int}}",
                    "pull-requests",
                    _change_comment,
                ),
                _route(github, "GET", f"{repository}/issues", "issues", _issues),
                _route(github, "POST", f"{repository}/issues", "issues", _open_issue),
                _route(github, "PATCH", f"{repository}/issues/{{number:int}}", "issues", _change_issue),
                _route(github, "GET", f"{repository}/environments/{{name}}", "actions", _environment),
            ]
        )
    ) as url:
        github.url = url
        yield github


def _route(
    github: FakeGitHub,
    method: str,
    path: str,
    permission: str,
    work: Callable[[FakeGitHub, Request, Object], Response],
) -> Route:
    """Serve a path as GitHub does: who asks, what fails, what the token may, then the work itself."""

    async def handle(request: Request) -> Response:
        github.requests.append(f"{request.method} {request.url.path}?{request.url.query}".rstrip("?"))
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"message": "Bad credentials"}, 401)
        fault = _next_fault(github, request.method)
        if fault and not fault.is_done:
            return JSONResponse({"message": fault.message}, fault.status, fault.headers)
        if permission and not {f"{permission}: read", f"{permission}: write"} & github.permissions:
            return JSONResponse(_FOREIGN, 403)
        body: Object = await request.json() if method in {"POST", "PATCH"} else {}
        text = body.get("body")
        if isinstance(text, str) and len(text) > LONGEST:
            return JSONResponse({"message": "Validation Failed"}, 422)
        answer = work(github, request, body)
        return JSONResponse({"message": fault.message}, fault.status, fault.headers) if fault else answer

    return Route(path, handle, methods=[method])


def _next_fault(github: FakeGitHub, method: str) -> Fault | None:
    if github.faults and github.faults[0].method in {"", method}:
        return github.faults.popleft()
    return None


def _page(request: Request, items: list[Object]) -> Response:
    size = min(int(request.query_params.get("per_page", "30")), 100)
    start = (int(request.query_params.get("page", "1")) - 1) * size
    return JSONResponse(items[start : start + size])


def _user(github: FakeGitHub, request: Request, body: Object) -> Response:  # noqa: ARG001 - as all handlers
    return JSONResponse({"login": github.user}) if github.user else JSONResponse(_FOREIGN, 403)


def _comments(github: FakeGitHub, request: Request, body: Object) -> Response:  # noqa: ARG001 - as all handlers
    return _page(request, github.comments.get(request.path_params["number"], []))


def _add_comment(github: FakeGitHub, request: Request, body: Object) -> Response:
    return JSONResponse(github.comment(request.path_params["number"], str(body["body"]), github.login), 201)


def _change_comment(github: FakeGitHub, request: Request, body: Object) -> Response:
    for comment in itertools.chain.from_iterable(github.comments.values()):
        if comment["id"] == request.path_params["id"]:
            comment.update(body)
            return JSONResponse(comment)
    return JSONResponse({"message": "Not Found"}, 404)


def _issues(github: FakeGitHub, request: Request, body: Object) -> Response:  # noqa: ARG001 - as all handlers
    label = {"name": request.query_params["labels"]}
    state = request.query_params["state"]
    listed = [
        issue
        for issue in github.issues
        if issue["state"] == state and isinstance(issue["labels"], list) and label in issue["labels"]
    ]
    return _page(request, listed)


def _open_issue(github: FakeGitHub, request: Request, body: Object) -> Response:  # noqa: ARG001 - as all handlers
    labels = body["labels"]
    assert isinstance(labels, list)
    made = github.issue(str(body["title"]), str(body["body"]), [str(label) for label in labels], github.login)
    return JSONResponse(made, 201)


def _change_issue(github: FakeGitHub, request: Request, body: Object) -> Response:
    for issue in github.issues:
        if issue["number"] == request.path_params["number"]:
            issue.update(body)
            return JSONResponse(issue)
    return JSONResponse({"message": "Not Found"}, 404)


def _environment(github: FakeGitHub, request: Request, body: Object) -> Response:  # noqa: ARG001 - as all handlers
    found = github.environments.get(request.path_params["name"])
    return JSONResponse(found) if found else JSONResponse({"message": "Not Found"}, 404)
