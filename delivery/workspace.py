"""The Automation API's workspace, without the calls of the CLI whose answers nobody reads."""

import json

from pulumi import automation as auto
from pydantic import JsonValue, TypeAdapter

_SECRET = "[secret]"  # noqa: S105 - what the CLI prints in place of one
_OUTPUTS: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Workspace(auto.LocalWorkspace):
    """A workspace on disk that never reads the value of a secret output."""

    def select_stack(self, stack_name: str) -> None:
        """Select nothing: each command names its stack, and whether there is one is told by the first of them."""

    def stack_outputs(self, stack_name: str) -> auto.OutputMap:
        """Return the outputs of a stack; the value of a secret one is `[secret]`.

        The API's own asks the CLI twice, once with all secrets opened: a process and a derived key more per update.
        """
        command = ["stack", "output", "--json", "--stack", stack_name]
        printed = self.pulumi_command.run(command, self.work_dir, self.env_vars).stdout
        return {
            name: auto.OutputValue(value, secret=value == _SECRET)
            for name, value in _OUTPUTS.validate_python(json.loads(printed)).items()
        }
