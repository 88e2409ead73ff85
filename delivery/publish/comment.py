"""`./dev publish comment`: the one comment of a pull request, updated in place."""

from delivery.github import GitHub
from delivery.github.requests import UncertainError
from delivery.publish import document

KIND = "preview"
_ATTEMPTS = 3

UNAFFECTED = "**Nothing to deploy.** This pull request changes no stack in any environment.\n"


def no_report(run_url: str) -> str:
    """Return what a comment says when no preview left a report."""
    where = f"[their logs]({run_url})" if run_url else "their logs"
    return f"**No preview.** The previews ended before they could report anything: see {where}.\n"


def put(github: GitHub, pull_request: int, markdown: str, *, must_exist: bool = False) -> str:
    """Have the pull request show this, in the comment of ours if there is one; return its address.

    Only a comment whose first line is the marker and whose author is the owner of the token is ours: others may quote
    it. With `must_exist` no new comment is written; then the address may be empty. Raises GitHubError as GitHub does.
    """
    me, body = github.login(), document.marked(KIND, markdown)
    for attempt in range(1, _ATTEMPTS + 1):
        ours = next(
            (
                comment
                for comment in github.comments(pull_request)
                if comment.user and comment.user.login == me and document.is_of(KIND, comment.body)
            ),
            None,
        )
        if ours:
            return github.change_comment(ours.id, body).html_url
        if must_exist:
            return ""
        try:
            return github.add_comment(pull_request, body).html_url
        except UncertainError:  # perhaps it was written: look before the next attempt
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError(_ATTEMPTS)
