"""Rule: the tree names no package registry and no folder of somebody's machine.

Where packages come from is each machine's own configuration; a path that exists on one machine is a mistake
on the others.
"""

import re
from collections.abc import Iterable
from pathlib import Path

REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|crates|goproxy|conda\.anaconda)\.(?:org|com|io|cn)\b|\bproxy\.golang\.[a-z]+",
    re.IGNORECASE,
)
HOME = re.compile(r"(?<![\w.:/}-])/(?:home|Users|root|work|workspace|builds)/[\w.]")


def findings(texts: Iterable[tuple[Path, str]]) -> list[str]:
    """Find registry host names and machine paths."""
    return [
        f"{name}:{number}: names {what} {match[0]!r}: {remedy}"
        for name, text in texts
        for number, line in enumerate(text.splitlines(), start=1)
        for rule, what, remedy in RULES
        for match in rule.finditer(line)
    ]


RULES = (
    (REGISTRY, "the package registry", "leave the choice to the machine's configuration"),
    (HOME, "the machine's folder", "derive the path from the file's place, the environment or the arguments"),
)
