"""What changes for consumers: by model, told once where it is the same in several environments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from delivery.records import Action, StackRecord
from delivery.report.contracts import ChangedContract, contracts_of
from delivery.report.hidden import Safe
from delivery.report.stacks import GROUPS, Stack
from delivery.report.telling.changes import gone_with_another, tell
from delivery.report.told import Told, Topic
from delivery.report.words import Words
from shared.projects import MODEL

_TOPICS = tuple(Topic)


@dataclass(frozen=True)
class Wording:
    """How a change reads in some of the environments."""

    environments: tuple[str, ...]
    what: Words
    excerpt: str


@dataclass(frozen=True)
class Line:
    """One change, with the environments in which it reads differently."""

    topic: Topic
    where: Words
    about: Words
    wordings: tuple[Wording, ...]

    @property
    def environments(self) -> tuple[str, ...]:
        """Return where it happens."""
        return tuple(name for wording in self.wordings for name in wording.environments)


@dataclass(frozen=True)
class Subject:
    """A layer below the models; or a model, and all those in which the very same changes."""

    layer: str
    models: tuple[str, ...]
    """Empty for a layer."""
    owners: tuple[str, ...]
    environments: tuple[str, ...]
    """Where something changes."""
    unchanged: tuple[str, ...]
    unknown: tuple[str, ...]
    """Where it failed or has not begun, so that nobody knows."""
    lines: tuple[Line, ...]
    fate: str = ""
    """`: new` or `: removed`, when that is what happens to all of it, in each environment."""

    @property
    def is_model(self) -> bool:
        """Tell whether it is a model and not a layer."""
        return self.layer == MODEL


def subjects_of(stacks: Iterable[Stack]) -> tuple[Subject, ...]:
    """Return layers and models in which something changes, in the order of the layers and by name."""
    by_subject = sorted(stacks, key=lambda stack: stack.subject)  # stable: environments keep their order
    alike: dict[Subject, list[Subject]] = {}
    for _, group in groupby(by_subject, key=lambda stack: stack.subject):
        subject = _subject(list(group))
        if subject.lines:
            alike.setdefault(replace(subject, models=(), owners=()), []).append(subject)
    return tuple(_together(subjects) for subjects in alike.values())


def _together(subjects: Sequence[Subject]) -> Subject:
    """Return as one the models in which the same changes: most often because of code that they share."""
    models = tuple(name for subject in subjects for name in subject.models)
    owners = dict.fromkeys(name for subject in subjects for name in subject.owners)
    return replace(subjects[0], models=models, owners=tuple(owners))


def _subject(stacks: Sequence[Stack]) -> Subject:
    changing = {stack.environment for stack in stacks if stack.changes}
    names = list(dict.fromkeys(stack.environment for stack in stacks))
    unknown = {stack.environment for stack in stacks if not stack.is_whole}
    first = stacks[0].record
    return Subject(
        layer=first.project if first.project in GROUPS else MODEL,
        models=(first.model,) if first.model else (),
        owners=tuple(dict.fromkeys(stack.record.owner for stack in stacks if stack.record.owner)),
        environments=tuple(name for name in names if name in changing),
        unchanged=tuple(name for name in names if name not in changing | unknown),
        unknown=tuple(name for name in names if name in unknown),
        lines=tuple(_lines(stacks)),
        fate=_fate([stack for stack in stacks if stack.changes]),
    )


def _fate(stacks: Sequence[Stack]) -> str:
    if all(stack.record.destroys for stack in stacks):
        return ": removed"
    created = all(safe.change.action is Action.CREATE for stack in stacks for safe in stack.changes)
    return ": new" if created and not any(stack.record.unchanged for stack in stacks) else ""


def _lines(stacks: Sequence[Stack]) -> Iterator[Line]:
    """Yield the changes by topic; those of a topic by the places and words of their first environment."""
    merged: dict[tuple[Topic, Words, Words, int], dict[tuple[Words, str], list[str]]] = {}
    for stack in stacks:
        seen: dict[tuple[Topic, Words, Words], int] = defaultdict(int)
        for told in told_of(stack):
            subject = (told.topic, told.where, told.about)
            wordings = merged.setdefault((*subject, seen[subject]), {})
            wordings.setdefault((told.what, told.excerpt), []).append(stack.environment)
            seen[subject] += 1
    for key in sorted(merged, key=lambda key: _TOPICS.index(key[0])):
        yield Line(
            *key[:3],
            tuple(
                Wording(tuple(dict.fromkeys(environments)), what, excerpt)
                for (what, excerpt), environments in merged[key].items()
            ),
        )


def told_of(stack: Stack) -> tuple[Told, ...]:
    """Return what the changes of one stack mean."""
    gone = gone_with_another(stack.record)
    contracts = contracts_of(stack)
    told = [each for contract in contracts for each in contract.told]
    for safe in stack.changes:
        if safe.change.urn not in gone:
            told += _told(stack.record, safe, contracts)
    urls = {
        (each.where, each.what) for each in told if each.topic is Topic.BACKENDS and each.about[-1] == ", URL"
    }
    # The API's own URL, in whose place its policy names the backend, is no news beside that of the backend.
    return tuple(
        each for each in told if each.about != ("service URL",) or (each.where, each.what) not in urls
    )


def _told(record: StackRecord, safe: Safe, contracts: Sequence[ChangedContract]) -> tuple[Told, ...]:
    """Return what one change means beside what is told of contracts as a whole."""
    holder = next((each for each in contracts if safe.change.urn in each.urns), None)
    if holder is not None and safe.change.action in {Action.CREATE, Action.DELETE}:
        return ()  # an operation that comes or goes, which the contract tells
    return tell(record, safe, is_told=holder is not None and bool(holder.told))
