"""How to change a contract without breaking anybody: another version beside it, in the lines to write."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pydantic import JsonValue

from delivery.compat.gate import ALL_VERSIONS, Finding, of_versions
from delivery.compat.rules import Rule
from delivery.compat.sides import Now
from delivery.planning.tree_files import document
from shared.model.folder import DESCRIPTION

TRAILER = "Breaks-consumers"
"""The trailer of a commit message that says what is meant to break."""

Document = Mapping[str, JsonValue]


def advice(findings: Sequence[Finding], now: Now, base: str) -> Iterator[str]:
    """Yield lines on what to do about the differences that fail; `base` is the commit that has the old contracts."""
    for (model, version), group in of_versions(finding for finding in findings if finding.fails).items():
        named = f"{model} {version}".strip()
        described = _described(now, model)
        if version == ALL_VERSIONS:
            yield f"{named}: this holds for every version. Take it back, or announce it."
        elif version in _map(described.get("versions")) and not _goes(group):
            yield from _new_version(model, version, described, base)
        else:
            yield f"{named}: bring it back as `lifecycle: retired`; remove it once that was delivered."
        yield f"  Is it meant? Then say so in the message of a commit, in a last line `{TRAILER}: {named}`."


def _goes(group: Sequence[Finding]) -> bool:
    """Tell whether a version goes, if only from some environments: beside what is gone nothing can be added."""
    return any(finding.difference.rule is Rule.VERSION for finding in group)


def _new_version(model: str, version: str, described: Document, base: str) -> Iterator[str]:
    versions = _map(described.get("versions"))
    following = f"v{max(_number(name) for name in versions) + 1}"
    folder, entry = f"models/{model}", _map(versions[version])
    yield f"{model} {version}: leave it as it was, and add {following} for what changes:"
    files = _files(entry.get("contract"))
    for file in files:
        copied = _renamed(file, version, following)
        parent = PurePosixPath(copied).parent
        if parent != PurePosixPath(file).parent:
            yield f"  mkdir -p {folder}/{parent}"
        yield f"  cp {folder}/{file} {folder}/{copied}"
    yield f"  git checkout {base} -- {' '.join(f'{folder}/{file}' for file in files)}"
    yield f"  and in {folder}/{DESCRIPTION}, beside what it says of {version}:"
    yield "    versions:"
    yield f"      {following}: {_flow(_copy(entry, version, following))}"
    patches = {
        name: patch
        for name, each in _map(described.get("environments")).items()
        if isinstance(patch := _map(_map(each).get("versions")).get(version), dict)
    }
    if patches:
        yield "    environments:"
    for name, patch in patches.items():
        yield f"      {name}:"
        yield f"        versions: {{{following}: {_flow(_copy(patch, version, following))}}}"


def _copy(entry: Document, version: str, following: str) -> JsonValue:
    """Return what a version says, with files of its own and without what is its own affair."""
    kept = {key: value for key, value in entry.items() if key not in {"lifecycle", "example"}}
    match kept.get("contract"):
        case str(file):
            kept["contract"] = _renamed(file, version, following)
        case dict(pair):
            renamed: Document = {
                key: _renamed(str(pair[key]), version, following)
                for key in ("request", "response")
                if key in pair
            }
            kept["contract"] = {**pair, **renamed}
    return kept


def _files(contract: JsonValue) -> list[str]:
    if isinstance(contract, str):
        return [contract]
    return [str(file) for key, file in _map(contract).items() if key in {"request", "response"}]


def _renamed(file: str, version: str, following: str) -> str:
    """Return the path of the copy: the version in it counted on, or else put before its name."""
    if version in file:
        return file.replace(version, following)
    path = PurePosixPath(file)
    return str(path.with_name(f"{following}-{path.name}"))


def _flow(value: JsonValue) -> str:
    """Return a value on one line of YAML, as the files here are written."""
    match value:
        case dict():
            return f"{{{', '.join(f'{key}: {_flow(each)}' for key, each in value.items())}}}"
        case list():
            return f"[{', '.join(_flow(each) for each in value)}]"
        case str() if value.replace("/", "").replace(".", "").replace("-", "").replace("_", "").isalnum():
            return value
    return json.dumps(value)


def _number(version: str) -> int:
    digits = version.removeprefix("v")
    return int(digits) if digits.isdecimal() else 0


def _described(now: Now, model: str) -> Document:
    if now.files.id(f"models/{model}/{DESCRIPTION}") is None:
        return {}
    folder = now.folder(model)
    return _map(document(folder.read(DESCRIPTION), folder.source(DESCRIPTION)))


def _map(value: JsonValue) -> Document:
    return value if isinstance(value, dict) else {}
