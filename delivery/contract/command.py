"""`./dev contract MODEL [VERSION]`: the OpenAPI document, the documentation page, an example call."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from delivery.contract.outputs import Format, Published, write
from delivery.errors import DeliveryError
from shared import environments
from shared.documents import DocumentError
from shared.environments import LOCAL
from shared.errors import UserError
from shared.model import contracts, description
from shared.model.publication import publication

_FOLDER = ".delivery/contracts"


def main(arguments: Sequence[str], root: Path, gateway_url: Callable[[str], str]) -> int:
    """Print or write what consumers of a model read; return the exit code.

    ``gateway_url`` tells where the gateway of an environment answers. 0: done. 1: a sentence on stderr says why not.
    2: a wrong command line.
    """
    options = parser().parse_args(arguments)
    try:
        _run(options, root, gateway_url)
    except (DeliveryError, UserError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command."""
    about = "Show what consumers of a model read: an OpenAPI document, a documentation page, an example call."
    made = argparse.ArgumentParser(prog="./dev contract", description=about)
    made.add_argument("model", metavar="MODEL", help="a folder of models/")
    made.add_argument("version", metavar="VERSION", nargs="?", help="such as v1 (default: every version)")
    made.add_argument(
        "--env",
        default=LOCAL,
        metavar="ENV",
        help="as the model is in this environment (default: %(default)s)",
    )
    made.add_argument(
        "--format",
        choices=[each.value for each in Format],
        help=f"print this one alone (default: write openapi.json and page.md below {_FOLDER}/)",
    )
    made.add_argument(
        "--gateway", metavar="URL", help="where the gateway answers, if it has a domain of its own"
    )
    return made


def _run(options: argparse.Namespace, root: Path, gateway_url: Callable[[str], str]) -> None:
    described = description.load(options.model, options.env, root=root)
    versions = _chosen(options, tuple(described.versions))
    place = environments.load(options.env, root).azure
    gateway = options.gateway or gateway_url(options.env)
    published = [
        Published(
            contracts.load_version(options.model, described, version, root),
            publication(options.model, version, described, gateway, place.tenant_id),
        )
        for version in versions
    ]
    if options.format is not None:
        sys.stdout.write(published[0].text(Format(options.format)))
        return
    for each in published:
        for file in write(each, root / _FOLDER):
            sys.stdout.write(f"{file.relative_to(root)}\n")


def _chosen(options: argparse.Namespace, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the versions to show. Raises DocumentError when there is no such version, or one alone is printed."""
    model, version, names = f"models/{options.model}", options.version, ", ".join(known)
    if version is not None and version not in known:
        raise DocumentError([f'{model} has no version "{version}". It has: {names}.'])
    if version is None and options.format is not None and len(known) > 1:
        wanted = f"--format {options.format} prints one version"
        raise DocumentError([f"{wanted}, and {model} has {names}. Name one of them."])
    return known if version is None else (version,)
