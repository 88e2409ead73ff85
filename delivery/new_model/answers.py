"""What only people know of a new model, from the command line or from a person."""

import argparse
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import TypeAdapter, ValidationError
from rich.console import Console

from delivery.check.surroundings import Surroundings
from delivery.errors import DeliveryError
from delivery.new_model import starter, writing
from delivery.new_model.asking import Question, ask, refuse
from delivery.new_model.description import Answers
from delivery.new_model.source import Source
from shared.documents import nearest
from shared.environments import LOCAL
from shared.errors import UserError
from shared.model.description import ModelDescription

_ENDPOINT = "https://{name}.{environment}.models.contoso.example"
_SERVED_HERE = "http://127.0.0.1:7502"
_ELSEWHERE_HERE = "http://127.0.0.1:8080"


def complete(
    options: argparse.Namespace,
    begun: Source | None,
    root: Path,
    everywhere: Mapping[str, Surroundings],
    console: Console,
) -> Answers:
    """Return all that is to be known of a new model, asked for where the command line does not say it.

    Raises DeliveryError for what is missing where nobody can be asked, and for an endpoint of no environment.
    """
    said = _endpoints(options.endpoint, tuple(everywhere))
    known = _products(everywhere)
    questions = _missing(options, begun, root, known)
    if options.yes or not sys.stdin.isatty():
        refuse([question for question in questions.values() if question.default is None])
        asked = {key: question.default or "" for key, question in questions.items()}
    else:
        asked = {key: ask(console, question) for key, question in questions.items()}
    name = str(options.name or asked["name"])
    return Answers(
        name=name,
        owner=options.owner or asked["owner"],
        team=options.team or asked.get("team") or None,
        summary=options.summary or asked["summary"],
        products=tuple(options.product) or tuple(asked["products"].replace(",", " ").split()),
        calls=options.calls,
        endpoints={each: said.get(each) or _endpoint(name, each, begun) for each in everywhere},
    )


def _missing(
    options: argparse.Namespace, begun: Source | None, root: Path, products: tuple[str, ...]
) -> dict[str, Question]:
    """Return what is to be asked, in this order, by what it is about."""
    summary = starter.SUMMARY if begun is None else None
    questions = {
        "name": Question(
            "NAME", "Name of the model, a part of its URL", problem=partial(_wrong_name, root=root)
        ),
        "owner": Question(
            "--owner E-MAIL", "E-mail address of the team that owns it", problem=partial(_wrong, key="owner")
        ),
        "team": Question(
            "--team @ORG/TEAM",
            "GitHub team that reviews its changes (empty: the owner)",
            default="",
            problem=partial(_wrong, key="team"),
        ),
        "summary": Question("--summary TEXT", "What it tells, in a sentence", default=summary),
        "products": Question(
            "--product PRODUCT",
            f"Products that offer it, of {', '.join(products)}",
            problem=partial(_wrong_products, known=products),
        ),
    }
    said = {"products": options.product, **vars(options)}
    return {key: question for key, question in questions.items() if not said[key]}


def _wrong_name(answer: str, root: Path) -> str | None:
    try:
        writing.check_name(answer, root)
    except (UserError, DeliveryError) as error:
        return str(error)
    return None


def _wrong(answer: str, key: str) -> str | None:
    """Return what is wrong with the value of a key of model.yaml, in the words of its check."""
    field = ModelDescription.model_fields[key]
    try:
        TypeAdapter(Annotated[str, *field.metadata]).validate_python(answer)
    except ValidationError:
        return f'"{answer}" is not {field.description}.'
    return None


def _wrong_products(answer: str, known: tuple[str, ...]) -> str | None:
    strangers = [name for name in answer.replace(",", " ").split() if name not in known]
    return f'There is no product "{strangers[0]}".{nearest(strangers[0], known)}' if strangers else None


def _products(everywhere: Mapping[str, Surroundings]) -> tuple[str, ...]:
    """Return the products that the platforms of all environments have."""
    of_each = [set(around.products) for around in everywhere.values() if isinstance(around.products, dict)]
    return tuple(sorted(set.intersection(*of_each))) if of_each else ()


def _endpoints(said: list[str], environments: tuple[str, ...]) -> dict[str, str]:
    """Return the endpoints that the command line names, by environment."""
    named: dict[str, str] = {}
    for each in said:
        environment, equals, url = each.partition("=")
        if not equals or not url:
            raise DeliveryError(
                f"--endpoint {each}: is not ENV=URL, such as dev=https://models.contoso.example."
            )
        if environment not in environments:
            known = f"{nearest(environment, environments)} Environments are: {', '.join(environments)}."
            raise DeliveryError(f'--endpoint {each}: there is no environment "{environment}".{known}')
        named[environment] = url
    return named


def _endpoint(name: str, environment: str, begun: Source | None) -> str:
    """Return where a model answers in an environment for which nobody has said it."""
    if environment != LOCAL:
        return _ENDPOINT.format(name=name, environment=environment)
    if begun is None:
        return _SERVED_HERE
    return begun.local_endpoint or _ELSEWHERE_HERE
