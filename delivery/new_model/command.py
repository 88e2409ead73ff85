"""`./dev new-model NAME`: a folder for a model, from its contract or from none."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from delivery.check import surroundings
from delivery.errors import DeliveryError
from delivery.new_model import description, server, source, starter, writing
from delivery.new_model.answers import complete
from delivery.new_model.next_steps import lines
from shared.errors import DocumentError, UserError

_PATH = "/predict"
"""Where a server takes requests when nobody says it."""


def main(arguments: Sequence[str], root: Path, console: Console) -> int:
    """Run the command; return its exit code: 0, 1 with a sentence on stderr, 2 for a wrong command line."""
    options = parser().parse_args(arguments)
    try:
        _run(options, root, console)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\nNothing was written.\n")
        return 130
    except (DeliveryError, UserError, OSError) as error:
        sys.stderr.write(f"{error}\nNothing was written.\n")
        return 1
    return 0


def _run(options: argparse.Namespace, root: Path, console: Console) -> None:
    everywhere = surroundings.of_all(root)
    if options.name is not None:
        writing.check_name(options.name, root)
    begun = _source(options)
    answers = complete(options, begun, root, everywhere, console)
    begun = begun or starter.starter(answers.name)
    files = {"model.yaml": description.text(answers, begun).encode(), **begun.files}
    try:
        writing.write(answers.name, files, root, everywhere, datetime.now(UTC).date())
    except DocumentError as error:
        folder = f"models/{answers.name}"
        raise DocumentError([begun.as_named(problem, folder) for problem in error.problems]) from error
    console.print("\n".join(lines(answers, begun)), highlight=False, markup=False)


def _source(options: argparse.Namespace) -> source.Source | None:
    """Return what the model begins with; None where the team has no contract."""
    pair = (options.request, options.response)
    if options.path is not None and not any(pair):
        raise DeliveryError(
            "--path goes with the two schemas of an operation: name both, --request FILE and --response FILE."
        )
    if options.source is not None and any(pair):
        raise DeliveryError(
            "--from names the whole contract, --request and --response its two halves. Use one form."
        )
    if any(pair) and not all(pair):
        raise DeliveryError("An operation has two schemas: name both, --request FILE and --response FILE.")
    if all(pair):
        return source.from_schemas(*pair, _PATH if options.path is None else options.path)
    if options.source is None:
        return None
    return (
        server.from_url(options.source)
        if server.is_url(options.source)
        else source.from_path(Path(options.source))
    )


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="./dev new-model",
        description="Write the folder of a new model. What is not said is asked for in a terminal.",
    )
    made.add_argument(
        "name", nargs="?", metavar="NAME", help="lower-case letters, digits and hyphens: part of its URL"
    )
    made.add_argument(
        "--from",
        dest="source",
        metavar="SOURCE",
        help="its contract: an MLmodel file or the folder of an MLflow model, an OpenAPI document, or the URL of the "
        "model on an Open Inference Protocol server (default: a small model to begin with)",
    )
    made.add_argument("--request", type=Path, metavar="FILE", help="instead: the JSON Schema of a request")
    made.add_argument("--response", type=Path, metavar="FILE", help="the JSON Schema of an answer")
    made.add_argument(
        "--path",
        metavar="PATH",
        help=f"where the server takes such requests (default: {_PATH}); consumers call /predict",
    )
    made.add_argument("--owner", metavar="E-MAIL", help="the address of the team that owns the model")
    made.add_argument(
        "--team", metavar="@ORG/TEAM", help="the GitHub team that reviews changes (default: the owner)"
    )
    made.add_argument("--summary", metavar="TEXT", help="what it tells, in a sentence")
    made.add_argument(
        "--product",
        action="append",
        default=[],
        metavar="PRODUCT",
        help="a product that offers it; may be repeated",
    )
    made.add_argument(
        "--calls",
        type=int,
        default=60,
        metavar="N",
        help="calls a minute for each subscription (default: %(default)s)",
    )
    made.add_argument(
        "--endpoint",
        action="append",
        default=[],
        metavar="ENV=URL",
        help="where its server answers in an environment; may be repeated "
        "(default: https://NAME.ENV.models.contoso.example)",
    )
    made.add_argument("--yes", action="store_true", help="ask nothing: what is missing is an error")
    return made
