"""The command line of `./dev publish`."""

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from delivery import arguments, records
from delivery.context import Context
from delivery.github import GitHub, Repository
from delivery.planning import shards
from delivery.publish import comment, confirm, document, guards, issue, matrix, summary
from delivery.publish.job import Job
from delivery.records import SMOKE_SUFFIX, DeliveryRecord
from shared import environments
from shared.model import description

_ABOUT = "Tell GitHub what a delivery did, and the next jobs of a workflow what to do; for workflows."
_STACKS_PER_RUNNER = 25
_MOST_RUNNERS = 8

Action = Callable[[argparse.Namespace, Path, Job], str]
"""Does what a subcommand says, and returns a sentence on what was done."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("publish", help=_ABOUT, description=_ABOUT)
    commands = parser.add_subparsers(required=True, metavar="WHAT")

    def add(name: str, about: str, action: Action) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run, action=action)
        return added

    one = add("comment", "Write or update the comment of the pull request.", _comment)
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("--markdown", type=Path, metavar="FILE", help="what ./dev report wrote")
    what.add_argument(
        "--unaffected", action="store_true", help="nothing to tell: update an older comment only"
    )

    one = add("issue", "Open or update the issue about drift; close it when there is none.", _issue)
    one.add_argument("--results", type=Path, required=True, metavar="FOLDER", help="records of ./dev drift")
    one.add_argument("--markdown", type=Path, required=True, metavar="FILE", help="what ./dev report wrote")
    one.add_argument("--title", default=issue.TITLE, help="the issue's title (default: %(default)s)")

    one = add("summary", "Show a report on the page of the run, and how a deployment ended.", _summary)
    one.add_argument("--markdown", type=Path, required=True, metavar="FILE", help="what ./dev report wrote")
    one.add_argument(
        "--results", type=Path, metavar="FOLDER", help="records of ./dev up, with --env and --jobs"
    )
    one.add_argument("--env", metavar="ENV", help="the environment that was deployed")
    one.add_argument("--jobs", metavar="JSON", help="how its jobs ended: toJSON(needs)")

    one = add("matrix", "Hand a matrix to the next jobs: of a plan, or of all environments.", _matrix)
    one.add_argument("--plan", type=Path, metavar="FILE", help="what ./dev plan --json wrote")

    one = add("settings", "Hand an environment's settings to the next jobs, if it is guarded.", _settings)
    arguments.environment(one)

    one = add("confirm", "Check what somebody typed to start a rollback or a destruction.", _confirm)
    one.add_argument("deed", type=confirm.Deed, choices=list(confirm.Deed), help="what is to be done")
    arguments.environment(one)
    one.add_argument("--model", default="", metavar="MODEL", help="the model; empty for all")
    one.add_argument("--to", default="", metavar="REV", help="the revision; empty for what was before")
    one.add_argument("--confirmed", required=True, metavar="TEXT", help="what was typed to confirm")


def run(options: argparse.Namespace, context: Context, variables: Mapping[str, str] = os.environ) -> int:
    """Do it, and print what was done; return 0.

    Raises DeliveryError or DocumentError, whose sentence says what helps.
    """
    action: Action = options.action
    context.console.print(action(options, context.root, Job(variables)), markup=False, highlight=False)
    return 0


def _comment(options: argparse.Namespace, _: Path, job: Job) -> str:
    number = job.pull_request()
    text = (
        comment.UNAFFECTED
        if options.unaffected
        else document.read(options.markdown, comment.no_report(job.run_url))
    )
    with _github(job) as github:
        url = comment.put(github, number, text, must_exist=options.unaffected)
    return f"Commented: {url}" if url else "Nothing is affected, and no comment says otherwise."


def _issue(options: argparse.Namespace, root: Path, job: Job) -> str:
    verdict = issue.judge(_records(options.results), matrix.delivered(root))
    where = f"\nThe night's run: {job.run_url}\n" if job.run_url else ""
    text = document.read(options.markdown, "No job left a report.\n")
    with _github(job) as github:
        return issue.publish(github, verdict, options.title, text + where)


def _summary(options: argparse.Namespace, root: Path, job: Job) -> str:
    report = document.read(options.markdown, "No job left a report: see their logs.\n")
    if options.env is None or options.jobs is None:
        job.summarize(report)
        return "The report is on the page of the run."
    order = list(environments.load_all(root))
    environments.load(options.env, root)
    later = order[order.index(options.env) + 1 :]
    ended = summary.ending(
        options.env,
        summary.read_jobs(options.jobs),
        _records(options.results) if options.results else (),
        later,
    )
    job.summarize(f"{ended}\n{report}")
    return ended.strip()


def _matrix(options: argparse.Namespace, root: Path, job: Job) -> str:
    outputs = matrix.of_plan(options.plan, root) if options.plan else matrix.of_all(root)
    job.set_outputs(outputs)
    return "\n".join(f"{name}: {value}" for name, value in outputs.items())


def _settings(options: argparse.Namespace, root: Path, job: Job) -> str:
    described = environments.load(options.env, root)
    with _github(job) as github:
        guards.require(github, options.env, described)
    outputs = matrix.of_environment(options.env, root, _shards(root))
    job.set_outputs(outputs)
    return "\n".join(f"{name}: {value}" for name, value in outputs.items())


def _confirm(options: argparse.Namespace, root: Path, _: Job) -> str:
    wish = confirm.Wish(confirm.Deed(options.deed), options.env, options.model, options.to, options.confirmed)
    confirm.check(wish, root)
    return f"Confirmed: {wish.deed} {wish.target}."


def _shards(root: Path) -> tuple[str, ...]:
    of = shards.count(len(description.names(root)), _MOST_RUNNERS, _STACKS_PER_RUNNER)
    return tuple(f"{part}/{of}" for part in range(1, of + 1))


def _records(folder: Path) -> tuple[DeliveryRecord, ...]:
    """Return the records that jobs left, perhaps none: a job can fail before it writes one."""
    left = any(not file.name.endswith(SMOKE_SUFFIX) for file in folder.rglob("*.json"))
    return records.read(folder) if left else ()


def _github(job: Job) -> GitHub:
    return GitHub(Repository.from_environment(job.variables))
