"""The parts of the document: what failed, what changes for whom, what is taken away, counts, details."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import dedent

from delivery.records import Action, DeliveryRecord, Operation, Outcome
from delivery.report.consumers import Line, Subject, Wording, subjects_of
from delivery.report.dangers import Danger, dangers_of
from delivery.report.details import details_of
from delivery.report.fitting import Block, Part
from delivery.report.markdown import code, fence, indented, phrase, table, text
from delivery.report.stacks import GROUPS, Stack, rank
from delivery.report.told import Topic
from delivery.report.values import shortened
from delivery.report.words import Quoted, Words, counted, listed, plain, say
from shared.projects import FOUNDATION, PLATFORM

# What is cut last has the lowest rank.
_FAILURE, _DANGER, _COUNTS, _NOTE, _SUBJECT, _DETAIL = range(6)
_LONGEST_ERROR = 4_000  # characters
_LONGEST_NOTE = 1_000
_LAYERS = {FOUNDATION: "Foundation", PLATFORM: "Platform"}
_TITLES = {
    Operation.PREVIEW: "What changes",
    Operation.UP: "What changed",
    Operation.REFRESH: "What differs in Azure",
    Operation.DESTROY: "What is destroyed",
    Operation.DRIFT: "What differs in Azure",
}


def failures(stacks: Iterable[Stack]) -> Part:
    """Return the stacks that failed or were interrupted, with their sentences and owners."""
    blocks = [
        Block((_failure(stack, _LONGEST_ERROR), _failure(stack, 200)), _FAILURE)
        for stack in stacks
        if stack.record.outcome in {Outcome.FAILED, Outcome.INTERRUPTED}
    ]
    return Part("### ❌ Failed", tuple(blocks), joint="\n")


def _failure(stack: Stack, longest: int) -> str:
    error = stack.record.error.strip() or (
        "It was interrupted; what it had begun was ended cleanly."
        if stack.record.outcome is Outcome.INTERRUPTED
        else "No reason was recorded: see the log of the job."
    )
    owner = f" (owner {code(stack.record.owner)})" if stack.record.owner else ""
    head = f"- **{code(str(stack.record.stack))}**{owner}:"
    if "\n" not in error and "`" not in error:
        return f"{head} {text(shortened(error, longest))}"
    first, _, rest = error.partition("\n")
    lines = [f"{head} {_sentence(shortened(first, longest))}"]
    if rest.strip():
        lines.append(indented(fence(shortened(dedent(rest).strip(), longest))))
    return "\n".join(lines)


def _sentence(words: str) -> str:
    """Return a sentence of this project, in which backticks quote names and commands, as Markdown."""
    pieces = words.split("`")
    if len(pieces) % 2 == 0:
        return text(words)
    return "".join(
        code(piece) if place % 2 else (phrase((piece,)) if piece else "")
        for place, piece in enumerate(pieces)
    )


def not_begun(stacks: Iterable[Stack]) -> Part:
    """Return the stacks that never began."""
    waiting = [stack for stack in stacks if stack.record.outcome is Outcome.NOT_BEGUN]
    blocks = [Block((f"- {code(str(stack.record.stack))}",), _FAILURE) for stack in waiting]
    return Part("### Not begun, because something before failed or stopped", tuple(blocks), joint="\n")


def notes(records: Iterable[DeliveryRecord], stacks: Iterable[Stack], order: Sequence[str]) -> Part:
    """Return what the reader must not miss, each note once."""
    found: dict[tuple[str, str], None] = {}
    for record in sorted(records, key=lambda record: (rank(record.environment, order), record.part)):
        found |= {(record.environment, note): None for note in record.notes}
    about = {
        note: dict.fromkeys(place for place, other in found if other == note)
        for note in (n for _, n in found)
    }
    for stack in stacks:
        for note in stack.record.notes:
            about.setdefault(note, {})[str(stack.record.stack)] = None
    blocks = [
        Block((f"- {phrase(_places(list(places)))}: {_sentence(shortened(note, _LONGEST_NOTE))}",), _NOTE)
        for note, places in about.items()
    ]
    return Part("### Notes", tuple(blocks), joint="\n")


_FEW = 6


def _places(names: Sequence[str]) -> Words:
    quoted: list[str | Quoted | Words] = [Quoted(name) for name in names[:_FEW]]
    return listed([*quoted, f"{len(names) - _FEW} more"] if len(names) > _FEW else quoted)


def subjects(stacks: Sequence[Stack], operation: Operation) -> tuple[Part, Part]:
    """Return what changes for all consumers, and then what changes model by model."""
    found = subjects_of(stacks)
    word = _TITLES[operation]
    below = tuple(_subject(subject) for subject in found if not subject.is_model)
    models = tuple(_subject(subject) for subject in found if subject.is_model)
    return (
        Part(f"### {word} for all consumers: foundation and platform", below),
        Part(f"### {word} for consumers, model by model", models),
    )


def _subject(subject: Subject) -> Block:
    name = _models(subject.models) if subject.is_model else _LAYERS[subject.layer]
    head = [f"#### {name} in {phrase(listed(subject.environments))}{subject.fate}"]
    if len(subject.models) > 1:
        head.append(phrase(listed(Quoted(name) for name in subject.models)))
    owners = phrase(listed(Quoted(owner) for owner in subject.owners))
    facts = [f"{'owner' if len(subject.owners) == 1 else 'owners'} {owners}"] if owners else []
    facts += [f"no change in {phrase(listed(subject.unchanged))}"] if subject.unchanged else []
    facts += (
        [f"not known in {phrase(listed(subject.unknown))}, where it failed or never began"]
        if subject.unknown
        else []
    )
    head += [_first_up("; ".join(facts))] if facts else []
    variants = [
        "\n\n".join([*head, *_topics(subject.lines, is_whole=True)]),
        "\n\n".join([*head, *_topics(subject.lines, is_whole=False)]),
        "\n\n".join([*head, _headlines(subject.lines)]),
    ]
    return Block(tuple(dict.fromkeys(variants)), _SUBJECT)


def _models(names: Sequence[str]) -> str:
    words = phrase(listed(Quoted(name) for name in names))
    return f"Model {words}" if len(names) == 1 else f"{len(names)} models alike"


def _first_up(words: str) -> str:
    return words[0].upper() + words[1:]


def _topics(lines: Sequence[Line], *, is_whole: bool) -> Iterator[str]:
    everywhere = max((line.environments for line in lines), key=len, default=())
    for topic, group in groupby(lines, key=lambda line: line.topic):
        items = "\n".join(_line(line, everywhere, is_whole=is_whole) for line in group)
        yield f"**{topic.value}**\n\n{items}"


def _headlines(lines: Sequence[Line]) -> str:
    counts = Counter(line.topic for line in lines)
    words = listed(f"{topic.value.lower()}: {count}" for topic, count in counts.items())
    return f"{phrase(say('Changes by topic: ', words))}"


def _line(line: Line, everywhere: tuple[str, ...], *, is_whole: bool) -> str:
    head = say(line.where, ": " if line.where else "", line.about)
    if len(line.wordings) == 1:
        (wording,) = line.wordings
        only = "" if set(wording.environments) == set(everywhere) else f" _({_only(wording)})_"
        sentence = phrase(say(head, ": " if line.about and wording.what else "", wording.what))
        return f"- {sentence}{only}{_excerpt(wording, 2) if is_whole else ''}"
    inner = [
        f"  - {phrase(listed(wording.environments))}: {phrase(wording.what)}{_excerpt(wording, 4) if is_whole else ''}"
        for wording in line.wordings
    ]
    return "\n".join([f"- {phrase(head)}:", *inner])


def _only(wording: Wording) -> str:
    return f"only in {phrase(listed(wording.environments))}"


def _excerpt(wording: Wording, spaces: int) -> str:
    return f"\n{indented(fence(wording.excerpt, 'diff'), spaces)}" if wording.excerpt else ""


def dangers(stacks: Iterable[Stack]) -> Part:
    """Return replaces and deletes, in bold."""
    return Part(
        "### ⚠️ Replaces and deletes",
        tuple(Block((_danger(danger),), _DANGER) for danger in dangers_of(stacks)),
        joint="\n",
    )


def _danger(danger: Danger) -> str:
    places = phrase(listed(danger.environments))
    loss = f" **{phrase(danger.loss)}.**" if danger.loss else ""
    return f"- **{phrase(danger.what)}** in {places}{phrase(danger.why)}.{loss}"


def counts(stacks: Sequence[Stack]) -> Part:
    """Return the table of counts by environment and layer."""
    if not stacks:
        return Part("", ())
    rows = []
    for environment in dict.fromkeys(stack.environment for stack in stacks):
        for group in (*GROUPS, ""):
            chosen = [
                stack
                for stack in stacks
                if stack.environment == environment
                and (stack.record.project if stack.record.project in GROUPS else "") == group
            ]
            if chosen:
                rows.append(_row(environment, group or "other", chosen))
    head = ["Environment", "Layer", "Stacks", *(action.value.title() for action in Action), "Unchanged"]
    return Part("### Counts", (Block((table(head, rows, numbers=len(Action) + 1),), _COUNTS),))


def _row(environment: str, group: str, stacks: Sequence[Stack]) -> list[str]:
    outcomes = Counter(stack.record.outcome for stack in stacks if not stack.is_whole)
    state = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(outcomes.items()))
    numbers = [sum(stack.count(action) for stack in stacks) for action in Action]
    unchanged = sum(stack.record.unchanged for stack in stacks)
    cells = [str(number) if number else "" for number in numbers]
    # What takes something away shows at a glance.
    bold = [
        f"**{cell}**" if cell and action in {Action.REPLACE, Action.DELETE} else cell
        for action, cell in zip(Action, cells, strict=True)
    ]
    return [
        code(environment),
        group,
        f"{len(stacks)} ({state})" if state else str(len(stacks)),
        *bold,
        str(unchanged),
    ]


def details(stacks: Iterable[Stack]) -> Part:
    """Return the folded details of each stack that changes."""
    blocks = [Block(details_of(stack), _DETAIL) for stack in stacks if stack.changes]
    return Part("### Details", tuple(blocks))


def headline(stacks: Sequence[Stack], operation: Operation) -> str:
    """Return the whole in one sentence."""
    if not stacks:
        return "No stack is affected."
    if operation is Operation.DRIFT:
        differing = sum(bool(stack.changes) for stack in stacks)
        return f"Azure differs from what was deployed in {differing} of {counted(len(stacks), 'stack')}."
    models = {stack.record.model for stack in stacks if stack.record.model and stack.changes}
    layers = [
        layer
        for layer in (FOUNDATION, PLATFORM)
        if any(s.changes and s.record.project == layer for s in stacks)
    ]
    touched = [*(f"the {layer}" for layer in layers), *([counted(len(models), "model")] if models else [])]
    parts = [plain(listed(touched)) if touched else "nothing changes"]
    breaking = sum(line.topic is Topic.BREAKING for subject in subjects_of(stacks) for line in subject.lines)
    parts += [f"**{counted(breaking, 'change breaks', 'changes break')} consumers**"] if breaking else []
    parts += [
        f"**{counted(number, word)}**"
        for word, number in (
            ("replacement", sum(stack.count(Action.REPLACE) for stack in stacks)),
            ("deletion", sum(stack.count(Action.DELETE) for stack in stacks)),
        )
        if number
    ]
    failed = sum(stack.record.outcome is Outcome.FAILED for stack in stacks)
    parts += [f"**{counted(failed, 'stack')} failed**"] if failed else []
    words = ", ".join(parts)
    places = phrase(listed(dict.fromkeys(stack.environment for stack in stacks)))
    verb = "Changes: " if touched else ""
    return f"{verb}{words if touched else _first_up(words)} ({counted(len(stacks), 'stack')} in {places})."


def paragraph(markdown: str) -> Block:
    """Return a line that is never missing: it is short."""
    return Block((markdown,), _FAILURE - 1)
