"""One model, checked in every environment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from delivery.check.compiled import CompiledContracts
from delivery.check.requirements import unmet, unmet_despite
from delivery.check.sunsets import sunsets
from delivery.check.surroundings import Surroundings
from shared.contracts.files import named_file
from shared.documents import DocumentError
from shared.errors import one_line
from shared.model import description
from shared.model.description import ModelDescription
from shared.model.policies import compiled, policy_args
from shared.model.requirements import check_operations
from shared.policies import PolicyError


@dataclass(frozen=True)
class Checked:
    """What was found out about one model."""

    model: str
    """Its name."""
    problems: tuple[str, ...]
    """What is wrong, a sentence each."""
    notes: tuple[str, ...] = ()
    """What is right and yet worth knowing: what a contract says and the gateway does not check, ends that come."""
    versions: int = 0
    """The versions of the model in the environment that has most."""


class Findings:
    """Sentences, each with the environments in which it is true."""

    def __init__(self) -> None:
        """Begin with none."""
        self._where: dict[str, dict[str, None]] = {}

    def add(self, sentences: Iterable[str], environment: str) -> None:
        """Take sentences that are true in an environment."""
        for sentence in sentences:
            self._where.setdefault(sentence, {})[environment] = None

    def told(self, source: str, every: int) -> tuple[str, ...]:
        """Return the sentences; one about the file ``source`` says where it is true, unless that is everywhere."""
        return tuple(
            sentence
            if len(environments) == every
            else sentence.replace(f"{source}: ", f"{source} ({', '.join(environments)}): ", 1)
            for sentence, environments in self._where.items()
        )


def check_model(model: str, root: Path, everywhere: Mapping[str, Surroundings], today: date) -> Checked:
    """Return what is wrong with a model, in any environment, and what there is to know about it.

    Its files are read once, and each contract is compiled once.
    """
    source = description.source_of(model)
    try:
        document = description.read(model, root)
        names = tuple(sorted(everywhere))
        chosen = {name: description.resolved(document, name, source, names) for name in everywhere}
    except DocumentError as error:
        return Checked(model, error.problems)
    contracts = CompiledContracts(root, model)
    problems, notes = Findings(), Findings()
    versions = 0
    for name, around in everywhere.items():
        try:
            described = description.described(chosen[name], around.transport, source)
        except DocumentError as error:
            problems.add(error.problems, name)
            problems.add(contracts.problems_despite(chosen[name]), name)
            problems.add(unmet_despite(chosen[name], around, source), name)
            continue
        versions = max(versions, len(described.versions))
        problems.add(_problems(described, contracts, around, source, today), name)
        notes.add(_notes(described, contracts, source, today), name)
    return Checked(model, problems.told(source, len(chosen)), notes.told(source, len(chosen)), versions)


def _problems(
    described: ModelDescription, contracts: CompiledContracts, around: Surroundings, source: str, today: date
) -> Iterator[str]:
    """Yield what is wrong with a model that is described rightly in one environment."""
    yield from unmet(described, around, source)
    yield from (sunset.sentence for sunset in sunsets(described, source, today) if sunset.is_near)
    for version in described.versions:
        try:
            contract = contracts.of(described, version)
            check_operations({version: contract}, around.sku, source)
            args = policy_args(contracts.model, described, version, around.tenant_id)
            compiled(args, contract, around.sku)
        except DocumentError as error:
            yield from error.problems
        except PolicyError as error:
            yield f"{source}: `versions.{version}`: {error}."


def _notes(
    described: ModelDescription, contracts: CompiledContracts, source: str, today: date
) -> Iterator[str]:
    """Yield what is worth knowing about a model: a contract that is wrong tells nothing here."""
    yield from (sunset.sentence for sunset in sunsets(described, source, today) if not sunset.is_near)
    for version, details in described.versions.items():
        try:
            gaps = contracts.of(described, version).gaps
        except DocumentError:
            continue
        file = named_file(details.reference)
        yield from (one_line(f"models/{contracts.model}/{file}{gap.path}: {gap.sentence}") for gap in gaps)
