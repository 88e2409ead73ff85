"""The end of a version, read from the policy of its API: what its answers announce, or that it answers no more.

Only what says nothing else is read so: an announcement that is the same in outbound and on errors, with dates and a
successor. Everything else is told as the policy that it is.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from delivery.report.telling.statements import Item, Sections
from delivery.report.told import Told, Topic
from delivery.report.words import Quoted, Words, arrow, say

_DEPRECATION = re.compile(r'@\("@([0-9]{1,11})"\)')
_SUCCESSOR = re.compile(r'<([^<>]*)>; rel="successor-version"(?:; title="([^"]*)")?')
_ENDING = ("Deprecation", "Sunset", "Link")
_ANNOUNCING = ("outbound", "on-error")


@dataclass(frozen=True)
class Ending:
    """What consumers are told of the end of a version; nothing for one of which none is in sight."""

    dates: Words = ()
    """Since when it is deprecated, and until when it serves."""
    successor: Words = ()
    """Where the version to use instead is."""
    refusal: Words = ()
    """What calls of a retired version get."""

    @property
    def announced(self) -> Words:
        """Return the dates with the successor."""
        return say(self.dates, *(("; successor ", self.successor) if self.successor else ()))


def ending(sections: Sections) -> tuple[Ending, Sections]:
    """Return what a policy says of its version's end, and the policy without it."""
    inbound = sections.get("inbound", ())
    if inbound and inbound[-1].tag == "return-response":
        return Ending(refusal=_refusal(inbound[-1])), sections
    found = {name: _announcement(sections.get(name, ())) for name in _ANNOUNCING}
    announced = found["outbound"]
    if announced is None or announced != found["on-error"]:
        return Ending(), sections
    others = {
        name: tuple(item for item in items if name not in _ANNOUNCING or not _is_ending(item))
        for name, items in sections.items()
    }
    return announced, others


def ending_changes(before: Ending, after: Ending, where: Words) -> Iterator[Told]:
    """Tell how the end of a version changes. The answers of a retired one differ by its policy, which tells them."""
    if before == after or (before.refusal and after.refusal):
        return
    if after.refusal:
        yield Told(Topic.AVAILABILITY, where, say("retired"), say("calls get ", after.refusal))
        return
    if before.refusal:
        yield Told(Topic.AVAILABILITY, where, say("no longer retired"), say("calls reach the model"))
    if before.dates and after.dates:
        yield Told(Topic.AVAILABILITY, where, say("deprecated"), arrow(before.announced, after.announced))
    elif after.dates:
        yield Told(Topic.AVAILABILITY, where, say("deprecated ", after.announced), ())
    elif before.dates:
        yield Told(Topic.AVAILABILITY, where, say("no longer deprecated"), say("was ", before.announced))


def _announcement(items: tuple[Item, ...]) -> Ending | None:
    """Return what the headers of a section announce; None when one of them is not as announcements are."""
    values = {item.get("name"): item.children[0].text for item in items if _is_ending(item)}
    since, until = _deprecation(values.get("Deprecation", "")), _sunset(values.get("Sunset", ""))
    successor = _SUCCESSOR.fullmatch(values.get("Link", ""))
    if since is None or until is None or ("Link" in values and successor is None):
        return None
    dates = say(f"since {_day(since)}, serves until {_day(until)}")
    if successor is None:
        return Ending(dates)
    title = say(", ", Quoted(successor[2])) if successor[2] else ()
    return Ending(dates, say(Quoted(successor[1]), title))


def _is_ending(item: Item) -> bool:
    return item.tag == "set-header" and item.get("name") in _ENDING and len(item.children) == 1


def _deprecation(value: str) -> date | None:
    found = _DEPRECATION.fullmatch(value)
    with suppress(OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(int(found[1]), UTC).date() if found else None
    return None


def _sunset(value: str) -> date | None:
    with suppress(ValueError):
        return parsedate_to_datetime(value).date()
    return None


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _refusal(item: Item) -> Words:
    """Return the status that a `return-response` gives, and the message in its body or the body itself."""
    children = {child.tag: child for child in item.children}
    status = children["set-status"].get("code") if "set-status" in children else "200"
    text = children["set-body"].text if "set-body" in children else ""
    with suppress(ValueError):
        body = json.loads(text)
        text = str(body["message"]) if isinstance(body, dict) and "message" in body else text
    return say(status, *((", ", Quoted(text)) if text else ()))
