"""Copies the state of an environment's stacks into a folder, on which the engine previews without a lock.

Pulumi's backends of one's own keep the same files, in a folder or in a container: `.pulumi/meta.yaml`, and below
`.pulumi/stacks/<project>/` a checkpoint `<stack>.json` or `<stack>.json.gz` and tags `<stack>.pulumi-tags`
(github.com/pulumi/pulumi, pkg/backend/diy). What else they keep (backups, history, locks, attributes of files) a
preview does without.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from delivery import checkpoint, tags
from delivery.errors import DeliveryError
from delivery.stacks import StackId
from delivery.stored import address, files
from delivery.stored.store import GoneError, Store
from delivery.tags import Deployed

BACKEND = "PULUMI_BACKEND_URL"
"""The variable that names the CLI's backend."""

_META = ".pulumi/meta.yaml"
_STACKS = ".pulumi/stacks"
_BACKUPS = ".pulumi/backups"
_FILE = re.compile(
    rf"{re.escape(_STACKS)}/(?P<project>[^/.][^/]*)/(?P<stack>[^/]+)\.(?P<kind>json(?:\.gz|\.zst)?|pulumi-tags)"
)

_AT_ONCE = 10  # as many connections as Azure's client keeps open
_ROUNDS = 5  # of listing, while files vanish that were listed
_READS = 4
_PAUSE_SECONDS = 0.1


class DamagedStateError(DeliveryError):
    """What the backend holds of one stack cannot be used: this stack is refused, the others go on."""

    def __init__(self, message: str, stack: StackId, file: str) -> None:
        """Keep whose file it is; `file` is its path in the backend."""
        super().__init__(message)
        self.stack = stack
        self.file = file


@dataclass(frozen=True)
class Copied:
    """A copy of what an environment's backend holds."""

    folder: Path
    damaged: Mapping[StackId, DamagedStateError]
    """Stacks whose files cannot be used, and the error to raise for each."""

    @property
    def backend(self) -> dict[str, str]:
        """Return the variable by which the CLI works on the copy."""
        return {BACKEND: f"file://{self.folder}"}

    @cached_property
    def deployed(self) -> Mapping[StackId, Deployed]:
        """Return what is written on the stacks; DeliveryError when the tags of one cannot be read."""
        return tags.deployed(self.folder, self.damaged)


@contextmanager
def copied(variables: Mapping[str, str], environment: str) -> Iterator[Copied]:
    """Give a copy of the stacks of an environment; `variables` are those of its CLI. It is gone with the body."""
    with TemporaryDirectory(prefix="model-gateway-state-") as name:
        folder = Path(name)
        login = {**os.environ, **variables}
        yield Copied(folder, copy(variables[BACKEND], folder, environment=environment, variables=login))


@dataclass(frozen=True)
class _StackFile:
    """A file of one stack."""

    name: str
    stack: StackId
    kind: str
    """What its name ends with: `json`, `json.gz`, `json.zst` or `pulumi-tags`."""


def copy(
    backend_url: str,
    into: Path,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] = os.environ,
) -> dict[StackId, DamagedStateError]:
    """Bring the checkpoints and tags of a backend into the folder `into`, which is then a file backend of its own.

    With `environment` only that one's stacks are copied. Nothing is written to the backend and no lock is taken, so
    somebody may deploy meanwhile: each file is whole, while two may be of different moments. `variables` are the
    environment in which a login to Azure is looked for.

    Returns the stacks whose files are damaged, each with the error to raise for it. Their files are copied as they
    are: an engine that is let loose on them refuses too, and takes no stack for new that only cannot be read.
    Raises DeliveryError when the backend as a whole cannot be read.
    """
    store = _open(backend_url, variables)
    into.mkdir(parents=True, exist_ok=True)
    into.chmod(0o700)
    _copy_meta(store, into)
    damaged: dict[StackId, DamagedStateError] = {}
    done: set[str] = set()
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as threads:
        for _ in range(_ROUNDS):
            left = [file for file in _stack_files(store, environment) if file.name not in done]
            contents = dict(zip(left, threads.map(lambda file: _whole(store, file), left), strict=True))
            for file, content in contents.items():
                if content is None:
                    continue
                done.add(file.name)
                _write(into / file.name, content.data)
                if content.fault:
                    damaged[file.stack] = _damaged(store, file, content.fault)
            if None not in contents.values():
                return damaged
    raise DeliveryError(
        f"The state in {backend_url} changes faster than it can be read: try again when nobody deploys."
    )


def reachable(backend_url: str, *, variables: Mapping[str, str] = os.environ) -> None:
    """Raise DeliveryError when the backend cannot be read with this login: a check of one request."""
    store = _open(backend_url, variables)
    try:
        store.read(_META)
    except GoneError:
        return  # nothing was ever deployed


