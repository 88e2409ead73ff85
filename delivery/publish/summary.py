"""`./dev publish summary`: how the deployment of an environment ended, and the way back when it did not end well."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from delivery.errors import DeliveryError
from delivery.records import DeliveryRecord, Operation, StackRecord


class Result(StrEnum):
    """How a job ended.

    https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context
    """

    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class _Needed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    result: Result


Jobs = Mapping[str, Result]


def read_jobs(text: str) -> Jobs:
    """Read the results of jobs from what `toJSON(needs)` gives. Raises DeliveryError when it is something else."""
    try:
        found = TypeAdapter(dict[str, _Needed]).validate_json(text)
    except ValidationError as error:
        raise DeliveryError(
            f"--jobs: {text!r} does not tell how jobs ended: give it `toJSON(needs)`."
        ) from error
    return {name: needed.result for name, needed in found.items()}


def ending(environment: str, jobs: Jobs, records: Sequence[DeliveryRecord], later: Sequence[str]) -> str:
    """Return Markdown that says how the deployment of an environment ended.

    `jobs` are those of the deployment in their order, `records` what they left, and `later` the environments to which
    the promotion would have gone on. After a failure it says what to do.
    """
    stopped = [name for name, result in jobs.items() if result in {Result.FAILURE, Result.CANCELLED}]
    if not stopped:
        return f"## {environment} is deployed\n"
    begun = any(
        jobs.get(layer) not in {None, Result.SKIPPED} for layer in ("foundation", "platform", "models")
    )
    parts = [
        f"## The promotion stopped in {environment}",
        f"{_joined(stopped)} failed{_untouched(later)}.",
        *(_way_back(environment, records) if begun else ["Nothing was changed."]),
        (
            "**To go on**, mend the cause and merge: the next deployment brings what is missing. If the cause was "
            "outside of this repository, run the failed jobs again."
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _way_back(environment: str, records: Sequence[DeliveryRecord]) -> list[str]:
    changed = [
        stack
        for record in records
        if record.operation is Operation.UP and record.environment == environment
        for stack in record.stacks
        if stack.changes
    ]
    models = [stack.model for stack in changed if stack.model]
    layers = [stack.project for stack in changed if not stack.model]
    if not changed:
        return [f"No resource was changed in {environment}."]
    parts = [f"Changed in {environment} before it stopped: {_joined([_name(stack) for stack in changed])}."]
    if models:
        parts.append(
            "**To go back**, run the workflow *rollback* for each model whose consumers suffer, or by hand:\n\n"
            + "\n".join(f"    ./dev rollback {model} --env {environment}" for model in models)
        )
    if layers:
        parts.append(
            f"{_joined(layers).capitalize()} {'goes' if len(layers) == 1 else 'go'} back by a commit: revert the "
            "change and merge."
        )
    return parts


def _name(stack: StackRecord) -> str:
    return stack.model or stack.project


def _untouched(later: Sequence[str]) -> str:
    if not later:
        return ""
    return f"; {_joined(later)} {'is' if len(later) == 1 else 'are'} as before"


def _joined(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"
