"""Makes the two lower stacks with the Pulumi CLI, which makes the key that the environment's stacks share."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from delivery import state
from delivery.bootstrap import settings_files
from delivery.bootstrap.az import member
from delivery.bootstrap.things import Line, Outcome, Tell
from delivery.errors import DeliveryError, plain
from delivery.stacks import StackId, foundation, platform

_EXISTS = re.compile(r"stack '[^']*' already exists")
# A role assignment takes up to ten minutes to be in force ("Troubleshoot Azure RBAC").
_NOT_YET = re.compile(r"ForbiddenByRbac|AuthorizationPermissionMismatch|not authorized to perform action")
_PAUSE_SECONDS = 20
_TRIES = 31
_KEY_IN_CHECKPOINT = f"checkpoint.latest.secrets_providers.state.{settings_files.KEY}"


@dataclass(frozen=True)
class Making:
    """Where stacks are made, and with what."""

    root: Path
    environment: str
    secrets_provider: str
    variables: Mapping[str, str]
    """The environment of the Pulumi CLI."""


def ensure(making: Making, tell: Tell) -> None:
    """Make the stacks that are missing, and write their key into the three files of the environment.

    Raises DeliveryError when the CLI fails, or a stack that exists has no such key.
    """
    known = settings_files.key(making.root, making.environment)
    if known is not None:
        _write(making, known, tell)  # or the CLI would make another one for a stack whose file lacks it
    for stack in (foundation(making.environment), platform(making.environment)):
        is_new, found = _init(making, stack, tell)
        tell(Line(Outcome.CREATED if is_new else Outcome.KEPT, f"Stack {stack}"))
        if settings_files.without_key(making.root, making.environment):
            _write(making, found or _of_state(making, stack), tell)


def _write(making: Making, key: str, tell: Tell) -> None:
    lacking = settings_files.without_key(making.root, making.environment)
    settings_files.write_key(making.root, making.environment, key)
    tell(Line(Outcome.CHANGED, f"{settings_files.KEY} in {', '.join(lacking)}: commit it"))


def commands(making: Making) -> tuple[str, ...]:
    """Return what `ensure` runs, for a person."""
    return tuple(
        f"(cd stacks/{stack.project} && pulumi {' '.join(_words(making, stack))})"
        for stack in (foundation(making.environment), platform(making.environment))
    )


def _init(making: Making, stack: StackId, tell: Tell) -> tuple[bool, str | None]:
    """Make a stack unless it exists; return whether it was made, and the key of its file.

    The CLI writes the file anew in its own form: it gets back the text that people wrote.
    """
    file = stack.directory(making.root) / f"Pulumi.{stack.name}.yaml"
    before = file.read_text(encoding="utf-8")
    try:
        is_new = _run(making, stack, tell)
        return is_new, settings_files.key(making.root, making.environment)
    finally:
        file.write_text(before, encoding="utf-8")


def _run(making: Making, stack: StackId, tell: Tell) -> bool:
    program = shutil.which("pulumi", path=making.variables["PATH"]) or "pulumi"
    said = ""
    for attempt in range(_TRIES):
        if attempt:
            if attempt == 1:
                tell(
                    Line(
                        Outcome.WAITING, "Roles that were just given, which take some minutes to be in force"
                    )
                )
            time.sleep(_PAUSE_SECONDS)
        done = subprocess.run(  # noqa: S603 - the project's own tool chain
            [program, *_words(making, stack), "--non-interactive", "--color=never"],
            cwd=stack.directory(making.root),
            env=dict(making.variables),
            capture_output=True,
            text=True,
            check=False,
        )
        said = plain(done.stderr).strip()
        if done.returncode == 0:
            return True
        if _EXISTS.search(said):
            return False
        if not _NOT_YET.search(said):
            break
    lines = "\n".join(f"  {line}" for line in said.splitlines())
    raise DeliveryError(
        f"{stack} could not be made. Pulumi said:\n{lines}\nWhat was done before stays; run `./dev bootstrap --env "
        f"{making.environment}` again to go on."
    )


def _words(making: Making, stack: StackId) -> tuple[str, ...]:
    # The provider is named again because the CLI would otherwise take a passphrase.
    return ("stack", "init", stack.name, "--secrets-provider", making.secrets_provider, "--no-select")


def _of_state(making: Making, stack: StackId) -> str:
    """Return the key that the checkpoint of a stack has, which was made but whose files were not committed."""
    with state.copied(making.variables, making.environment) as copied:
        if stack in copied.damaged:
            raise copied.damaged[stack]
        file = copied.folder / ".pulumi" / "stacks" / stack.project / f"{stack.name}.json"
        found = member(json.loads(file.read_bytes()), _KEY_IN_CHECKPOINT) if file.is_file() else None
    if not isinstance(found, str):
        raise DeliveryError(
            f"{stack} exists with another secrets provider: neither its file nor its state has an "
            f"`{settings_files.KEY}`. Remove it if it has nothing (`pulumi stack rm {stack.name}`), or change its "
            "provider (`pulumi stack change-secrets-provider`)."
        )
    return found
