"""What is told of a change, before it is known how it is written."""

from dataclasses import dataclass
from enum import StrEnum

from delivery.report.words import Words


class Topic(StrEnum):
    """What a change is about, in the order in which a consumer wants to know."""

    BREAKING = "Breaking for consumers"
    AVAILABILITY = "Availability"
    COMPATIBLE = "Compatible for consumers"
    OPERATIONS = "Operations"
    SCHEMAS = "Schemas"
    LIMITS = "Limits"
    AUTHENTICATION = "Authentication"
    BACKENDS = "Backends"
    PRODUCTS = "Products"
    POLICIES = "Policies"
    SERVICE = "Service"
    TELEMETRY = "Telemetry"
    TEXTS = "Descriptions"
    OTHER = "Other"


@dataclass(frozen=True)
class Told:
    """One sentence: `where: about: what`."""

    topic: Topic
    where: Words
    """The version, operation or product; empty for all of the model or the platform."""
    about: Words
    """What changes: `rate limit for each subscription`. Environments are compared by it."""
    what: Words
    """How: `300 → 600 calls per minute`, `added`. Empty where `about` says it all."""
    excerpt: str = ""
    """Lines of a unified diff, for what has no words; without a line end at its end."""
