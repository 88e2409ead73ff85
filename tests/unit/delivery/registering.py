"""What the stack programs of any tree register: run in a process of its own, which forgets one tree before the next.

`python -m tests.unit.delivery.registering` answers each line of its input, a `Request` as JSON, with a line of JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class Request:
    """One stack of one tree."""

    root: str
    project: str
    environment: str
    model: str = ""
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The outputs of the stack that it builds on, by the name of its reference."""
    is_fresh: bool = False
    """Whether it imports everything anew, also after another stack of its tree."""


@dataclass(frozen=True)
class Registration:
    """What the program of one stack did."""

    told: str
    """Every resource with its inputs and options, the outputs and the configuration, or why the program failed."""
    stored: Mapping[str, Mapping[str, Any]]
    """Its outputs, as a later program finds them."""
    opened: frozenset[str]
    """The files of the tree that it read, imports among them that no stack had made before it."""


class Programs:
    """The process that runs programs."""

    def __enter__(self) -> Self:
        """Start it. It writes no bytecode, so that each import reads a source."""
        command = [sys.executable, "-B", "-m", __name__]
        environment = {**os.environ, "PYTHONPATH": str(_REPOSITORY)}
        self._process = subprocess.Popen(
            command,
            cwd=_REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def run(self, request: Request) -> Registration:
        """Return what the program of one stack registers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(request)) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Registration(answer["told"], answer["stored"], frozenset(answer["opened"]))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.communicate()


class _Opened:
    """Notes the files below a folder that this process opens, one request after the other."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.files: set[str] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and self.root is not None and isinstance(arguments[0], str):
            path = os.path.realpath(arguments[0])
            if path.startswith(f"{self.root}/") and not path.endswith(".pyc"):
                self.files.add(path.removeprefix(f"{self.root}/"))


@contextmanager
def _imported_from(root: str) -> Iterator[None]:
    """Import what stacks share from the tree at `root`."""
    sys.path.insert(0, root)
    try:
        yield
    finally:
        sys.path.remove(root)


def _forget_modules() -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] == "shared" or name.startswith("tests.unit.stacks"):
            del sys.modules[name]


def _answer(request: Request, before: str, opened: _Opened) -> dict[str, object]:
    """Return what the program of a stack does; `before` is the tree of the request before it."""
    opened.root, opened.files = os.path.realpath(request.root), set()
    stored: dict[str, object] = {}
    if request.is_fresh or request.root != before:
        _forget_modules()
    with _imported_from(request.root):
        try:
            told, stored = _register(request)
        except Exception as error:
            told = f"{type(error).__name__}: {error}".replace(request.root, "")
    opened.root = None
    return {"told": told, "stored": stored, "opened": sorted(opened.files)}


def _register(request: Request) -> tuple[str, dict[str, object]]:
    from tests.unit.stacks import programs  # noqa: PLC0415 - imported anew for each tree

    name = f"{request.model}.{request.environment}" if request.model else request.environment
    match request.project:
        case "foundation":
            recording = programs.foundation(request.environment)
        case "platform":
            recording = programs.platform(request.environment, stored=request.stored)
        case _:
            recording = programs.model(request.environment, name=request.model, stored=request.stored)
    resources = [
        [
            each.type,
            each.name,
            each.parent,
            each.inputs,
            sorted(each.waits_for),
            each.protect,
            each.deleted_with,
        ]
        for each in sorted(recording.resources, key=lambda each: (each.type, each.name))
    ]
    told = [resources, recording.exports, programs.configuration(request.project, request.environment)]
    return _text(told), json.loads(_text(programs.stored_outputs(request.project, name, recording)))


def _text(value: object) -> str:
    return json.dumps(value, default=lambda strange: type(strange).__name__)


def _main() -> None:
    opened = _Opened()
    answers, sys.stdout = sys.stdout, sys.stderr
    before = ""
    for line in sys.stdin:
        request = Request(**json.loads(line))
        answers.write(json.dumps(_answer(request, before, opened)) + "\n")
        answers.flush()
        before = request.root


if __name__ == "__main__":
    _main()
