"""APIs, their version sets, the products that offer them, and subscriptions."""

from collections.abc import Iterator, Mapping

from delivery.report.telling.properties import PLACE, Property, changed_properties, flag
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, Value, shown, text_of, without
from delivery.report.words import Quoted, Words, arrow, listed, say


def path_of(api: Properties) -> str:
    """Return the path on the gateway; the version is a segment of it, as every model's."""
    parts = [text_of(api, "path").strip("/"), text_of(api, "apiVersion")]
    return "/" + "/".join(part for part in parts if part)


def _protocols(value: Value) -> Words:
    return listed(Quoted(str(item)) for item in value) if isinstance(value, list) else shown(value)


_API: Mapping[str, Property] = {
    "path": Property(Topic.AVAILABILITY, "path on the gateway"),
    "apiVersion": Property(Topic.AVAILABILITY, "version"),
    "protocols": Property(Topic.AVAILABILITY, "protocols", _protocols),
    "subscriptionRequired": Property(
        Topic.AUTHENTICATION,
        "subscription key",
        flag("required", "not required: anybody may call"),
    ),
    "subscriptionKeyParameterNames": Property(Topic.AUTHENTICATION, "where the subscription key is sent"),
    "authenticationSettings": Property(Topic.AUTHENTICATION, "settings of OAuth and OpenID Connect"),
    "serviceUrl": Property(Topic.BACKENDS, "service URL"),
    "displayName": Property(Topic.TEXTS, "name"),
    "description": Property(Topic.TEXTS, "description"),
    "contact": Property(Topic.TEXTS, "contact"),
}


def api_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of an API means to its consumers."""
    if before is None:
        api = after or {}
        yield Told(Topic.AVAILABILITY, where, say("new API at ", Quoted(path_of(api))), ())
        key = _API["subscriptionRequired"]
        yield Told(key.topic, where, say(key.name), key.value(api.get("subscriptionRequired")))
    elif after is None:
        what = say("removed with all its operations: calls get 404")
        yield Told(Topic.AVAILABILITY, where, say("API at ", Quoted(path_of(before))), what)
    else:
        yield from changed_properties(where, (), (before, after), _API, Topic.OTHER)
        if path_of(before) != path_of(after):
            what = say("gets 404 from now on")
            yield Told(Topic.AVAILABILITY, where, say("the old address ", Quoted(path_of(before))), what)


_VERSION_SET: Mapping[str, Property] = {
    "displayName": Property(Topic.TEXTS, "name of the version set"),
    "description": Property(Topic.TEXTS, "description of the version set"),
}


def version_set_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of a version set means. One that comes or goes does so with its APIs, which say it."""
    if before is not None and after is not None:
        schemes = [_scheme(side) for side in (before, after)]
        if schemes[0] != schemes[1]:
            yield Told(Topic.AVAILABILITY, where, say("what tells the version of a call"), arrow(*schemes))
        sides = (without(before, *_SCHEME), without(after, *_SCHEME))
        yield from changed_properties(where, (), sides, _VERSION_SET, Topic.OTHER)


_SCHEME = ("versioningScheme", "versionHeaderName", "versionQueryName")


def _scheme(version_set: Properties) -> Words:
    """Return what tells the version of a call."""
    match version_set.get("versioningScheme"):
        case "Segment":
            return say("a segment of its path")
        case "Header":
            return say("the header ", shown(version_set.get("versionHeaderName")))
        case "Query":
            return say("the query parameter ", shown(version_set.get("versionQueryName")))
        case other:
            return shown(other)


def tag_link_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell under which tag the API is found in the developer portal, and under which it is no more."""
    for side, other, what in ((before, after, "no longer finds the API"), (after, before, "finds the API")):
        if side is not None and (other is None or other.get("tagId") != side.get("tagId")):
            yield Told(Topic.TEXTS, where, say("tag ", shown(side.get("tagId"))), say(what))


def tag_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell how the vocabulary of tags changes."""
    about = say("tag ", shown((after or before or {}).get("tagId")))
    if before is None or after is None:
        what = "models may carry it" if before is None else "removed: models that carry it lose it"
        yield Told(Topic.TEXTS, where, about, say(what))
    else:
        yield from changed_properties(where, about, (before, after), {}, Topic.TEXTS)


def link_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell which product offers the API, and which no longer does."""
    for side, what in (
        (before, "no longer offers the API: its subscribers cannot call it any more"),
        (after, "offers the API"),
    ):
        other = after if side is before else before
        if side is not None and (other is None or other.get("productId") != side.get("productId")):
            yield Told(Topic.PRODUCTS, where, say("product ", shown(side.get("productId"))), say(what))


_SUBSCRIPTION: Mapping[str, Property] = {
    "state": Property(Topic.AUTHENTICATION, "state"),
    "scope": Property(Topic.AUTHENTICATION, "scope"),
    "ownerId": Property(Topic.AUTHENTICATION, "owner"),
    "allowTracing": Property(Topic.AUTHENTICATION, "tracing", flag("allowed", "not allowed")),
    "displayName": Property(Topic.TEXTS, "name"),
}


def subscription_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of a subscription means to who holds its keys."""
    side = after or before or {}
    about = say("subscription ", Quoted(text_of(side, "sid") or text_of(side, "displayName")))
    if before is None:
        yield Told(Topic.AUTHENTICATION, where, about, say("added, with keys of its own"))
    elif after is None:
        yield Told(Topic.AUTHENTICATION, where, about, say("removed: its keys stop working"))
    else:
        sides = (without(before, *PLACE, "sid"), without(after, *PLACE, "sid"))
        yield from changed_properties(where, about, sides, _SUBSCRIPTION, Topic.OTHER)
