"""What the consumers of a version that ends are told: since when, until when, and what to use instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from shared.model.addresses import Addresses
from shared.model.description import ModelDescription
from shared.model.lifecycle import LifecycleStage, Stage

DEPRECATION_HEADER = "Deprecation"
"""RFC 9745: since when a version is deprecated, as a date of RFC 9651."""
SUNSET_HEADER = "Sunset"
"""RFC 8594: when a version ends, as a date of HTTP."""
LINK_HEADER = "Link"
"""RFC 8288: where the successor is, under the relation `successor-version` of RFC 5829."""

_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Announcement:
    """The end of one version, as its consumers are told of it."""

    version: str
    """The version that ends."""
    lifecycle: LifecycleStage
    """Deprecated or retired, with the dates."""
    successor: str | None
    """The version to use instead; None where there is none."""
    addresses: Addresses
    """Where versions are found."""

    @property
    def is_retired(self) -> bool:
        """Tell whether the version serves no more."""
        return self.lifecycle.stage is Stage.RETIRED

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers of every answer, by name.

        A deprecation begins with its day and a sunset ends with its day, both in UTC: the day of the sunset is the last
        on which the version serves.
        """
        since, sunset = self.lifecycle.since, self.lifecycle.sunset
        headers: dict[str, str] = {}
        if not self.is_retired and since is not None and sunset is not None:
            headers[DEPRECATION_HEADER] = f"@{int(_at(since, time.min).timestamp())}"
            headers[SUNSET_HEADER] = format_datetime(_at(sunset, _LAST_SECOND), usegmt=True)
        if self.successor is not None:
            headers[LINK_HEADER] = self._link(self.successor)
        return headers

    @property
    def notice(self) -> str:
        """Return what the descriptions of API and operations say, as a sentence."""
        if self.is_retired:
            return f"Retired, answers 410{self._instead(';')}."
        since, sunset = self.lifecycle.since, self.lifecycle.sunset
        until = (
            "" if since is None or sunset is None else f" since {_day(since)}, serves until {_day(sunset)}"
        )
        return f"Deprecated{until}{self._instead(';')}."

    @property
    def refusal(self) -> str:
        """Return what a call of a retired version is told."""
        retired = f"Version {self.version} of {self.addresses.model} is retired."
        if self.successor is None:
            return f"{retired} It has no successor."
        told = ", ".join(f"{name}: {value}" for name, value in self.addresses.headers(self.successor).items())
        how = f", with the header {told}" if told else ""
        return f"{retired} Use version {self.successor}: {self.addresses.path(self.successor)}{how}"

    def _instead(self, mark: str) -> str:
        return "" if self.successor is None else f"{mark} use {self.successor}"

    def _link(self, successor: str) -> str:
        """Return a link to the successor.

        A path, because a service answers under several host names and the one that was called is right. A link cannot
        hold a header, so where that tells the version its title says which.
        """
        headers = self.addresses.headers(successor).items()
        title = "".join(f'; title="{name}: {value}"' for name, value in headers)
        return f'<{self.addresses.path(successor)}>; rel="successor-version"{title}'


def announcement(model: str, description: ModelDescription, version: str) -> Announcement | None:
    """Return what the consumers of a version are told; None of one that is active."""
    lifecycle = description.lifecycle_of(version)
    if lifecycle.stage is Stage.ACTIVE:
        return None
    addresses = Addresses(model, description.versioning)
    return Announcement(version, lifecycle, description.successor_of(version), addresses)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=UTC)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
