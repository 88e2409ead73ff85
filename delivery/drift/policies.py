"""Policies as a refresh finds them: another text is no other policy as long as it says the same."""

from pydantic import JsonValue

from delivery.records import ResourceChange
from shared.policies import PolicyContentFormat, PolicyDocument, PolicyError, parse, render

_VALUE = "value"
_FORMAT = "format"


def significant(change: ResourceChange) -> ResourceChange | None:
    """Return what is left of a finding without policies that only read differently; None when that was all.

    A policy that does differ is returned as `rawxml`, in the layout in which this project writes its own, so that two
    texts can be compared. One that this project cannot read stays as Azure tells it.
    """
    if change.before is None or change.after is None or _VALUE not in change.paths:
        return change
    was, is_now = _document(change.before), _document(change.after)
    if was is None or is_now is None:
        return change
    if was == is_now:
        paths = tuple(path for path in change.paths if path not in {_VALUE, _FORMAT})
        return change.model_copy(update={"paths": paths}) if paths else None
    after = {**change.after, _VALUE: render(is_now), _FORMAT: PolicyContentFormat.RAWXML.value}
    return change.model_copy(update={"after": after})


def is_policy(inputs: dict[str, JsonValue]) -> bool:
    """Tell whether these are the properties of a policy that this project can read."""
    return _document(inputs) is not None


def _document(inputs: dict[str, JsonValue]) -> PolicyDocument | None:
    text, written = inputs.get(_VALUE), inputs.get(_FORMAT, PolicyContentFormat.XML.value)
    if not isinstance(text, str) or written not in set(PolicyContentFormat):
        return None
    try:
        return parse(text, PolicyContentFormat(written))
    except PolicyError:
        return None
