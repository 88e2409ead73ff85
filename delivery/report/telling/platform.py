"""What the platform gives to all models: products, named values, the service, its diagnostics."""

from collections.abc import Iterator, Mapping

from delivery.report.telling.properties import Property, changed_properties, flag
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, Value, section_of, shown, text_of, without
from delivery.report.words import Quoted, Words, arrow, say

_PRODUCT: Mapping[str, Property] = {
    "state": Property(Topic.AVAILABILITY, "state"),
    "subscriptionRequired": Property(
        Topic.AUTHENTICATION, "subscription", flag("required", "not required: anybody may call")
    ),
    "approvalRequired": Property(
        Topic.AUTHENTICATION, "new subscriptions", flag("wait for an approval", "need no approval")
    ),
    "subscriptionsLimit": Property(
        Topic.LIMITS,
        "subscriptions of one user",
        lambda value: say("no limit") if value is None else say(f"at most {value}"),
    ),
    "displayName": Property(Topic.TEXTS, "name"),
    "description": Property(Topic.TEXTS, "description"),
    "terms": Property(Topic.TEXTS, "terms of use"),
}


def product_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of a product means to those who subscribe to it."""
    if before is None:
        approval = _PRODUCT["approvalRequired"].value((after or {}).get("approvalRequired"))
        yield Told(Topic.PRODUCTS, where, say("new product"), say("new subscriptions ", approval))
    elif after is None:
        yield Told(
            Topic.PRODUCTS,
            where,
            say("product"),
            say("removed with its subscriptions: their keys stop working"),
        )
    else:
        sides = (without(before, "productId"), without(after, "productId"))
        yield from changed_properties(where, (), sides, _PRODUCT, Topic.PRODUCTS)


_NAMED_VALUE: Mapping[str, Property] = {
    "value": Property(Topic.POLICIES, "value"),
    "secret": Property(Topic.POLICIES, "shown to operators", flag("no, it is a secret", "yes")),
    "keyVault": Property(Topic.POLICIES, "secret in Key Vault"),
}


def named_value_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of a named value means to the policies that use it."""
    about = say("named value ", Quoted(text_of(after or before or {}, "namedValueId")))
    if before is None or after is None:
        yield Told(Topic.POLICIES, where, about, say("added" if before is None else "removed"))
        return
    yield from changed_properties(where, about, (before, after), _NAMED_VALUE, Topic.POLICIES)


def _share(value: Value) -> Words:
    percentage = value.get("percentage") if isinstance(value, dict) else None
    return say(f"{percentage} %") if percentage is not None else shown(value)


_DIAGNOSTIC: Mapping[str, Property] = {
    "sampling": Property(Topic.TELEMETRY, "share of calls that are traced", _share),
    "alwaysLog": Property(Topic.TELEMETRY, "what is traced always"),
    "verbosity": Property(Topic.TELEMETRY, "verbosity"),
    "logClientIp": Property(Topic.TELEMETRY, "IP addresses of callers", flag("recorded", "not recorded")),
}


def diagnostic_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of diagnostics means: what is recorded of calls."""
    about = say("traces to ", Quoted(text_of(after or before or {}, "diagnosticId")))
    if before is None or after is None:
        yield Told(Topic.TELEMETRY, where, about, say("added" if before is None else "removed"))
        return
    yield from changed_properties(where, about, (before, after), _DIAGNOSTIC, Topic.TELEMETRY)


_SERVICE: Mapping[str, Property] = {
    "virtualNetworkType": Property(Topic.SERVICE, "network"),
    "virtualNetworkConfiguration": Property(Topic.SERVICE, "subnet"),
    "publicNetworkAccess": Property(Topic.SERVICE, "access from public networks"),
    "location": Property(Topic.SERVICE, "region"),
    "publisherName": Property(Topic.TEXTS, "publisher"),
    "publisherEmail": Property(Topic.TEXTS, "e-mail address of the publisher"),
}


def service_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of the API Management service means."""
    about = say("API Management service")
    sku, next_sku = (section_of(side or {}, "sku") for side in (before, after))
    if before is None:
        units = say("1 unit") if next_sku.get("capacity") == 1 else _units(next_sku)
        what = say("added: tier ", shown(next_sku.get("name")), ", ", units)
        yield Told(Topic.SERVICE, where, about, what)
        return
    if after is None:
        yield Told(Topic.SERVICE, where, about, say("removed with all APIs, products and subscriptions"))
        return
    if sku.get("name") != next_sku.get("name"):
        yield Told(
            Topic.SERVICE,
            where,
            say(about, ", tier"),
            arrow(shown(sku.get("name")), shown(next_sku.get("name"))),
        )
    if sku.get("capacity") != next_sku.get("capacity"):
        yield Told(Topic.SERVICE, where, say(about, ", capacity"), arrow(_units(sku), _units(next_sku)))
    sides = (without(before, "sku"), without(after, "sku"))
    yield from changed_properties(where, about, sides, _SERVICE, Topic.SERVICE)


def _units(sku: Properties) -> Words:
    return say(f"{sku.get('capacity')} units")
