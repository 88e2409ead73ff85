"""What has drifted, for people: lines for a terminal, and Markdown for each stack."""

import json
from collections.abc import Iterator
from difflib import unified_diff

from pydantic import JsonValue

from delivery.drift.classify import Difference, Finding, Kind, finding
from delivery.drift.policies import is_policy
from delivery.records import SECRET, DeliveryRecord, Outcome, StackRecord
from delivery.report.markdown import code, fence, indented, text
from shared.projects import MODEL, split_model_stack

_LONGEST_VALUE = 120
_HEADINGS = {
    Kind.DELETED: "deleted",
    Kind.CHANGED: "changed by hand",
    Kind.ADDED: "added: a default of the service, or by hand where the repository sets nothing",
}


def lines(record: DeliveryRecord) -> Iterator[str]:
    """Yield what a terminal shows: each stack that has drifted with its owner, each resource, each property."""
    for stack in _drifted(record):
        owner = f"  (ask {stack.owner})" if stack.owner else ""
        yield f"{stack.stack}{owner}"
        for each in _findings(stack):
            yield f"  {each.kind}: {each.change.name} ({_type(each)})"
            for difference in each.differences:
                yield from (f"    {line}" for line in _difference(difference, each))
        yield f"  To bring it back: {' && '.join(_remedy(stack, record.environment))}"


def summary(record: DeliveryRecord) -> str:
    """Return how many of the stacks that were looked at have drifted, by what kind of finding."""
    drifted = _drifted(record)
    looked_at = sum(stack.outcome is Outcome.DONE for stack in record.stacks)
    if not drifted:
        return f"{record.environment}: no drift in {_stacks(looked_at)}"
    kinds = [each.kind for stack in drifted for each in _findings(stack)]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in Kind if kind in kinds)
    return f"{record.environment}: {_stacks(len(drifted))} of {looked_at} drifted: {counts}"


def failures(record: DeliveryRecord) -> str:
    """Return a sentence for each stack that could not be looked at; nothing when all were."""
    return "\n".join(
        f"{stack.stack} could not be looked at: {stack.error or stack.outcome}"
        for stack in record.stacks
        if stack.outcome is not Outcome.DONE
    )


def of_stack(stack: StackRecord, environment: str) -> Iterator[str]:
    """Yield what is told of one stack that has drifted, as Markdown: heading, owner, findings, commands."""
    yield f"### {text(str(stack.stack))}"
    yield (
        f"To be looked at by {code(stack.owner)}."
        if stack.owner
        else "Nobody in the repository owns it any more."
    )
    yield "\n".join(_item(each) for each in _findings(stack))
    yield fence("\n".join(_remedy(stack, environment)), "sh")
    yield "That brings it back. Or put the change into the repository, and deploy it."


def _item(each: Finding) -> str:
    head = f"- {code(each.change.name)} ({_type(each)}): **{_HEADINGS[each.kind]}**"
    return "\n".join([head, *(indented(_in_markdown(difference, each)) for difference in each.differences)])


def _in_markdown(difference: Difference, each: Finding) -> str:
    if diff := _policy_diff(difference, each):
        return f"\n{fence(diff, 'diff')}"
    before, after = _values(difference)
    if difference.is_added:
        return f"- {code(difference.path)} is {code(after)}"
    return f"- {code(difference.path)}: {code(before)} → {code(after)}"


def _difference(difference: Difference, each: Finding) -> Iterator[str]:
    if diff := _policy_diff(difference, each):
        yield f"{difference.path}:"
        yield from (f"  {line}" for line in diff.splitlines())
        return
    before, after = _values(difference)
    yield (
        f"{difference.path} is {after}" if difference.is_added else f"{difference.path}: {before} -> {after}"
    )


def _policy_diff(difference: Difference, each: Finding) -> str:
    """Return the lines of a policy that differ; nothing for what is no policy."""
    before, after = difference.before, difference.after
    if difference.path != "value" or not isinstance(before, str) or not isinstance(after, str):
        return ""
    if not is_policy(each.change.before or {}):
        return ""
    compared = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return "\n".join([line for line in compared if not line.startswith(("---", "+++", "@@"))])


def _values(difference: Difference) -> tuple[str, str]:
    before, after = _shown(difference.before), _shown(difference.after)
    if before == after:  # secrets, and values that differ only where they are cut
        return before, "another value"
    return before, after


def _shown(value: JsonValue) -> str:
    if value is None:
        return "nothing"
    if value == SECRET:
        return SECRET
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _LONGEST_VALUE else f"{written[:_LONGEST_VALUE]}..."


def _remedy(stack: StackRecord, environment: str) -> tuple[str, str]:
    """Return the commands: first the state learns what Azure has, then an update sees the difference and undoes it."""
    if stack.project != MODEL:
        which = f"--all --layer {stack.project}"
        return f"./dev refresh --env {environment} {which}", f"./dev up --env {environment} {which}"
    model, _ = split_model_stack(stack.name)
    looked = f"./dev refresh --env {environment} --model {model}"
    if stack.held:  # an update would bring what the rollback took back
        return looked, f"./dev rollback {model} --env {environment} --to {stack.held}"
    return looked, f"./dev up --env {environment} --model {model}"


def _drifted(record: DeliveryRecord) -> tuple[StackRecord, ...]:
    return tuple(stack for stack in record.stacks if stack.changes)


def _findings(stack: StackRecord) -> list[Finding]:
    """Return the findings of a stack, the worst first."""
    order = list(Kind)
    return sorted(map(finding, stack.changes), key=lambda each: (order.index(each.kind), each.change.name))


def _type(each: Finding) -> str:
    return each.change.type.rpartition(":")[2]


def _stacks(count: int) -> str:
    return "1 stack" if count == 1 else f"{count} stacks"
