"""Rule: each requirements/*.txt is what its *.in asks for, pinned by hash and without an address.

Resolving again needs the network, so this judges what can be judged without: every requirement of the .in is
locked at a version it allows, nothing is held for a requirement that is gone, and every pin has hashes.
`./dev lock` mends all of it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REMEDY = "run ./dev lock"
ADDRESS = re.compile(
    r"://| @ |^\s*-(?!-hash=)"
)  # an option line, such as one that names an index, is one too


@dataclass(frozen=True)
class Pin:
    """One entry of a lock."""

    requirement: Requirement
    hashes: int
    asked_by: frozenset[str]
    """The .in files that ask for it themselves."""

    @property
    def name(self) -> str:
        """The package's normalized name."""
        return canonicalize_name(self.requirement.name)


def findings(folder: Path) -> list[str]:
    """Judge every lock of a folder."""
    sources = sorted(folder.glob("*.in"))
    unowned = [lock for lock in sorted(folder.glob("*.txt")) if lock.with_suffix(".in") not in sources]
    return [f"{lock.name} has no {lock.with_suffix('.in').name}" for lock in unowned] + [
        f"{source.with_suffix('.txt').name}: {finding}" for source in sources for finding in judge(source)
    ]


def judge(source: Path) -> list[str]:
    """Compare one .in with its lock."""
    lock = source.with_suffix(".txt")
    if not lock.is_file():
        return [f"is missing: {REMEDY}"]
    text = lock.read_text(encoding="utf-8")
    pins = parse_lock(text)
    asked: dict[tuple[str, str], Requirement] = {}
    for origin, requirement in requirements(source):
        asked[origin, canonicalize_name(requirement.name)] = requirement
    held = {(origin, pin.name) for pin in pins for origin in pin.asked_by}
    return [
        *(f"holds an address: {line.strip()}" for line in text.splitlines() if ADDRESS.search(line)),
        *(f"{pin.requirement} has no hash: {REMEDY}" for pin in pins if not pin.hashes),
        *(f"lacks {name}, which {origin} asks for: {REMEDY}" for origin, name in sorted(asked.keys() - held)),
        *(
            f"holds {name}, which {origin} does not ask for: {REMEDY}"
            for origin, name in sorted(held - asked.keys())
        ),
        *(
            f"{pin.requirement} is not what {origin} asks for, {asked[origin, pin.name]}: {REMEDY}"
            for pin in pins
            for origin in sorted(pin.asked_by)
            if (origin, pin.name) in asked and not allows(asked[origin, pin.name], pin)
        ),
    ]


def requirements(source: Path) -> list[tuple[str, Requirement]]:
    """Read an .in and those it includes with -r; each requirement with the file that asks for it."""
    found = []
    for line in source.read_text(encoding="utf-8").splitlines():
        content = line.partition("#")[0].strip()
        if content.startswith("-r "):
            found += requirements(source.parent / content.removeprefix("-r ").strip())
        elif content and not content.startswith("-c "):
            found.append((source.name, Requirement(content)))
    return found


def parse_lock(text: str) -> list[Pin]:
    """Read the entries of a lock that uv wrote."""
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    return [parse_entry(entry) for entry in entries]


def parse_entry(entry: str) -> Pin:
    """Read one entry: requirement, hashes, and after `via` who asked for it."""
    return Pin(
        requirement=Requirement(entry.partition("\n")[0].partition("\\")[0].strip()),
        hashes=len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)),
        asked_by=frozenset(re.findall(r"^ +#.*-r (?:\S*/)?(\S+\.in)$", entry, re.MULTILINE)),
    )


def allows(requirement: Requirement, pin: Pin) -> bool:
    """Whether a requirement allows the pinned version."""
    versions = [specifier.version for specifier in pin.requirement.specifier if specifier.operator == "=="]
    return len(versions) == 1 and requirement.specifier.contains(versions[0], prereleases=True)
