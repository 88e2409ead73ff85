"""A plan as people and workflows read it: a table on a terminal, plain lines elsewhere, JSON for a matrix of jobs."""

from collections.abc import Mapping

from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

from delivery.planning.differences import Action, Affected, EnvironmentPlan
from delivery.planning.plans import Plan
from delivery.planning.shards import count, shard

Labels = Mapping[str, tuple[str, ...]]
"""By environment: the labels of the runner that delivers to it."""


def show(plan: Plan, console: Console) -> None:
    """Print the plan for people; where no terminal shows it, a stack is one line, however long."""
    for each in plan.environments:
        _line(console, f"{each.environment}: {_summary(each)}")
        if console.is_terminal and each.stacks:
            console.print(_table(each))
        else:
            for stack in each.stacks:
                _line(console, f"  {stack.action:<8}{stack.stack}  {_why(stack)}")
        for note in each.notes:
            _line(console, f"  {note}")
    for note in plan.notes:
        _line(console, note)


def as_json(plan: Plan, labels: Labels, most: int) -> JsonValue:
    """Return the plan for workflows, whose matrix has at most `most` runners for each environment."""
    return {
        "revision": plan.revision,
        "base": plan.base,
        "environments": {
            each.environment: [_entry(stack) for stack in each.stacks] for each in plan.environments
        },
        "matrix": {"include": [job for each in plan.environments for job in _jobs(each, labels, most)]},
    }


def _summary(plan: EnvironmentPlan) -> str:
    if not plan.stacks:
        return "nothing is affected"
    gone = sum(each.action is Action.DESTROY for each in plan.stacks)
    counts = {"to deploy": len(plan.stacks) - gone, "to destroy": gone}
    return ", ".join(f"{number} {what}" for what, number in counts.items() if number)


def _table(plan: EnvironmentPlan) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in plan.stacks:
        style = "red" if each.action is Action.DESTROY else ""
        table.add_row(f"  {each.action}", str(each.stack), _why(each), style=style)
    return table


def _why(affected: Affected) -> str:
    return "; ".join(affected.reasons)


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=not console.is_terminal)


def _entry(affected: Affected) -> JsonValue:
    return {
        "stack": str(affected.stack),
        "project": affected.stack.project,
        "name": affected.stack.name,
        "action": affected.action.value,
        "reasons": [*affected.reasons],
    }


def _jobs(plan: EnvironmentPlan, labels: Labels, most: int) -> list[JsonValue]:
    of = count(len(plan.stacks), most)
    parts = {
        part: len(shard(plan.stacks, part)) for part in (f"{number}/{of}" for number in range(1, of + 1))
    }
    return [
        {
            "environment": plan.environment,
            "runner": [*labels[plan.environment]],
            "shard": part,
            "stacks": stacks,
        }
        for part, stacks in parts.items()
        if stacks
    ]
