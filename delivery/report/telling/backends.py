"""Backends: where the gateway sends calls, how it shares them out, and when it stops."""

import re
from collections.abc import Iterator, Mapping

from delivery.report.telling.properties import Property, changed_properties, flag
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, Value, items_of, section_of, shown, text_of, without
from delivery.report.words import Quoted, Words, arrow, counted, listed, say

_BACKEND: Mapping[str, Property] = {
    "url": Property(Topic.BACKENDS, "URL"),
    "protocol": Property(Topic.BACKENDS, "protocol"),
    "type": Property(Topic.BACKENDS, "kind"),
    "title": Property(Topic.TEXTS, "title"),
    "description": Property(Topic.TEXTS, "description"),
}
_TLS: Mapping[str, Property] = {
    "validateCertificateChain": Property(
        Topic.BACKENDS, "chain of the server's certificate", flag("checked", "not checked")
    ),
    "validateCertificateName": Property(
        Topic.BACKENDS, "name in the server's certificate", flag("checked", "not checked")
    ),
}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_UNITS = ("day", "hour", "minute", "second")


def duration(value: Value) -> Words:
    """Return an ISO 8601 duration in words: `PT1M30S` is `1 minute 30 seconds`."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        return shown(value)
    amounts = zip(found.groups(), _UNITS, strict=True)
    return say(" ".join(counted(int(count), unit) for count, unit in amounts if count))


def backend_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of a backend means."""
    about = say(_noun(after or before or {}), " ", Quoted(text_of(after or before or {}, "backendId")))
    if after is None:
        yield Told(Topic.BACKENDS, where, about, say("removed"))
        return
    if before is None:
        url = text_of(after, "url")
        target = say(" at ", Quoted(url)) if url else ()
        yield Told(Topic.BACKENDS, where, about, say("added", target))
    old = before or {}
    yield from _shared_out(where, about, old, after)
    yield from _breakers(where, about, old, after)
    if before is not None:
        sides = (_rest(before), _rest(after))
        yield from changed_properties(where, about, sides, _BACKEND, Topic.BACKENDS)
        tls = (section_of(before, "tls"), section_of(after, "tls"))
        yield from changed_properties(where, about, tls, _TLS, Topic.BACKENDS)


def _noun(side: Properties) -> str:
    return "pool" if items_of(section_of(side, "pool"), "services") else "backend"


def _rest(side: Properties) -> Properties:
    """Return what a backend has besides members, rules and TLS."""
    return {
        **without(side, "tls"),
        "pool": without(section_of(side, "pool"), "services"),
        "circuitBreaker": without(section_of(side, "circuitBreaker"), "rules"),
    }


def _shared_out(where: Words, about: Words, before: Properties, after: Properties) -> Iterator[Told]:
    """Tell how a pool shares out calls: at once where its weights alone decide, else member by member."""
    old, new = (_shares(side) for side in (before, after))
    if old is None or new is None:
        yield from _members(where, about, before, after)
    elif old != new:
        yield Told(
            Topic.BACKENDS, where, say(about, ", shares of the calls"), arrow(old, new) if old else new
        )


def _shares(side: Properties) -> Words | None:
    """Return the share of each member, empty for no pool; None where priorities play a part or a weight is missing."""
    members = items_of(section_of(side, "pool"), "services")
    weights = [
        (name, weight)
        for name, member in zip(_names(side, members), members, strict=True)
        if isinstance(weight := member.get("weight"), int | float)
    ]
    total = sum(weight for _, weight in weights)
    if len(weights) < len(members) or len({member.get("priority") for member in members}) > 1:
        return None
    if members and not total:
        return None
    shares = [say(f"{weight / total:.0%} ", Quoted(name)) for name, weight in weights]
    return say(
        *(part for place, share in enumerate(shares) for part in ((", ", share) if place else (share,)))
    )


def _names(side: Properties, members: list[Properties]) -> list[str]:
    """Return what the members of a pool are called, without the pool's own name before it."""
    names = (str(member.get("id", "")).rpartition("/")[2] for member in members)
    return [name.removeprefix(f"{text_of(side, 'backendId')}-") for name in names]


def _members(where: Words, about: Words, before: Properties, after: Properties) -> Iterator[Told]:
    old, new = (_pool(side) for side in (before, after))
    for name in sorted(old.keys() | new.keys()):
        here = say(about, ", member ", Quoted(name))
        if name not in old:
            yield Told(Topic.BACKENDS, where, here, say("added: ", new[name]))
        elif name not in new:
            yield Told(Topic.BACKENDS, where, here, say("removed (was ", old[name], ")"))
        elif old[name] != new[name]:
            yield Told(Topic.BACKENDS, where, here, arrow(old[name], new[name]))


def _pool(side: Properties) -> dict[str, Words]:
    """Return the members of a pool with their part of the calls."""
    members = items_of(section_of(side, "pool"), "services")
    names = _names(side, members)
    return {name: _part(member, members) for name, member in zip(names, members, strict=True)}


def _part(member: Properties, members: list[Properties]) -> Words:
    """Return priority and weight; with the share of calls where the weights of its priority tell it."""
    priority, weight = member.get("priority"), member.get("weight")
    words = [
        f"{name} {value}" for name, value in (("priority", priority), ("weight", weight)) if value is not None
    ]
    weights = [other.get("weight") for other in members if other.get("priority") == priority]
    known = [other for other in weights if isinstance(other, int | float)]
    total = sum(known)
    if len(known) == len(weights) and total and isinstance(weight, int | float):
        words.append(f"{weight / total:.0%} of the calls at its priority")
    return say(", ".join(words) or "no priority, no weight")


def _breakers(where: Words, about: Words, before: Properties, after: Properties) -> Iterator[Told]:
    old, new = (
        {text_of(rule, "name"): rule for rule in items_of(section_of(side, "circuitBreaker"), "rules")}
        for side in (before, after)
    )
    for name in sorted(old.keys() | new.keys()):
        here = say(about, ", circuit breaker ", Quoted(name))
        if name not in old:
            yield Told(Topic.BACKENDS, where, here, say("added: ", _rule(new[name])))
        elif name not in new:
            yield Told(Topic.BACKENDS, where, here, say("removed (was: ", _rule(old[name]), ")"))
        elif old[name] != new[name]:
            yield Told(Topic.BACKENDS, where, here, arrow(_rule(old[name]), _rule(new[name])))


def _rule(rule: Properties) -> Words:
    """Return when a breaker opens and for how long, with whatever else the rule says."""
    condition = section_of(rule, "failureCondition")
    failures = (
        say(f"{condition.get('percentage')} % failures")
        if condition.get("percentage") is not None
        else say(shown(condition.get("count")), " failures")
    )
    ranges = [
        say(
            f"{each.get('min')}"
            if each.get("min") == each.get("max")
            else f"{each.get('min')} to {each.get('max')}"
        )
        for each in items_of(condition, "statusCodeRanges")
    ]
    rest = without(condition, "percentage", "count", "interval", "statusCodeRanges")
    others = without(rule, "name", "failureCondition", "tripDuration") | rest
    return say(
        "opens for ",
        duration(rule.get("tripDuration")),
        " after ",
        failures,
        " in ",
        duration(condition.get("interval")),
        *((" of status ", listed(ranges)) if ranges else ()),
        *(part for key, value in sorted(others.items()) for part in (", ", Quoted(key), " ", shown(value))),
    )
