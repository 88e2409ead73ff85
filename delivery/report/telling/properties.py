"""Properties without words of their own: each is named with its old and new value."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from delivery.report.told import Told, Topic
from delivery.report.values import Properties, Value, between, differences, shown, without
from delivery.report.words import Quoted, Words, arrow, say

PLACE = ("azureApiVersion", "resourceGroupName", "serviceName")
"""Properties that only say where a resource is; a change of them is a replacement, which is told apart."""


@dataclass(frozen=True)
class Property:
    """How one property is told."""

    topic: Topic
    name: str
    """As it stands in a sentence."""
    value: Callable[[Value], Words] = shown


def changed_properties(
    where: Words,
    about: Words,
    sides: tuple[Properties, Properties],
    known: Mapping[str, Property],
    other: Topic,
) -> Iterator[Told]:
    """Tell the known properties in words, in their order, then all others by their paths under the topic `other`."""
    before, after = sides
    for key, words in known.items():
        if before.get(key) != after.get(key):
            name = say(about, ", " if about else "", words.name)
            was, now = before.get(key), after.get(key)
            is_plain = words.value is shown
            what = between(was, now) if is_plain else arrow(words.value(was), words.value(now))
            yield Told(words.topic, where, name, what)
    skipped = (*PLACE, *known)
    for path, old, new in differences(without(before, *skipped), without(after, *skipped)):
        name = say(about, ", " if about else "", Quoted(path))
        yield Told(other, where, name, between(old, new))


def flag(if_true: str, if_false: str) -> Callable[[Value], Words]:
    """Return the words for a property that is true or false."""
    return lambda value: say(if_true if value is True else if_false)
