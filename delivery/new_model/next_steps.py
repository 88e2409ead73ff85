"""What is told after a folder was written."""

from collections.abc import Iterator

from delivery.new_model.description import Answers
from delivery.new_model.source import Source
from shared.contracts.sources import ContractKind
from shared.environments import LOCAL


def lines(answers: Answers, source: Source) -> Iterator[str]:
    """Yield what was written, and what comes next."""
    name = answers.name
    yield f"Written and checked: models/{name}/"
    for path in ("model.yaml", *source.files):
        yield f"  {path}"
    yield "and .github/CODEOWNERS, which names who reviews its changes."
    yield ""
    yield "Next:"
    yield from (f"  {number}. {step}" for number, step in enumerate(_steps(answers, source), 1))


def _steps(answers: Answers, source: Source) -> Iterator[str]:
    name = answers.name
    if source.has_server:
        yield f"./dev local --model {name} trains and serves it, and calls it through the gateway."
        yield f"Put your own model into models/{name}/server/train.py, and what it takes into contracts/v1.json."
    else:
        runs = source.local_endpoint == answers.endpoints[LOCAL]
        kept = (
            f"; or put the saved model into models/{name}/server/model"
            if source.kind is ContractKind.MLFLOW
            else ""
        )
        start = "Keep" if runs else "Start"
        yield f"{start} its server on this machine, to answer on {answers.endpoints[LOCAL]}{kept}."
        yield f"./dev local --model {name} deploys its API and calls it through the gateway."
    yield f"./dev contract {name} writes what its consumers read."
    others = [f"\n       {each:<8} {url}" for each, url in answers.endpoints.items() if each != LOCAL]
    yield f"See whether it is to answer there, or correct `environments` in model.yaml:{''.join(others)}"
    yield "Commit the folder with .github/CODEOWNERS, and open a pull request: it tells what would be deployed."
