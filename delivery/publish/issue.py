"""`./dev publish issue`: the one issue that stays open as long as there is drift."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from delivery.github import GitHub
from delivery.github.client import Issue
from delivery.github.requests import UncertainError
from delivery.publish import document
from delivery.records import DeliveryRecord, Operation, Outcome

KIND = "drift"
LABEL = "drift"
TITLE = "Azure differs from what was deployed"
_ATTEMPTS = 3


@dataclass(frozen=True)
class Verdict:
    """What the night found."""

    troubles: tuple[str, ...]
    """A sentence for each environment that is not known to be clean."""

    @property
    def is_clean(self) -> bool:
        """Whether every environment was looked at and is as it was deployed."""
        return not self.troubles


def judge(records: Sequence[DeliveryRecord], environments: Iterable[str]) -> Verdict:
    """Judge the environments by the records of drift: one without a record is not clean, it was not looked at."""
    return Verdict(
        tuple(sentence for name in environments if (sentence := _trouble(name, _of(records, name))))
    )


def publish(github: GitHub, verdict: Verdict, title: str, markdown: str) -> str:
    """Open, update or close the issue; return a sentence on what was done.

    Only an issue whose first line is the marker and whose author is the owner of the token is ours. Raises GitHubError
    as GitHub does.
    """
    me = github.login()
    told = "\n".join(f"- {trouble}" for trouble in verdict.troubles)
    body = document.marked(KIND, f"{told}\n\n{markdown}" if told else markdown)
    for attempt in range(1, _ATTEMPTS + 1):
        ours = next((issue for issue in github.open_issues(LABEL) if _is_ours(issue, me)), None)
        if ours and verdict.is_clean:
            return f"Closed {github.close_issue(ours.number, body).html_url}: there is no drift any more."
        if ours:
            return f"Updated {github.change_issue(ours.number, title, body).html_url}."
        if verdict.is_clean:
            return "No environment has drift, and no issue says so."
        try:
            return f"Opened {github.open_issue(title, body, LABEL).html_url}."
        except UncertainError:  # perhaps it was opened: look before the next attempt
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError(_ATTEMPTS)


def _is_ours(issue: Issue, me: str) -> bool:
    return issue.user is not None and issue.user.login == me and document.is_of(KIND, issue.body)


def _of(records: Sequence[DeliveryRecord], environment: str) -> list[DeliveryRecord]:
    return [
        record
        for record in records
        if record.operation is Operation.DRIFT and record.environment == environment
    ]


def _trouble(environment: str, records: Sequence[DeliveryRecord]) -> str:
    if not records:
        return f"**{environment}** was not looked at: its job ended before it could tell anything."
    stacks = [stack for record in records for stack in record.stacks]
    failed = [stack for stack in stacks if stack.outcome is not Outcome.DONE]
    if failed:
        return (
            f"**{environment}** was not looked at completely: {_counted(len(failed))} could not be compared."
        )
    changed = [stack for stack in stacks if stack.changes]
    return f"**{environment}** has drift in {_counted(len(changed))}." if changed else ""


def _counted(stacks: int) -> str:
    return "one stack" if stacks == 1 else f"{stacks} stacks"
