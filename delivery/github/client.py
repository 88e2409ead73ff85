"""The calls of GitHub's REST API that deliveries need, with types."""

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from delivery.errors import DeliveryError
from delivery.github.repository import Repository
from delivery.github.requests import Connection, GitHubError, Request, Sleep

PAGE = 100
"""The most that GitHub lists at once."""

ACTIONS = "github-actions[bot]"
"""Who writes with the token of a workflow's job."""

_Item = TypeVar("_Item", bound=BaseModel)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(_Answer):
    """Somebody, or an app."""

    login: str


class Comment(_Answer):
    """A comment on an issue or a pull request."""

    id: int
    body: str | None = None
    user: User | None = None
    """None for somebody who is gone."""
    html_url: str = ""


class Issue(_Answer):
    """An issue; GitHub lists pull requests among them."""

    number: int
    body: str | None = None
    user: User | None = None
    html_url: str = ""
    pull_request: dict[str, JsonValue] | None = None


class Rule(_Answer):
    """One protection rule of a GitHub environment."""

    type: str
    """`required_reviewers`, `branch_policy` or `wait_timer`."""


class Guarded(_Answer):
    """A GitHub environment, and what guards it."""

    name: str
    protection_rules: tuple[Rule, ...] = ()
    deployment_branch_policy: dict[str, JsonValue] | None = None
    """None when it may be used from every branch."""

    @property
    def has_reviewers(self) -> bool:
        """Whether somebody must approve."""
        return any(rule.type == "required_reviewers" for rule in self.protection_rules)


class GitHub:
    """What deliveries do in one repository; all methods raise GitHubError as `Connection.send` does."""

    def __init__(self, repository: Repository, sleep: Sleep = time.sleep) -> None:
        """Work as the owner of the repository's token."""
        self._connection = Connection(repository, sleep)

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the connections."""
        self._connection.close()

    def login(self) -> str:
        """Return under which name the token writes; a workflow's own token may not even ask."""
        try:
            found = self._connection.send(Request("GET", "/user", needs="metadata: read"))
        except GitHubError as error:
            if error.status == httpx.codes.FORBIDDEN:
                return ACTIONS
            raise
        return _read(User, found).login

    def comments(self, number: int) -> Iterator[Comment]:
        """Yield all comments on an issue or a pull request, oldest first."""
        return self._all(Comment, f"issues/{number}/comments", "pull-requests: write", {})

    def add_comment(self, number: int, body: str) -> Comment:
        """Write a comment; UncertainError when it may have been written or not."""
        request = Request("POST", f"issues/{number}/comments", "pull-requests: write", {"body": body})
        return _read(Comment, self._connection.send(request))

    def change_comment(self, comment: int, body: str) -> Comment:
        """Put another text in the place of a comment."""
        request = Request("PATCH", f"issues/comments/{comment}", "pull-requests: write", {"body": body})
        return _read(Comment, self._connection.send(request))

    def open_issues(self, label: str) -> Iterator[Issue]:
        """Yield the open issues with a label; pull requests are none."""
        query: dict[str, str | int] = {
            "state": "open",
            "labels": label,
            "sort": "created",
            "direction": "asc",
        }
        for issue in self._all(Issue, "issues", "issues: write", query):
            if issue.pull_request is None:
                yield issue

    def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open an issue; GitHub makes the label. UncertainError when it may have been opened or not."""
        request = Request(
            "POST", "issues", "issues: write", {"title": title, "body": body, "labels": [label]}
        )
        return _read(Issue, self._connection.send(request))

    def change_issue(self, number: int, title: str, body: str) -> Issue:
        """Put another title and text in the place of an issue's."""
        request = Request("PATCH", f"issues/{number}", "issues: write", {"title": title, "body": body})
        return _read(Issue, self._connection.send(request))

    def close_issue(self, number: int, body: str) -> Issue:
        """Close an issue as done, with a last text."""
        changes: JsonValue = {"body": body, "state": "closed", "state_reason": "completed"}
        return _read(
            Issue,
            self._connection.send(Request("PATCH", f"issues/{number}", "issues: write", changes)),
        )

    def environment(self, name: str) -> Guarded | None:
        """Return how a GitHub environment is guarded; None when there is none of that name."""
        request = Request("GET", f"environments/{quote(name, safe='')}", "actions: read")
        try:
            return _read(Guarded, self._connection.send(request))
        except GitHubError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return None
            raise

    def _all(self, kind: type[_Item], path: str, needs: str, query: dict[str, str | int]) -> Iterator[_Item]:
        """Yield what a list holds, page by page: the pages are counted, not followed to where an answer points."""
        page = 1
        while True:
            answer = self._connection.send(
                Request("GET", path, needs, query={**query, "per_page": PAGE, "page": page})
            )
            items = _read_list(kind, answer)
            yield from items
            if len(items) < PAGE:
                return
            page += 1


def _read(kind: type[_Item], answer: JsonValue) -> _Item:
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        raise DeliveryError(_STRANGE) from error


def _read_list(kind: type[_Item], answer: JsonValue) -> list[_Item]:
    try:
        return TypeAdapter(list[kind]).validate_python(answer)  # type: ignore[valid-type] # a type known at run time
    except ValidationError as error:
        raise DeliveryError(_STRANGE) from error


_STRANGE = (
    "GitHub answers something else than its documentation says: look at GITHUB_API_URL, and whether a proxy "
    "answers in its place."
)
