"""Rules for the names of Azure resources.

Sources: "Naming rules and restrictions for Azure resources" (lengths, characters, scope) and "Abbreviation
recommendations for Azure resources" of the Cloud Adoption Framework (prefixes).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class NameRule:
    """What Azure allows as the name of one type of resource."""

    kind: str
    """What people call the resource."""
    abbreviation: str
    """The prefix that the Cloud Adoption Framework recommends."""
    longest: int
    """The greatest number of characters."""
    pattern: str
    """A regular expression that the whole name must match."""
    wording: str
    """The pattern in words, to follow "must be"."""
    globally_unique: bool = False
    """Whether the name is part of a host name that all of Azure shares."""


_WORDS_AND_DOTS = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
_WORDS_AND_DOTS_SAID = "letters, digits, dots, underscores and hyphens, beginning with a letter or digit"
_HYPHENATED = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HYPHENATED_SAID = "letters, digits and hyphens, beginning with a letter and ending with a letter or digit"

RESOURCE_GROUP = NameRule(
    "resource group", "rg", 90, r"[A-Za-z0-9._()-]*[A-Za-z0-9_()-]", _WORDS_AND_DOTS_SAID
)
VIRTUAL_NETWORK = NameRule("virtual network", "vnet", 64, _WORDS_AND_DOTS, _WORDS_AND_DOTS_SAID)
SUBNET = NameRule("subnet", "snet", 80, _WORDS_AND_DOTS, _WORDS_AND_DOTS_SAID)
SECURITY_GROUP = NameRule("network security group", "nsg", 80, _WORDS_AND_DOTS, _WORDS_AND_DOTS_SAID)
LOG_WORKSPACE = NameRule("Log Analytics workspace", "log", 63, _HYPHENATED, _HYPHENATED_SAID)
KEY_VAULT = NameRule(
    "Key Vault",
    "kv",
    24,
    r"[A-Za-z](?:-?[A-Za-z0-9])+",
    f"{_HYPHENATED_SAID}, without two hyphens in a row",
    globally_unique=True,
)
IDENTITY = NameRule("user-assigned identity", "id", 128, r"[A-Za-z0-9][A-Za-z0-9_-]*", _WORDS_AND_DOTS_SAID)
API_MANAGEMENT = NameRule(
    "API Management service", "apim", 50, _HYPHENATED, _HYPHENATED_SAID, globally_unique=True
)
APPLICATION_INSIGHTS = NameRule(
    "Application Insights", "appi", 260, r"[^%&\\?/]*[^%&\\?/. ]", "any but % & \\ ? /"
)
