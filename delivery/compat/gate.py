"""What differs for consumers between two trees, and what of it must not be merged: docs/adr/0012."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from delivery.compat import sides
from delivery.compat.contracts import compare
from delivery.compat.difference import Difference, Place
from delivery.compat.facts import ModelFacts, VersionFacts
from delivery.compat.models import model_differences, version_differences
from delivery.compat.rules import Rule
from delivery.compat.sides import Now, Then
from delivery.errors import DeliveryError
from delivery.report.words import Quoted, say
from shared.documents import DocumentError, nearest

ALL_VERSIONS = ""
"""In the place of a version: all of the model."""


@dataclass(frozen=True)
class Finding:
    """A difference, where it is, and whether it may be."""

    model: str
    version: str
    """ALL_VERSIONS where it is about the model."""
    difference: Difference
    environments: tuple[str, ...]
    """In the order of promotion."""
    excuse: str = ""
    """Why it may break consumers; empty where nothing excuses it."""

    @property
    def fails(self) -> bool:
        """Tell whether it must not be merged."""
        return self.difference.breaking and not self.excuse


class Comparison:
    """Two trees whose models are compared."""

    def __init__(
        self,
        now: Now,
        then: Then,
        environments: Sequence[str],
        last: str,
        accepted: frozenset[str] = frozenset(),
    ) -> None:
        """Take what is compared.

        `environments` are those that are looked at, in the order of promotion. What serves in `last`, the last of all,
        is promised to consumers. `accepted` says what is meant to break: `iris-species v1`, or a model as a whole.
        """
        self._now, self._then = now, then
        self._environments, self._last, self._accepted = environments, last, accepted
        self._now_models, self._then_models = sides.models(now), sides.models(then)
        self._contracts = Contracts(now, then)
        self._now_facts, self._then_facts = cache(now.facts), cache(then.facts)

    @property
    def models(self) -> frozenset[str]:
        """Return the names of the models of either tree."""
        return self._now_models | self._then_models

    def findings(self, chosen: Iterable[str] = ()) -> tuple[Finding, ...]:
        """Return what differs, by model and version, breaking differences first; of the chosen models alone, if any.

        Raises DocumentError with everything that is wrong in the tree on disk.
        """
        names = set(chosen) or self.models
        problems: list[str] = []
        found: list[Finding] = []
        for model in sorted(names):
            try:
                found += self._of_model(model)
            except DocumentError as error:
                problems += error.problems
        if problems:
            raise DocumentError(dict.fromkeys(problems))
        return tuple(sorted(found, key=_place))

    def _of_model(self, model: str) -> list[Finding]:
        where: dict[tuple[str, Difference], list[str]] = {}
        for environment in self._environments:
            for version, difference in self._in(model, environment):
                where.setdefault((version, difference), []).append(environment)
        return [
            Finding(model, version, difference, tuple(names), self._excuse(model, version, difference))
            for (version, difference), names in where.items()
        ]

    def _in(self, model: str, environment: str) -> Iterator[tuple[str, Difference]]:
        new = self._now_facts(model, environment) if model in self._now_models else ModelFacts()
        try:
            old = self._then_facts(model, environment) if model in self._then_models else ModelFacts()
        except DocumentError as error:
            yield ALL_VERSIONS, _unreadable("the description", error)
            return
        if old.versions and new.versions:
            yield from ((ALL_VERSIONS, each) for each in model_differences(old, new))
        for name in old.versions.keys() | new.versions.keys():
            was, now = old.versions.get(name), new.versions.get(name)
            yield from ((name, each) for each in version_differences(was, now))
            if was is not None and now is not None and was.serves and now.serves:
                yield from ((name, each) for each in self._contracts.differences(model, was, now))

    def _excuse(self, model: str, version: str, difference: Difference) -> str:
        """Return why a difference may break consumers; empty where nothing excuses it, or nothing has to."""
        if not difference.breaking:
            return ""
        if model in self._accepted or f"{model} {version}" in self._accepted:
            return "a commit says that it is meant"
        if difference.rule is Rule.LIFECYCLE:
            return "its description says that it is retired"
        return "" if self._is_promised(model, version) else f"it was not served in {self._last}"

    def _is_promised(self, model: str, version: str) -> bool:
        """Tell whether consumers may rely on it: it was served in the last environment. On the safe side if unknown."""
        try:
            served = self._then_facts(model, self._last).versions
        except DocumentError:
            return True
        names = served if version == ALL_VERSIONS else [name for name in served if name == version]
        return any(served[name].serves for name in names)


class Contracts:
    """The contracts of both trees, each compiled once."""

    def __init__(self, now: Now, then: Then) -> None:
        """Compile nothing yet."""
        self._now, self._then = now, then
        self.differences = cache(self._differences)
        self._is_same = cache(self._has_same_files)

    def _differences(self, model: str, old: VersionFacts, new: VersionFacts) -> tuple[Difference, ...]:
        """Return how the contracts of a version differ. Raises DocumentError when the new one cannot be compiled."""
        if (old.kind, old.reference) == (new.kind, new.reference) and self._is_same(model):
            return ()
        now = sides.contract(self._now, model, new)
        try:
            then = sides.contract(self._then, model, old)
        except DocumentError as error:
            return (_unreadable("the contract", error),)
        return compare(then, now)

    def _has_same_files(self, model: str) -> bool:
        return sides.contents(self._now, model) == sides.contents(self._then, model)


def require_known(models: Iterable[str], known: Iterable[str]) -> None:
    """Raise DeliveryError for a model that neither tree has."""
    names = sorted(known)
    strangers = [model for model in models if model not in names]
    if strangers:
        listed = f"Models are: {', '.join(names) or 'none'}."
        raise DeliveryError(f'There is no model "{strangers[0]}".{nearest(strangers[0], names)} {listed}')


def accepted(trailers: Iterable[str]) -> frozenset[str]:
    """Return what the values of the trailers say: `iris-species v1`, with single spaces."""
    return frozenset(" ".join(value.split()) for value in trailers)


def of_versions(findings: Iterable[Finding]) -> Mapping[tuple[str, str], list[Finding]]:
    """Return the findings by model and version, in their order."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.model, finding.version), []).append(finding)
    return grouped


def _place(finding: Finding) -> tuple[str, int, bool]:
    number = finding.version.removeprefix("v")
    return finding.model, int(number) if number.isdecimal() else 0, not finding.difference.breaking


def _unreadable(what: str, error: DocumentError) -> Difference:
    """Return that nothing can be told, because what was there cannot be read any more."""
    sentences = say(
        f"{what} of then cannot be read, so what changes cannot be told: ", Quoted(" ".join(error.problems))
    )
    return Difference(breaking=True, rule=Rule.CONTRACT, place=Place(), what=sentences)
