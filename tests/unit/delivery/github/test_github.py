"""How GitHub is asked: what is repeated, what is refused with which sentence, and where the token never goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from delivery.errors import DeliveryError
from delivery.github import GitHub, Repository
from delivery.github.requests import GitHubError, UncertainError
from tests.gateway.servers import free_url
from tests.support.github import ACTIONS, REPOSITORY, TOKEN, FakeGitHub, Fault, serve


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as served:
        yield served


@contextmanager
def client(fake: FakeGitHub, waited: list[float] | None = None) -> Iterator[GitHub]:
    pauses = [] if waited is None else waited
    with GitHub(Repository.from_environment(fake.variables), pauses.append) as github:
        yield github


def test_a_workflows_token_may_not_ask_who_it_is(fake: FakeGitHub) -> None:
    with client(fake) as github:
        assert github.login() == ACTIONS


def test_a_persons_token_tells_who_it_is(fake: FakeGitHub) -> None:
    fake.user = "octocat"

    with client(fake) as github:
        assert github.login() == "octocat"


def test_all_pages_of_a_long_conversation_are_read(fake: FakeGitHub) -> None:
    for number in range(201):
        fake.comment(7, f"comment {number}")

    with client(fake) as github:
        assert [comment.body for comment in github.comments(7)] == [f"comment {at}" for at in range(201)]
    assert len(fake.requests) == 3


def test_a_pull_request_is_no_issue(fake: FakeGitHub) -> None:
    fake.issue("drift", "one", ["drift"])
    fake.issue("drift", "two", ["drift"])["pull_request"] = {"url": "https://api.github.com/pulls/2"}

    with client(fake) as github:
        assert [issue.body for issue in github.open_issues("drift")] == ["one"]


def test_what_fails_is_tried_again(fake: FakeGitHub) -> None:
    fake.comment(7, "there")
    fake.faults.extend([Fault(502), Fault(503)])
    waited: list[float] = []

    with client(fake, waited) as github:
        assert len(list(github.comments(7))) == 1
    assert waited == [3.0, 3.0]


def test_what_goes_on_failing_is_given_up(fake: FakeGitHub) -> None:
    fake.faults.extend([Fault(500)] * 9)
    waited: list[float] = []

    with client(fake, waited) as github, pytest.raises(GitHubError) as error:
        list(github.comments(7))

    assert len(waited) == 3
    assert str(error.value) == (
        "GitHub fails at GET issues/7/comments (it answers 500). Run the job again, and look at "
        "https://www.githubstatus.com."
    )


def test_what_may_have_been_written_is_not_written_again(fake: FakeGitHub) -> None:
    fake.faults.append(Fault(502, method="POST", is_done=True))

    with client(fake) as github, pytest.raises(UncertainError):
        github.add_comment(7, "once")

    assert len(fake.comments[7]) == 1


def test_what_never_reached_github_is_sent_again() -> None:
    repository = Repository(REPOSITORY, free_url(), TOKEN)
    waited: list[float] = []

    with GitHub(repository, waited.append) as github, pytest.raises(GitHubError) as error:
        github.add_comment(7, "body")

    assert not isinstance(error.value, UncertainError)
    assert len(waited) == 3


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault(429, {"Retry-After": "7"}), 7),
        (Fault(403, {"Retry-After": "9"}, "You have exceeded a secondary rate limit"), 9),
        (Fault(403, {}, "You have exceeded a secondary rate limit"), 60),
        (Fault(429), 60),
    ],
)
def test_a_limit_is_respected(fake: FakeGitHub, fault: Fault, seconds: float) -> None:
    fake.faults.append(fault)
    waited: list[float] = []

    with client(fake, waited) as github:
        github.add_comment(7, "body")

    assert waited == [seconds]
    assert len(fake.comments[7]) == 1


def test_a_limit_until_a_moment_is_waited_for(fake: FakeGitHub) -> None:
    moment = str(int(datetime.now(UTC).timestamp()) + 30)
    fake.faults.append(
        Fault(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": moment}, "API rate limit")
    )
    waited: list[float] = []

    with client(fake, waited) as github:
        list(github.comments(7))

    assert len(waited) == 1
    assert 25 < waited[0] <= 31


def test_a_limit_of_an_hour_is_not_waited_for(fake: FakeGitHub) -> None:
    fake.faults.append(Fault(429, {"Retry-After": "3600"}))
    waited: list[float] = []

    with client(fake, waited) as github, pytest.raises(GitHubError) as error:
        list(github.comments(7))

    assert waited == []
    assert str(error.value) == (
        "GitHub limits how often it may be asked, and puts off GET issues/7/comments for 3600 s. Run the job again "
        "after that."
    )


def test_a_missing_permission_is_named(fake: FakeGitHub) -> None:
    fake.permissions = {"issues: write"}

    with client(fake) as github, pytest.raises(GitHubError) as error:
        github.add_comment(7, "body")

    assert str(error.value) == (
        "GitHub refuses POST issues/7/comments: the token lacks `pull-requests: write` (Resource not accessible by "
        "integration). Add it to the job's `permissions`."
    )


def test_a_wrong_token_is_told(fake: FakeGitHub) -> None:
    repository = Repository(REPOSITORY, fake.url, "ghs_another")

    with GitHub(repository, lambda _: None) as github, pytest.raises(GitHubError) as error:
        github.login()

    assert str(error.value) == (
        "GitHub refuses GET /user: GITHUB_TOKEN is not valid, or no longer (Bad credentials). "
        "Give the step a fresh one."
    )
    assert "ghs_another" not in str(error.value)


def test_a_thing_that_is_not_there_is_told(fake: FakeGitHub) -> None:
    with client(fake) as github, pytest.raises(GitHubError) as error:
        github.change_comment(1, "body")

    assert "contoso/model-gateway has no such thing, or the token may not see it (Not Found)" in str(
        error.value
    )


def test_what_github_finds_wrong_is_told(fake: FakeGitHub) -> None:
    with client(fake) as github, pytest.raises(GitHubError) as error:
        github.add_comment(7, "x" * 65_537)

    assert "it finds the request wrong (Validation Failed)" in str(error.value)


def test_an_answer_that_is_not_githubs_is_told(fake: FakeGitHub) -> None:
    fake.environments["dev"] = {"nothing": "of the kind"}

    with client(fake) as github, pytest.raises(DeliveryError) as error:
        github.environment("dev")

    assert "look at GITHUB_API_URL" in str(error.value)


def test_nobody_made_the_environment(fake: FakeGitHub) -> None:
    with client(fake) as github:
        assert github.environment("prod") is None


def test_a_redirect_does_not_take_the_token_along(fake: FakeGitHub) -> None:
    fake.faults.append(Fault(301, {"Location": "https://fabrikam.example/"}, "Moved Permanently"))

    with client(fake) as github, pytest.raises(GitHubError) as error:
        list(github.comments(7))

    assert "it answers 301 (Moved Permanently)" in str(error.value)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"GITHUB_TOKEN": "x"}, "GITHUB_REPOSITORY does not name a repository as owner/name"),
        ({"GITHUB_REPOSITORY": "contoso", "GITHUB_TOKEN": "x"}, "GITHUB_REPOSITORY does not name"),
        ({"GITHUB_REPOSITORY": REPOSITORY}, "GITHUB_TOKEN is not set. Give it to this step"),
        (
            {
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_TOKEN": "x",
                "GITHUB_API_URL": "http://github.example",
            },
            "GITHUB_API_URL is http://github.example: the token is sent to an https address only",
        ),
        (
            {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": "x", "GITHUB_API_URL": "http://[::1"},
            "GITHUB_API_URL is http://[::1: the token is sent to an https address only",
        ),
    ],
)
def test_a_job_that_lacks_something_is_told_what(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(DeliveryError) as error:
        Repository.from_environment(variables)

    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize("token", ["secret\nline", "secret\0", "secret word", "secrét"])
def test_a_token_that_no_header_takes_is_refused_unprinted(token: str) -> None:
    with pytest.raises(DeliveryError, match="GITHUB_TOKEN holds what no token does") as error:
        Repository.from_environment({"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": token})
    assert token not in str(error.value)


def test_the_token_is_no_part_of_what_is_printed(fake: FakeGitHub) -> None:
    assert TOKEN not in repr(Repository.from_environment(fake.variables))