def _open(backend_url: str, variables: Mapping[str, str]) -> Store:
    if backend_url.startswith(files.SCHEME):
        return files.Files(backend_url)
    if backend_url.startswith(address.SCHEME):
        # Azure's clients take half a second to load, which a file backend need not pay for.
        from delivery.stored.blobs import Blobs  # noqa: PLC0415

        return Blobs(backend_url, variables)
    raise DeliveryError(
        f"The state backend {backend_url} is of no kind that is used here: file://<folder>, or "
        "azblob://<container>?storage_account=<account>."
    )


def _stack_files(store: Store, environment: str | None) -> list[_StackFile]:
    return list(_chosen(store.names(_STACKS), environment))


def _chosen(names: Iterable[str], environment: str | None) -> Iterable[_StackFile]:
    """Return those of the files that an engine reads: no backups, no attributes, nothing unfinished."""
    for name in sorted(names):
        found = _FILE.fullmatch(name)
        if found and (environment is None or _is_of(found["stack"], environment)):
            yield _StackFile(name, StackId(found["project"], found["stack"]), found["kind"])


def _is_of(stack: str, environment: str) -> bool:
    return stack == environment or stack.endswith(f".{environment}")


@dataclass(frozen=True)
class _Content:
    """What was read of a file."""

    data: bytes
    fault: str
    """Why an engine cannot use it, as the end of a sentence; empty where it can."""


def _whole(store: Store, file: _StackFile) -> _Content | None:
    """Return what a file holds, read anew while it is not whole; None when it is gone.

    Both kinds of backend replace a file at once, but what lies between (a network folder, a mirror) may not.
    """
    content = None
    for attempt in range(_READS):
        if attempt:
            sleep(_PAUSE_SECONDS)
        try:
            data = store.read(file.name)
        except GoneError:
            return None
        content = _Content(data, _fault(file.kind, data))
        if not content.fault:
            break
    return content


def _fault(kind: str, data: bytes) -> str:
    """Return why an engine cannot use the content of a file, empty where it can.

    The engine takes JSON without the member `checkpoint` for a stack that has nothing.
    """
    if kind == "json.zst":
        return "is compressed with zstd, which is not read here; unset PULUMI_DIY_BACKEND_ZSTD and deploy it once"
    member = "tags" if kind == "pulumi-tags" else "checkpoint"
    try:
        content = json.loads(checkpoint.unpacked(data))
    except ValueError:
        return "is not whole"
    return "" if isinstance(content, dict) and isinstance(content.get(member), dict) else f"lacks `{member}`"


def _damaged(store: Store, file: _StackFile, fault: str) -> DamagedStateError:
    begin = f"The state of {file.stack} is damaged ({file.name} {fault}), so nothing is done with this stack."
    if file.kind == "pulumi-tags":
        remedy = (
            "Remove that file: the next delivery of the stack writes it anew. A rollback that was held is then no "
            "longer held."
        )
    else:
        remedy = _way_back(store, file)
    return DamagedStateError(f"{begin} {remedy}", file.stack, file.name)


def _way_back(store: Store, file: _StackFile) -> str:
    """Return how to come to the last good checkpoint, which is looked for."""
    environment = file.stack.name.rpartition(".")[2]
    then = f'then `./dev refresh --env {environment}` (docs/operating.md, "When a state is damaged").'
    for name in _earlier(store, file):
        content = _whole(store, _StackFile(name, file.stack, file.kind))
        if content and not content.fault:
            return f"The last good one is {name}: copy it over the damaged file, {then}"
    return (
        f"Neither {file.name}.bak nor {_BACKUPS}/{file.stack} holds a good one: look through "
        f"{store.history or 'the backups of the folder'}, copy the last good one over the damaged file, {then}"
    )


def _earlier(store: Store, file: _StackFile) -> list[str]:
    """Return the names of earlier checkpoints, the newest first: the engine's own copy, then one for each update."""
    names = store.names(f"{_BACKUPS}/{file.stack.project}/{file.stack.name}")
    # Named <stack>.<nanoseconds>.json: of equal length, so that their order is that of time.
    backups = sorted((name for name in names if name.endswith(f".{file.kind}")), reverse=True)
    return [f"{file.name}.bak", *backups]


def _copy_meta(store: Store, into: Path) -> None:
    """Copy the file that says how the backend is laid out; the engine makes it where there is none."""
    try:
        content = store.read(_META)
    except GoneError:
        return
    if not content.lstrip().startswith(b"version:"):
        raise DeliveryError(
            f"{_META} of the state backend is damaged, so none of its stacks can be read: let it hold `version: 1`."
        )
    _write(into / _META, content)


def _write(file: Path, content: bytes) -> None:
    """Write a file that only this user may read: a state holds names and addresses, and encrypted secrets."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(content)
