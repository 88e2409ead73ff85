"""Limits of tags. Source: "Use tags to organize your Azure resources", section "Limitations"."""

MOST_TAGS = 50
"""Tags on one resource."""
LONGEST_NAME = 512
"""Characters of a tag's name."""
LONGEST_VALUE = 256
"""Characters of a tag's value."""
FORBIDDEN_IN_NAMES = frozenset("<>%&\\?/")
"""Characters that a tag's name must not hold."""
