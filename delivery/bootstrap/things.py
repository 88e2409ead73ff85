"""Things in Azure that are there and as they should be, are made, or are corrected where they differ."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from delivery.bootstrap.az import Az, JsonObject, member

Words = tuple[str, ...]


class Outcome(StrEnum):
    """What happened to one thing."""

    KEPT = "as it should be"
    CREATED = "created"
    CHANGED = "changed"
    WAITING = "waiting for"


@dataclass(frozen=True)
class Property:
    """One property that a thing must have."""

    path: str
    """Where the answer of the CLI has it, with dots."""
    option: Words
    """What sets it, when the thing is made and when it is corrected."""
    accepts: Callable[[JsonValue], bool]
    """Whether a value will do."""


@dataclass(frozen=True)
class Thing:
    """One thing in Azure, and the commands that show, make and correct it."""

    title: str
    show: Words
    create: Words
    update: Words = ()
    """What precedes the options of the properties that differ."""
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Line:
    """What is told about one thing."""

    outcome: Outcome
    title: str
    detail: str = ""
    """What differed; empty for most."""


Tell = Callable[[Line], None]


def equal(path: str, value: JsonValue, *option: str) -> Property:
    """Return a property that must have exactly a value."""
    return Property(path, option, lambda found: found == value)


def flag(path: str, option: str, *, wanted: bool) -> Property:
    """Return a property that must be true, or must be false."""
    return equal(path, wanted, option, str(wanted).lower())


def ensure(az: Az, thing: Thing, tell: Tell) -> JsonObject:
    """Make the thing, or correct it where it differs; return what the CLI answers about it.

    Raises DeliveryError when a command fails.
    """
    found = az.read(*thing.show)
    if found is None:
        options = [word for wanted in thing.properties for word in wanted.option]
        made = az.write(*thing.create, *options)
        tell(Line(Outcome.CREATED, thing.title))
        return made if isinstance(made, dict) else {}
    wrong = [wanted for wanted in thing.properties if not wanted.accepts(member(found, wanted.path))]
    if wrong:
        az.write(*thing.update, *(word for wanted in wrong for word in wanted.option))
        was = ", ".join(f"{wanted.path} was {_shown(member(found, wanted.path))}" for wanted in wrong)
        tell(Line(Outcome.CHANGED, thing.title, was))
    else:
        tell(Line(Outcome.KEPT, thing.title))
    return found if isinstance(found, dict) else {}


def _shown(value: JsonValue) -> str:
    if value is None:
        return "not set"
    return value if isinstance(value, str) else json.dumps(value)
