"""How two descriptions of a model differ for its consumers, beside the contracts of its versions."""

from collections.abc import Iterator

from delivery.compat.difference import Difference, Place
from delivery.compat.facts import ModelFacts, VersionFacts
from delivery.compat.rules import Rule
from delivery.report.words import Quoted, Words, listed, say
from shared.azure.policy_statements import VALIDATE_CONTENT_MAX_SIZE
from shared.model.description import LargerBodies
from shared.model.lifecycle import Stage


def model_differences(old: ModelFacts, new: ModelFacts) -> Iterator[Difference]:
    """Yield what differs for consumers of every version."""
    if old.versioning != new.versioning:
        was, now = (_scheme(facts) for facts in (old, new))
        yield _breaking(
            Rule.VERSIONING, say("a request tells the version by ", now, " and no longer by ", was)
        )
    if old.needs_key is not new.needs_key:
        what = (
            "a subscription key is needed now" if new.needs_key else "no subscription key is needed any more"
        )
        yield _difference(Rule.KEY, say(what), breaking=new.needs_key)
    yield from _tokens(old, new)
    gone, come = (_names(names) for names in (old.products - new.products, new.products - old.products))
    if gone:
        yield _breaking(Rule.PRODUCT, say("no longer offered by ", gone, ": their subscribers get 401"))
    if come:
        yield _difference(Rule.PRODUCT, say("also offered by ", come), breaking=False)


def _tokens(old: ModelFacts, new: ModelFacts) -> Iterator[Difference]:
    if old.audiences is None or new.audiences is None:
        if new.audiences is not None:
            yield _breaking(Rule.TOKEN, say("a token of Microsoft Entra ID is needed now"))
        elif old.audiences is not None:
            yield _difference(Rule.TOKEN, say("no token is needed any more"), breaking=False)
        return
    for was, now, what in (
        (old.audiences, new.audiences, "tokens for "),
        (old.applications, new.applications, "tokens of the application "),
    ):
        if gone := _names(was - now):
            yield _breaking(Rule.TOKEN, say(what, gone, " are no longer accepted"))
        if come := _names(now - was):
            yield _difference(Rule.TOKEN, say(what, come, " are accepted too"), breaking=False)


def version_differences(old: VersionFacts | None, new: VersionFacts | None) -> Iterator[Difference]:
    """Yield what differs of one version; its contract is compared apart."""
    if old is None or new is None:
        if new is not None:
            yield _difference(Rule.VERSION, say("the version is new"), breaking=False)
        elif old is not None:
            # What answered 410 answers 404: nobody is served less.
            what = "the version is gone" if old.serves else "the version is gone; it was retired"
            yield _difference(Rule.VERSION, say(what), breaking=old.serves)
        return
    if old.stage != new.stage:
        yield _difference(Rule.LIFECYCLE, _stage(new), breaking=old.serves and not new.serves)
    if old.serves and new.serves and old.larger_bodies != new.larger_bodies:
        refuses = new.larger_bodies == LargerBodies.REFUSE
        what = "are refused now" if refuses else "pass without validation now"
        yield _difference(
            Rule.LARGER_BODIES,
            say(f"bodies of more than {VALIDATE_CONTENT_MAX_SIZE} bytes {what}"),
            breaking=refuses,
        )


def _stage(version: VersionFacts) -> Words:
    match version.stage:
        case Stage.RETIRED:
            return say("the version is retired: calls get 410")
        case Stage.DEPRECATED:
            return say("the version is deprecated")
    return say("the version is active again")


def _scheme(facts: ModelFacts) -> Words:
    scheme, name = facts.versioning
    called = {"header": "the header ", "query": "the query parameter "}.get(scheme)
    return say(called, Quoted(name)) if called else say("its path")


def _names(names: frozenset[str]) -> Words:
    return listed(Quoted(name) for name in sorted(names))


def _breaking(rule: Rule, what: Words) -> Difference:
    return _difference(rule, what, breaking=True)


def _difference(rule: Rule, what: Words, *, breaking: bool) -> Difference:
    return Difference(breaking, rule, Place(), what)
