"""The Automation API's workspace, without the calls of the CLI whose answers nobody reads."""

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pulumi import automation as auto
from pulumi.automation._stack import StackInitMode  # the way to a stack of one's own kind; not exported
from pydantic import BaseModel, JsonValue, TypeAdapter

from delivery.records import SECRET

# The API reads the summary of an operation when it has succeeded, and requires one.
_SUCCEEDED = auto.UpdateSummary("", datetime.fromtimestamp(0, UTC), "", {}, {}, "succeeded")
_OUTPUTS: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class _Exported(BaseModel):
    deployment: dict[str, JsonValue] | None = None


class Workspace(auto.LocalWorkspace):
    """A workspace on disk that never reads the value of a secret output."""

    def select_stack(self, stack_name: str) -> None:
        """Select nothing: each command names its stack, and whether there is one is told by the first of them."""

    def stack_outputs(self, stack_name: str) -> auto.OutputMap:
        """Return the outputs of a stack; the value of a secret one is `[secret]`.

        The API's own asks the CLI twice, once with all secrets opened: a process and a derived key more per update.
        """
        printed = self._run("stack", "output", "--json", "--stack", stack_name)
        return {
            name: auto.OutputValue(value, secret=value == SECRET)
            for name, value in _OUTPUTS.validate_python(json.loads(printed)).items()
        }

    def deployment(self, stack_name: str) -> dict[str, JsonValue]:
        """Return the latest deployment of a stack, its secrets encrypted: the API's own export opens them."""
        printed = self._run("stack", "export", "--stack", stack_name)
        return _Exported.model_validate_json(printed).deployment or {}

    def drop_pending(self, stack_name: str) -> None:
        """Let the state of a stack forget operations that did not end: an import of it never takes those."""
        with tempfile.TemporaryDirectory(prefix="model-gateway-export-") as folder:
            file = str(Path(folder) / "deployment.json")
            self._run("stack", "export", "--stack", stack_name, "--file", file)
            self._run("stack", "import", "--stack", stack_name, "--file", file)

    def import_resources(self, stack_name: str, resources: Mapping[str, JsonValue]) -> None:
        """Read resources into the state of a stack: `resources` is what `pulumi import --file` takes."""
        with tempfile.TemporaryDirectory(prefix="model-gateway-import-") as folder:
            file = Path(folder) / "resources.json"
            file.write_text(json.dumps(resources), encoding="utf-8")
            quietly = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false")
            self._run("import", "--stack", stack_name, "--file", str(file), *quietly)

    def _run(self, *arguments: str) -> str:
        return self.pulumi_command.run([*arguments], self.work_dir, self.env_vars).stdout


class Stack(auto.Stack):
    """A stack whose operations tell how they went by their events alone."""

    @classmethod
    def opened(cls, name: str, workspace: auto.Workspace) -> Self:
        """Return the stack of that name; the API's own `select` makes its own kind of stack."""
        return cls(name, workspace, StackInitMode.SELECT)

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary:  # noqa: ARG002, FBT001, FBT002 - the API's signature
        """Return that the last operation succeeded, which the API asks only then.

        Its own asks the CLI for the stack's history: a process, and a look through files that each update adds to.
        """
        return _SUCCEEDED
