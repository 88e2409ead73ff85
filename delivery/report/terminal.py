"""The changes for consumers on a terminal: short, for the end of a preview."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from delivery.records import DeliveryRecord, Operation
from delivery.report.consumers import Line, Subject, subjects_of
from delivery.report.dangers import dangers_of
from delivery.report.markdown import visible
from delivery.report.stacks import stacks_of
from delivery.report.told import Topic
from delivery.report.words import Words, listed, plain, say
from shared.projects import FOUNDATION, PLATFORM

_LAYERS = {FOUNDATION: "foundation", PLATFORM: "platform"}


def print_changes(
    records: Sequence[DeliveryRecord],
    console: Console,
    order: Sequence[str] = (),
    operation: Operation = Operation.PREVIEW,
) -> None:
    """Print what changes for consumers, and then what is replaced or deleted; nothing when nothing changes."""
    stacks = stacks_of(records, operation, order)
    for subject in subjects_of(stacks):
        console.print(Text(_title(subject), style="bold"))
        for line in _lines(subject.lines, subject.environments):
            console.print(line)
    for danger in dangers_of(stacks):
        loss = say(". ", danger.loss) if danger.loss else ()
        words = say(danger.what, " in ", listed(danger.environments), danger.why, loss)
        console.print(Text(f"! {_shown(words)}", style="bold red"))


def _title(subject: Subject) -> str:
    name = listed(subject.models) if subject.is_model else say(_LAYERS[subject.layer])
    return _shown(say(name, " in ", listed(subject.environments)))


def _lines(lines: Sequence[Line], everywhere: tuple[str, ...]) -> Iterator[Text]:
    for line in lines:
        head = say(line.where, ": " if line.where else "", line.about)
        for wording in line.wordings:
            is_everywhere = set(wording.environments) == set(everywhere)
            only = () if is_everywhere else say(" (", listed(wording.environments), ")")
            words = say(
                "breaking: " if line.topic is Topic.BREAKING else "",
                head,
                ": " if line.about and wording.what else "",
                wording.what,
                only,
            )
            yield Text(f"  {_shown(words)}")


def _shown(words: Words) -> str:
    """Return a phrase on one line, without anything that a terminal would obey."""
    return " ".join(visible(plain(words)).split())
