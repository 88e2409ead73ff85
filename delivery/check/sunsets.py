"""Versions whose last day is near or past, and still serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from delivery.report.words import counted
from shared.model.description import ModelDescription
from shared.model.lifecycle import Stage

NEAR_DAYS = 14
"""Days before its sunset from which a version fails the check: time to review a change and to bring it to prod."""

SOON_DAYS = 30
"""Days before its sunset from which a version is noted: time to ask consumers who still call it."""


@dataclass(frozen=True)
class Sunset:
    """A version that ends."""

    sentence: str
    """Which, when, whom it concerns and what to do."""
    is_near: bool
    """Whether something has to be done now."""


def sunsets(description: ModelDescription, source: str, today: date) -> Iterator[Sunset]:
    """Yield each version that is to end within SOON_DAYS, or should have ended."""
    for version in description.versions:
        stage = description.lifecycle_of(version)
        if stage.stage is Stage.DEPRECATED and stage.sunset is not None:
            days = (stage.sunset - today).days
            if days <= SOON_DAYS:
                yield _sunset(description, version, f"{source}: `versions.{version}`", stage.sunset, days)


def _sunset(description: ModelDescription, version: str, key: str, sunset: date, days: int) -> Sunset:
    successor = description.successor_of(version)
    told = f"stage: retired, successor: {successor}" if successor else "stage: retired"
    return Sunset(
        f"{key} {_when(sunset, days)}. Its owner {description.owner} retires it (`lifecycle: {{{told}}}`), or agrees "
        "with its consumers on a later sunset.",
        is_near=days <= NEAR_DAYS,
    )


def _when(sunset: date, days: int) -> str:
    if days < 0:
        return f"serves beyond its sunset of {sunset}, {counted(-days, 'day')} ago"
    return (
        f"has its sunset today, {sunset}"
        if days == 0
        else f"has its sunset in {counted(days, 'day')}, on {sunset}"
    )
