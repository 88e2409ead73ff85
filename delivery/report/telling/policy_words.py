"""Policy statements in words. A statement without a line here is told by its XML.

Reference: learn.microsoft.com/azure/api-management/api-management-policies; each statement has a page of its own
there, `<element>-policy`. Statements that the typed catalogue does not have are here as well: teams bring their own
policies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from delivery.report.telling.statements import Item
from delivery.report.told import Topic
from delivery.report.values import shown
from delivery.report.words import Quoted, Words, counted, listed, per, say
from shared.model.entrance import BY_APPLICATION, BY_SUBSCRIPTION

_EXPRESSION = ("@(", "@{")


class Inside(Enum):
    """How the elements inside a statement are told."""

    SAID = auto()
    """The statement's value says them."""
    LISTED = auto()
    """One by one; their order means nothing."""
    EXACT = auto()
    """By their XML."""


@dataclass(frozen=True)
class Phrase:
    """How one kind of statement is told."""

    topic: Topic
    name: Callable[[Item, str], Words]
    """Takes the statement and its section."""
    value: Callable[[Item], Words] = lambda _: ()
    """What it is set to; empty for a statement that has no value worth a word."""
    says: frozenset[str] = frozenset()
    """The attributes that name and value tell."""
    inside: Inside = Inside.LISTED
    gone: str = "removed"
    """What is said of it when it is no longer there."""


def phrase_of(item: Item) -> Phrase:
    """Return how a statement is told."""
    return _PHRASES.get(item.tag) or Phrase(Topic.POLICIES, _element, inside=Inside.EXACT)


def named(item: Item, section: str) -> Words:
    """Return what a statement is called in a sentence."""
    return phrase_of(item).name(item, section)


def _element(item: Item, section: str) -> Words:
    name = item.get("name") or item.get("id")
    return say(Quoted(f"<{item.tag}>"), *((" ", Quoted(name)) if name else ()), f" in {section}")


def _check(words: str) -> Callable[[Item, str], Words]:
    """Return a name of a statement that there is usually one of: the words, and its element."""
    return lambda item, _: say(f"{words} (", Quoted(item.tag), ")")


def _named(words: str, attribute: str) -> Callable[[Item, str], Words]:
    return lambda item, _: say(f"{words} ", Quoted(item.get(attribute)))


def _message(kind: str) -> Callable[[Item, str], Words]:
    def name(item: Item, section: str) -> Words:
        message = "request" if section in {"inbound", "backend"} else "response"
        on_errors = ", on errors" if section == "on-error" else ""
        in_backend = ", in backend" if section == "backend" else ""
        return say(f"{message} {kind} ", Quoted(item.get("name")), on_errors or in_backend)

    return name


# Expressions by which calls are counted apart; what is not known exactly is quoted.
_COUNTED_BY: Mapping[str, str] = {
    "context.Subscription.Id": "subscription",
    BY_SUBSCRIPTION.code: "subscription",
    BY_APPLICATION.code: "calling application",
    "context.Request.IpAddress": "IP address of a caller",
    "context.User.Id": "user",
    "context.Product.Id": "product",
}


def _limit(words: str, key: str = "") -> Callable[[Item, str], Words]:
    """Return the name of a limit, and what it is counted by."""

    def name(item: Item, _: str) -> Words:
        counted_by = item.get(key) if key else "@(context.Subscription.Id)"
        known = _COUNTED_BY.get(counted_by[2:-1].strip()) if counted_by.startswith("@(") else None
        if known:
            return say(f"{words} for each {known}")
        if not counted_by.startswith(_EXPRESSION):
            return say(f"{words} for all callers together (counted as ", Quoted(counted_by), ")")
        return say(f"{words} for each value of ", Quoted(counted_by))

    return name


def _amount(item: Item, attribute: str, unit: str) -> Words:
    amount = item.get(attribute)
    if amount.isdecimal():
        return say(counted(int(amount), unit))
    return say(Quoted(amount), f" {unit}s")


def _in_period(item: Item) -> Words:
    period = item.get("renewal-period")
    if period == "0":
        return say(" in all, never renewed")
    if period.isdecimal():
        return say(f" {per(int(period))}")
    return say(" in ", Quoted(period), " seconds")


def _calls(item: Item) -> Words:
    amounts = [
        _amount(item, attribute, unit)
        for attribute, unit in (("calls", "call"), ("bandwidth", "kilobyte"))
        if item.get(attribute)
    ]
    return say(listed(amounts), _in_period(item))


def _tokens(item: Item) -> Words:
    limits: list[Words] = []
    if item.get("tokens-per-minute"):
        limits.append(say(_amount(item, "tokens-per-minute", "token"), " per minute"))
    if item.get("token-quota"):
        period = item.get("token-quota-period").lower()
        limits.append(say(_amount(item, "token-quota", "token"), f" {period}"))
    return listed(limits)


def _concurrent(item: Item) -> Words:
    return say(_amount(item, "max-count", "call"), " at a time")


def _header(item: Item) -> Words:
    values = listed(shown(child.text) for child in item.children if child.tag == "value")
    match item.get("exists-action"):
        case "delete":
            return say("taken away")
        case "skip":
            return say("set to ", values, " where it is missing")
        case "append":
            return say(values, " appended")
        case "" | "override":
            return say("set to ", values)
        case other:
            return say("set to ", values, " (if it exists: ", Quoted(other), ")")


def _attribute(*names: str) -> Callable[[Item], Words]:
    """Return the value of the first of these attributes that is written."""
    return lambda item: next((shown(item.get(name)) for name in names if item.get(name)), ())


