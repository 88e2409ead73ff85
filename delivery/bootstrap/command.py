"""Command line of the bootstrap: `./dev bootstrap --env E [--dry-run] [--repository OWNER/NAME]`."""

import argparse
import os
from collections import Counter

from delivery.bootstrap import (
    handover,
    identities,
    login,
    plan,
    providers,
    roles,
    settings_files,
    stacks_made,
    storage,
    vault,
)
from delivery.bootstrap.az import Az
from delivery.bootstrap.identities import Identity
from delivery.bootstrap.login import Operator
from delivery.bootstrap.roles import Holder
from delivery.bootstrap.stacks_made import Making
from delivery.bootstrap.things import Line, Outcome, ensure
from delivery.context import Context
from delivery.publish.guards import APPROVAL

_DRY = {Outcome.CREATED: "would be created", Outcome.CHANGED: "would be changed"}
_WIDTH = max(len(word) for word in (*Outcome, *_DRY.values()))


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `bootstrap`."""
    parser = subparsers.add_parser(
        "bootstrap",
        help="create or check what an environment needs before its stacks",
        description="Create or check what an environment needs before its stacks: storage for the state, a key for its "
        "secrets, an identity that deploys and one that previews, and their roles. A second run changes nothing.",
    )
    parser.add_argument("--env", required=True, metavar="ENV", help="an environment whose state is in Azure")
    parser.add_argument(
        "--repository",
        metavar="OWNER/NAME",
        help="the GitHub repository whose workflows may log in (default: this clone's origin); OWNER@ID/NAME@ID where "
        "the repository's tokens have ids",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only read, and print the commands that would change something"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Bootstrap one environment; return 0.

    Raises DeliveryError or DocumentError with a sentence when something is wrong or a command fails.
    """
    return _Bootstrap(options, context).run()


class _Bootstrap:
    """One run: what it is about, and what it counts."""

    def __init__(self, options: argparse.Namespace, context: Context) -> None:
        self._root = context.root
        self._console = context.console
        self._variables = context.variables
        self._dry: bool = options.dry_run
        self._plan = plan.make(options.env, self._root, options.repository)
        self._az = Az(os.environ, lambda command: self._print(f"  {command}"), dry=self._dry)
        self._counted: Counter[Outcome] = Counter()

    def run(self) -> int:
        """Check everything that can be checked, then go through the things in their order."""
        settings_files.check(self._root, self._plan.environment)
        operator = login.check(self._az, self._plan)
        self._begin(operator)
        for thing in (*providers.things(), *storage.things(self._plan), *vault.things(self._plan)):
            ensure(self._az, thing, self._tell)
        writer, reader = identities.ensure_both(self._az, self._plan, self._tell)
        besides = (*writer.besides, *reader.besides, *self._assign(writer, reader))
        ensure(self._az, storage.lock(self._plan), self._tell)
        self._make_stacks(operator)
        self._end(besides, writer, reader)
        return 0

    def _begin(self, operator: Operator) -> None:
        where = f"{self._plan.environment} in subscription {self._plan.subscription}"
        self._print(f"Bootstrap of {where}, as {operator.name}, for {self._plan.repository.full_name}")
        if self._dry:
            self._print("Dry run: what is there is read, and nothing is changed. These commands would run:")

    def _assign(self, writer: Identity, reader: Identity) -> tuple[str, ...]:
        wanted = ((writer, roles.of_writer(self._plan)), (reader, roles.of_reader(self._plan)))
        return tuple(
            sentence
            for identity, given in wanted
            for sentence in roles.ensure(
                self._az,
                Holder(identity.name, identity.principal_id, exists=not identity.is_planned),
                given,
                self._tell,
            )
        )

    def _make_stacks(self, operator: Operator) -> None:
        """Make the stacks and their key, for which whoever bootstraps needs two roles too."""
        if not settings_files.without_key(self._root, self._plan.environment):
            self._tell(Line(Outcome.KEPT, "Key of the stacks in the files of the environment"))
            return
        holder = Holder(operator.name, login.object_id(self._az, operator), is_person=operator.is_person)
        roles.ensure(self._az, holder, roles.of_operator(self._plan), self._tell)
        environment = self._plan.environment
        if self._dry:
            making = Making(self._root, environment, self._plan.secrets_provider, {})
            for command in stacks_made.commands(making):
                self._print(f"  {command}")
            files = ", ".join(settings_files.without_key(self._root, environment))
            self._tell(Line(Outcome.CREATED, f"Stacks foundation/{environment} and platform/{environment}"))
            self._tell(Line(Outcome.CHANGED, f"{settings_files.KEY} in {files}"))
            return
        variables = {**os.environ, **self._variables(environment)}
        stacks_made.ensure(
            Making(self._root, environment, self._plan.secrets_provider, variables), self._tell
        )

    def _end(self, besides: tuple[str, ...], writer: Identity, reader: Identity) -> None:
        for sentence in besides:
            self._print(f"Look: {sentence}")
        kept, created, changed = (
            self._counted[each] for each in (Outcome.KEPT, Outcome.CREATED, Outcome.CHANGED)
        )
        if not created and not changed:
            self._print(f"Nothing to change: all {kept} things are as they should be.")
        else:
            would = "would be " if self._dry else ""
            self._print(f"{created} {would}created, {changed} {would}changed, {kept} as they should be.")
        self._print(
            "\nOn GitHub, whoever administers the repository runs once (it sets the environments' rules anew):\n"
        )
        for command in handover.commands(self._plan, writer, reader):
            self._print(f"  {command}")
        if self._plan.approval:
            name = self._plan.environment
            self._print(
                f"\nand names who approves deployments to {name}: Settings, Environments, {APPROVAL}{name}, Required "
                "reviewers."
            )
        if self._plan.repository.ids is None:
            self._print(
                "\nThe identities trust the repository by its name. One that was made or renamed since 15 July 2026, "
                "or that has chosen so, logs in by ids: run this again with --repository and what this prints:\n\n"
                f"  {self._plan.repository.ids_command}"
            )

    def _tell(self, line: Line) -> None:
        self._counted[line.outcome] += 1
        word = _DRY.get(line.outcome, line.outcome) if self._dry else line.outcome
        detail = f" ({line.detail})" if line.detail else ""
        self._print(f"{word:<{_WIDTH}}  {line.title}{detail}")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
