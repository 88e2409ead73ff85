"""Everything that changes in one stack, resource by resource, folded."""

from collections.abc import Iterator

from delivery.records import SECRET, Action, ResourceChange
from delivery.report.markdown import code, fence, folded, indented, phrase, text
from delivery.report.stacks import Stack
from delivery.report.telling.changes import kind_of
from delivery.report.values import Value, between, differences, lines_between, shortened, written
from delivery.report.words import counted

_LONG = 120  # characters of a text that is shown line by line
_FEW = 5  # reasons
_MOST = 60  # properties of one resource


def details_of(stack: Stack) -> tuple[str, ...]:
    """Return the part of a stack as Markdown: whole, and without the properties."""
    summary = f"{stack.record.stack}: {summary_of(stack)}"
    why = "; ".join(shortened(reason) for reason in stack.record.reasons[:_FEW])
    chosen = [f"Why: {text(why)}\n"] if why else []
    heads = [_head(safe.change) for safe in stack.changes]
    whole = [
        "\n".join([head, *_properties(safe.change)]) for head, safe in zip(heads, stack.changes, strict=True)
    ]
    return folded(summary, "\n".join([*chosen, *whole])), folded(summary, "\n".join([*chosen, *heads]))


def summary_of(stack: Stack) -> str:
    """Return the counts in words: `2 updates, 1 delete, 11 unchanged`."""
    counts = [(action.value, stack.count(action)) for action in Action]
    words = [counted(count, name) for name, count in counts if count]
    return ", ".join([*words, f"{stack.record.unchanged} unchanged"])


def _head(change: ResourceChange) -> str:
    action = change.action.value
    mark = f"**{action}**" if change.action in {Action.REPLACE, Action.DELETE} else action
    return f"- {mark} {kind_of(change)} {code(change.name)}"


def _properties(change: ResourceChange) -> Iterator[str]:
    """Yield the properties that differ as list items below the resource."""
    if change.before is None or change.after is None:
        return
    found = list(differences(dict(change.before), dict(change.after)))
    for path, before, after in found[:_MOST]:
        forces = " (forces the replacement)" if path in change.forces else ""
        yield indented(f"- {code(path)}{forces}{_sides(before, after)}")
    if len(found) > _MOST:
        yield indented(f"- and {counted(len(found) - _MOST, 'more property', 'more properties')}")
    if not found and change.paths:
        # Secrets: both sides are hidden, or the engine told only that they differ.
        for path in change.paths[:_MOST]:
            yield indented(f"- {code(path)}: {code(SECRET)} → {code(SECRET)}")


def _sides(before: Value, after: Value) -> str:
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > _LONG:
        lines = lines_between(written(before), written(after))
        return "\n" + indented(fence(lines, "diff"))
    return f": {phrase(between(before, after))}"
