"""`./dev smoke --env E`: calls every deployed model of an environment, and tells how each answered."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from delivery import job_summary, outputs, stacks, state
from delivery.context import Context
from delivery.errors import DeliveryError
from delivery.management import management
from delivery.smoke import reporting
from delivery.smoke.record import SmokeOutcome, SmokeRecord, SmokeResult, write
from delivery.smoke.run import call_all
from delivery.smoke.targets import Target, targets
from shared import environments
from shared.documents import DocumentError, nearest
from shared.model import description


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `./dev`."""
    parser = subparsers.add_parser(
        "smoke",
        help="call every deployed model through the gateway",
        description="Call every deployed version of every model through the gateway with its example request, and "
        "check the answer against its contract. Ends with 1 when one does not answer as it should.",
    )
    parser.add_argument("--env", required=True, metavar="E", help="the environment")
    parser.add_argument(
        "--model", action="append", default=[], metavar="M", help="only this model; may be repeated"
    )
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="write <env>.smoke.json there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Call the models that the options name, or all; return the exit code.

    Raises DeliveryError with a sentence for each version that failed, DocumentError for an unknown model or
    environment.
    """
    record = smoke(options.env, options.model, context)
    for line in reporting.lines(record):
        context.console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.results:
        write(record, options.results)
    job_summary.append(reporting.markdown(record))
    if record.failed:
        raise DeliveryError(reporting.sentences(record))
    return 0


def smoke(environment: str, only: Sequence[str], context: Context) -> SmokeRecord:
    """Return how the models in `only`, or all, answer in an environment."""
    environments.load(environment, context.root)
    variables = {**os.environ, **context.variables(environment)}
    found = _found(environment, only, context.root, variables)
    results = tuple(each for each in found if isinstance(each, SmokeResult))
    if len(results) < len(found):  # what cannot be called needs no login
        results = asyncio.run(call_all(found, management(variables)))
    return SmokeRecord(environment=environment, results=results)


def _found(
    environment: str, only: Sequence[str], root: Path, variables: dict[str, str]
) -> tuple[Target | SmokeResult, ...]:
    with tempfile.TemporaryDirectory(prefix="model-gateway-") as folder:
        copied = Path(folder)
        damaged = state.copy(variables["PULUMI_BACKEND_URL"], copied)
        known = tuple(sorted({*description.names(root), *outputs.deployed_models(copied, environment)}))
        chosen = _chosen(only, known)
        sound = [model for model in chosen if stacks.model(model, environment) not in damaged]
        results = [
            SmokeResult(
                model=model,
                version="",
                outcome=SmokeOutcome.FAILED,
                reason=str(damaged[stacks.model(model, environment)]),
            )
            for model in chosen
            if model not in sound
        ]
        exported = {model: outputs.read(copied, stacks.model(model, environment)) for model in sound}
    return (*results, *targets(environment, sound, exported.get, lambda _: root))


def _chosen(only: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for model in only:
        if model not in known:
            raise DocumentError(
                [
                    f'There is no model "{model}".{nearest(model, known)} Models are: {", ".join(known) or "none"}.'
                ]
            )
    return tuple(dict.fromkeys(only)) or tuple(known)
