"""Limits of tags. Source: "Use tags to organize your Azure resources", section "Limitations"."""

LONGEST_VALUE = 256
"""Characters of a tag's value."""
