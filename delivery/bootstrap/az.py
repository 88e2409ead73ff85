"""The Azure CLI: what is there is read, what differs is written, and each command can be shown before it is run.

The CLI exits with 3 when a thing does not exist ("Azure CLI exit codes"); `az rest` prints the service's 404 instead.
"""

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue, TypeAdapter

from delivery.bootstrap import remedies
from delivery.errors import DeliveryError

JsonObject = dict[str, JsonValue]
_JSON = TypeAdapter[JsonValue](JsonValue)

_NOT_FOUND = 3
_REST_NOT_FOUND = "Not Found("
_ALWAYS = ("--only-show-errors", "--output", "json")


@dataclass
class Az:
    """The Azure CLI of this machine."""

    variables: Mapping[str, str]
    """The environment of the commands; PATH has the CLI."""
    tell: Callable[[str], None]
    """Takes each writing command of a dry run."""
    dry: bool = False
    """Whether writing commands are only told."""
    has_written: bool = field(default=False, init=False)
    """Whether a writing command was run."""

    def read(self, *words: str) -> JsonValue:
        """Return what a reading command answers; None for a thing that does not exist.

        Raises DeliveryError when the command fails.
        """
        done = self._run(words)
        if done.returncode == _NOT_FOUND or (done.returncode and _REST_NOT_FOUND in done.stderr):
            return None
        return self._answer(words, done)

    def write(self, *words: str) -> JsonValue:
        """Run a writing command and return its answer, an empty one in a dry run, which only tells it.

        Raises DeliveryError when the command fails.
        """
        if self.dry:
            self.tell(shown(words))
            return {}
        answer = self._answer(words, self._run(words))
        self.has_written = True
        return answer

    def _run(self, words: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
        program = shutil.which("az", path=self.variables["PATH"])
        if program is None:
            raise DeliveryError(
                "There is no Azure CLI: install it, so that `az` is on PATH, and run `az login`."
            )
        return subprocess.run(  # noqa: S603 - the Azure CLI, with words of our own
            [program, *words, *_ALWAYS], env=self.variables, capture_output=True, text=True, check=False
        )

    def _answer(self, words: tuple[str, ...], done: "subprocess.CompletedProcess[str]") -> JsonValue:
        if done.returncode:
            raise DeliveryError(remedies.failure(shown(words), done.stderr, something_done=self.has_written))
        try:
            return _JSON.validate_python(json.loads(done.stdout)) if done.stdout.strip() else {}
        except ValueError as error:
            raise DeliveryError(
                f"`{shown(words)}` answered no JSON: update the Azure CLI (`az upgrade`), and try again."
            ) from error


def shown(words: tuple[str, ...]) -> str:
    """Return a command as a shell takes it."""
    return shlex.join(("az", *words))


def member(answer: JsonValue, path: str) -> JsonValue:
    """Return what an answer has at a path with dots, None where it has nothing."""
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def text(answer: JsonValue, path: str, planned: str) -> str:
    """Return a text of an answer; in a dry run nothing has been made, and `planned` says in words what it will be."""
    found = member(answer, path)
    return found if isinstance(found, str) else planned
