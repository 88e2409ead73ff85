"""The semantic difference of two policies: what each statement that differs means, in words or by its XML."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from delivery.records import SECRET, UNKNOWN
from delivery.report.telling.alignment import aligned
from delivery.report.telling.lifecycles import Ending, ending, ending_changes
from delivery.report.telling.policy_words import Inside, Phrase, named, phrase_of
from delivery.report.telling.statements import Item, Sections, default_of, sections
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, between, lines_between, shown, text_of
from delivery.report.words import Quoted, Words, arrow, listed, plain, say
from shared.policies import PolicyContentFormat
from shared.policies.errors import PolicyError

_SHORT = 60
"""Characters of a value that is told in the summary of a new policy."""
_ONE_BY_ONE = frozenset({Topic.LIMITS, Topic.AUTHENTICATION})
"""What a new policy brings that consumers must know is told in sentences of its own; all else in one."""


@dataclass(frozen=True)
class _Place:
    """A statement and where it stands."""

    section: str
    item: Item

    @property
    def name(self) -> Words:
        return named(self.item, self.section)

    @property
    def phrase(self) -> Phrase:
        return phrase_of(self.item)

    @property
    def value(self) -> Words:
        return self.phrase.value(self.item)

    @property
    def is_base(self) -> bool:
        return self.item.tag == "base"


def policy_changes(before: Properties | None, after: Properties | None, where: Words) -> tuple[Told, ...]:
    """Return what a change of a policy means; `before` and `after` are the inputs of its resource."""
    texts = [None if side is None else text_of(side, "value") for side in (before, after)]
    if any(_is_hidden(side) for side in (before, after)):
        return (Told(Topic.POLICIES, where, say("policy"), say("changed; its text is not known yet")),)
    formats = [text_of(side or {}, "format") or "xml" for side in (before, after)]
    return _changes(texts[0], formats[0], texts[1], formats[1], where)


def _is_hidden(side: Properties | None) -> bool:
    value = None if side is None else side.get("value")
    return value == SECRET or (isinstance(value, str) and UNKNOWN in value)


@lru_cache(maxsize=1024)
def _changes(
    before: str | None, format_before: str, after: str | None, format_after: str, where: Words
) -> tuple[Told, ...]:
    """Return the changes; the same policy in several environments is compared once."""
    try:
        old = {} if before is None else _read(before, format_before)
        new = {} if after is None else _read(after, format_after)
    except PolicyError as error:
        excerpt = lines_between(before or "", after or "")
        return (
            Told(Topic.POLICIES, where, say("policy, which cannot be read here"), say(str(error)), excerpt),
        )
    ending_before, old = ending(old)
    ending_after, new = ending(new)
    if before is None:
        places = [_Place(section, item) for section in new for item in new[section]]
        return (*ending_changes(Ending(), ending_after, where), *_new(where, places))
    compared = _compared(where, old, new) if after is not None else _without(where, old)
    told = (*ending_changes(ending_before, ending_after, where), *compared)
    if not told and before != after:
        return (
            Told(Topic.POLICIES, where, say("policy"), say("written in another way that means the same")),
        )
    return told


def _read(text: str, content_format: str) -> Sections:
    """Return the statements; raises PolicyError when the text is not well-formed in its own format.

    A refresh leaves the format in which a policy was deployed, with the text as Azure gives it: with escaped C#.
    """
    try:
        return sections(text, content_format)
    except PolicyError:
        with suppress(PolicyError):
            return sections(text, PolicyContentFormat.XML)
        raise


def _new(where: Words, places: Sequence[_Place]) -> Iterator[Told]:
    """Tell a policy that did not exist."""
    others = []
    for place in places:
        if place.phrase.topic in _ONE_BY_ONE:
            yield from _added(where, place)
        elif not place.is_base:
            value = place.value if len(plain(place.value)) <= _SHORT else ()
            others.append(say(place.name, ": " if value else "", value))
    if others:
        yield Told(Topic.POLICIES, where, say("new policy"), listed(dict.fromkeys(others)))


def _without(where: Words, old: Sections) -> Iterator[Told]:
    """Tell a policy that is deleted. Its scope then runs the broader ones alone, so `<base />` is no loss."""
    yield Told(Topic.POLICIES, where, say("policy"), say("removed; the policies of broader scopes run alone"))
    for section in old:
        for item in old[section]:
            if item.tag != "base":
                yield from _removed(where, _Place(section, item))


def _compared(where: Words, old: Sections, new: Sections) -> Iterator[Told]:
    """Tell statement by statement, section by section; then what went from one section to another."""
    removed: list[_Place] = []
    added: list[_Place] = []
    for section in dict.fromkeys((*old, *new)):
        before, after = old.get(section, ()), new.get(section, ())
        if (section in old) != (section in new) and not before and not after:
            what = (
                "added, empty: nothing of broader scopes runs in it"
                if section in new
                else "removed; it was empty"
            )
            yield Told(Topic.POLICIES, where, say("section ", Quoted(section)), say(what))
        found = aligned(before, after)
        for place_before, place_after in found.pairs:
            yield from _changed(where, section, before[place_before], after[place_after])
        for number in sorted(found.moved):
            yield _moved(where, section, after, number)
        removed += [_Place(section, before[number]) for number in found.removed]
        added += [_Place(section, after[number]) for number in found.added]
    for place in removed:
        twin = next((other for other in added if other.item == place.item and not place.is_base), None)
        if twin:
            added.remove(twin)
            yield Told(
                place.phrase.topic, where, place.name, say(f"moved from {place.section} to {twin.section}")
            )
        else:
            yield from _removed(where, place)
    for place in added:
        yield from _added(where, place)


def _added(where: Words, place: _Place) -> Iterator[Told]:
    if place.is_base:
        yield Told(Topic.POLICIES, where, place.name, say("run now"))
        return
    what = say("added", ": " if place.value else "", place.value)
    yield Told(place.phrase.topic, where, place.name, what, _excerpt(place, sign="+"))


def _removed(where: Words, place: _Place) -> Iterator[Told]:
    if place.is_base:
        yield Told(
            Topic.POLICIES,
            where,
            place.name,
            say(
                "no longer run",
                ": their limits and checks do not apply" if place.section == "inbound" else "",
            ),
        )
        return
    was = say(" (was ", place.value, ")") if place.value else ()
    yield Told(place.phrase.topic, where, place.name, say(place.phrase.gone, was), _excerpt(place, sign="-"))


def _excerpt(place: _Place, sign: str) -> str:
    """Return the XML of a statement that its words do not tell whole."""
    told = place.phrase.says
    is_told = all(name in told for name, _ in place.item.attributes) and (
        not place.item.children or place.phrase.inside is Inside.SAID
    )
    return "" if is_told else "\n".join(f"{sign}{line}" for line in place.item.lines())


def _moved(where: Words, section: str, after: Sequence[Item], place: int) -> Told:
    moved = _Place(section, after[place])
    behind = say("first") if place == 0 else say("directly after ", named(after[place - 1], section))
    return Told(moved.phrase.topic, where, moved.name, say("moved: runs ", behind, f" in {section} now"))


def _changed(where: Words, section: str, before: Item, after: Item) -> Iterator[Told]:
    """Tell how one statement differs: its value in words, other attributes by name, what is inside as it allows."""
    if before == after:
        return
    old, new = _Place(section, before), _Place(section, after)
    phrase, about = new.phrase, new.name
    if old.name != new.name:
        yield Told(phrase.topic, where, old.name, say("becomes ", new.name, *_becomes(new, old)))
    elif old.value != new.value:
        yield Told(phrase.topic, where, about, arrow(old.value, new.value))
    is_said = old.name != new.name or old.value != new.value
    told = phrase.says if is_said else frozenset()
    for name in dict.fromkeys(name for name, _ in (*before.attributes, *after.attributes)):
        if name not in told and before.get(name) != after.get(name):
            is_set = all(name in dict(item.attributes) for item in (before, after))
            values = arrow(_attribute(before, name), _attribute(after, name))
            what = between(before.get(name), after.get(name)) if is_set else values
            yield Told(phrase.topic, where, say(about, ", ", Quoted(name)), what)
    if (before.children, before.text) != (after.children, after.text) and not (
        is_said and phrase.inside is Inside.SAID
    ):
        yield from _inside(where, about, phrase, before, after)


def _attribute(item: Item, name: str) -> Words:
    if name in dict(item.attributes):
        return shown(item.get(name))
    default = default_of(item.tag, name)
    return say(Quoted(default), " (the default)") if default else say("not set")


def _becomes(new: _Place, old: _Place) -> Words:
    if old.value == new.value:
        return ()
    return say(": ", arrow(old.value, new.value))


_MANY = 8


def _inside(where: Words, about: Words, phrase: Phrase, before: Item, after: Item) -> Iterator[Told]:
    """Tell how the elements inside a statement differ."""
    gone = Counter(_leaves(before)) - Counter(_leaves(after))
    came = Counter(_leaves(after)) - Counter(_leaves(before))
    if phrase.inside is Inside.EXACT or not 1 <= len(gone) + len(came) <= _MANY:
        excerpt = lines_between("\n".join(before.lines()), "\n".join(after.lines()))
        yield Told(phrase.topic, where, about, say("changed"), excerpt)
        return
    for path in dict.fromkeys(path for path, _ in (*gone, *came)):
        lost = [value for other, value in gone if other == path]
        won = [value for other, value in came if other == path]
        inner = say(about, ", ", Quoted(path))
        if len(lost) == len(won) == 1:
            yield Told(phrase.topic, where, inner, between(lost[0], won[0]))
        else:
            parts = [say(listed(map(shown, won)), " added")] if won else []
            parts += [say(listed(map(shown, lost)), " removed")] if lost else []
            yield Told(phrase.topic, where, inner, say(*parts[:1], *(("; ", parts[1]) if parts[1:] else ())))


def _leaves(item: Item, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and content of each element inside a statement: its text, or its attributes."""
    for child in item.children:
        here = f"{path}/{child.tag}" if path else child.tag
        attributes = " ".join(f'{name}="{value}"' for name, value in child.attributes)
        content = " ".join(part for part in (attributes, child.text) if part)
        if content or not child.children:
            yield here, content
        yield from _leaves(child, here)