def _target(item: Item) -> Words:
    if item.get("backend-id"):
        return say("backend ", Quoted(item.get("backend-id")))
    return say(Quoted(item.get("base-url")))


_DEFAULT_WAIT = "300"  # seconds; learn.microsoft.com/azure/api-management/forward-request-policy


def _wait(item: Item) -> Words:
    if item.get("timeout-ms"):
        return say(_amount(item, "timeout-ms", "millisecond"))
    waited = item.get("timeout") or _DEFAULT_WAIT
    return say(counted(int(waited), "second")) if waited.isdecimal() else say(Quoted(waited), " seconds")


_RATE = frozenset({"calls", "bandwidth", "renewal-period"})
_TOKENS = frozenset({"tokens-per-minute", "token-quota", "token-quota-period", "counter-key"})
_LIMITS: Mapping[str, Phrase] = {
    "rate-limit": Phrase(Topic.LIMITS, _limit("rate limit"), _calls, _RATE),
    "rate-limit-by-key": Phrase(
        Topic.LIMITS, _limit("rate limit", "counter-key"), _calls, _RATE | {"counter-key"}
    ),
    "quota": Phrase(Topic.LIMITS, _limit("quota"), _calls, _RATE),
    "quota-by-key": Phrase(Topic.LIMITS, _limit("quota", "counter-key"), _calls, _RATE | {"counter-key"}),
    "llm-token-limit": Phrase(Topic.LIMITS, _limit("token limit", "counter-key"), _tokens, _TOKENS),
    "azure-openai-token-limit": Phrase(Topic.LIMITS, _limit("token limit", "counter-key"), _tokens, _TOKENS),
    "limit-concurrency": Phrase(
        Topic.LIMITS,
        _limit("calls at a time", "key"),
        _concurrent,
        frozenset({"key", "max-count"}),
        Inside.EXACT,
    ),
}
_AUTHENTICATION: Mapping[str, Phrase] = {
    "validate-jwt": Phrase(Topic.AUTHENTICATION, _check("token check")),
    "validate-azure-ad-token": Phrase(Topic.AUTHENTICATION, _check("token check")),
    "validate-client-certificate": Phrase(Topic.AUTHENTICATION, _check("check of client certificates")),
    "check-header": Phrase(
        Topic.AUTHENTICATION, _named("check of request header", "name"), says=frozenset({"name"})
    ),
    "ip-filter": Phrase(
        Topic.AUTHENTICATION,
        _check("filter of IP addresses"),
        lambda item: {
            "allow": say("allows the addresses named"),
            "forbid": say("forbids the addresses named"),
        }.get(item.get("action"), shown(item.get("action"))),
        frozenset({"action"}),
    ),
}
_BACKENDS: Mapping[str, Phrase] = {
    "set-backend-service": Phrase(
        Topic.BACKENDS, lambda *_: say("calls go to"), _target, frozenset({"backend-id", "base-url"})
    ),
    "rewrite-uri": Phrase(
        Topic.BACKENDS, lambda *_: say("path at the backend"), _attribute("template"), frozenset({"template"})
    ),
    "forward-request": Phrase(
        Topic.BACKENDS,
        lambda *_: say("time that the gateway waits for the backend"),
        _wait,
        frozenset({"timeout", "timeout-ms"}),
    ),
    "authentication-basic": Phrase(Topic.BACKENDS, _check("how the gateway signs in at the backend")),
    "authentication-certificate": Phrase(Topic.BACKENDS, _check("how the gateway signs in at the backend")),
    "authentication-managed-identity": Phrase(
        Topic.BACKENDS,
        _check("how the gateway signs in at the backend"),
        _attribute("resource"),
        frozenset({"resource"}),
    ),
}
_CONTENT: Mapping[str, Phrase] = {
    "validate-content": Phrase(Topic.SCHEMAS, _check("check of bodies")),
    "validate-parameters": Phrase(Topic.SCHEMAS, _check("check of parameters")),
    "validate-headers": Phrase(Topic.SCHEMAS, _check("check of response headers")),
    "validate-status-code": Phrase(Topic.SCHEMAS, _check("check of status codes")),
}
_MESSAGE = frozenset({"name", "exists-action"})
_OTHERS: Mapping[str, Phrase] = {
    "base": Phrase(
        Topic.POLICIES,
        lambda _, section: say("policies of broader scopes in ", section, " (", Quoted("<base />"), ")"),
    ),
    "include-fragment": Phrase(
        Topic.POLICIES, _named("policy fragment", "fragment-id"), says=frozenset({"fragment-id"})
    ),
    "cors": Phrase(Topic.POLICIES, _check("calls by browsers from other sites")),
    "set-header": Phrase(
        Topic.POLICIES, _message("header"), _header, _MESSAGE, Inside.SAID, gone="no longer touched"
    ),
    "return-response": Phrase(
        Topic.POLICIES,
        lambda _, section: say(f"answer of the gateway itself in {section}"),
        inside=Inside.EXACT,
    ),
    "set-query-parameter": Phrase(
        Topic.POLICIES,
        _message("query parameter"),
        _header,
        _MESSAGE,
        Inside.SAID,
        gone="no longer touched",
    ),
    "set-variable": Phrase(
        Topic.POLICIES, _named("variable", "name"), _attribute("value"), frozenset({"name", "value"})
    ),
}
_PHRASES: Mapping[str, Phrase] = {**_LIMITS, **_AUTHENTICATION, **_BACKENDS, **_CONTENT, **_OTHERS}
