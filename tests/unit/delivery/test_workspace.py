"""What an update asks the CLI for when it has ended."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pulumi import automation as auto

from delivery.workspace import Stack, Workspace


class _Cli(auto.PulumiCommand):
    """A CLI that prints outputs and keeps how it was called."""

    def __init__(self) -> None:
        self.called: list[list[str]] = []

    def run(
        self, args: list[str], cwd: str, additional_env: Mapping[str, str], *_reports: object
    ) -> auto.CommandResult:
        self.called.append(args)
        assert Path(cwd).is_dir()
        assert additional_env["PULUMI_HOME"] == "/home-of-a-clone"
        return auto.CommandResult(stdout='{"url": "http://x", "key": "[secret]"}', stderr="", code=0)


@pytest.fixture
def cli() -> _Cli:
    return _Cli()


def test_the_outputs_take_one_call_which_opens_no_secret(tmp_path: Path, cli: _Cli) -> None:
    variables = {"PULUMI_HOME": "/home-of-a-clone"}
    workspace = Workspace(work_dir=str(tmp_path), env_vars=variables, pulumi_command=cli)
    cli.called.clear()

    outputs = workspace.stack_outputs("local")

    assert cli.called == [["stack", "output", "--json", "--stack", "local"]]
    assert (outputs["url"].value, outputs["url"].secret) == ("http://x", False)
    assert (outputs["key"].value, outputs["key"].secret) == ("[secret]", True)


def test_an_operation_that_succeeded_is_not_looked_up_in_the_history(tmp_path: Path, cli: _Cli) -> None:
    variables = {"PULUMI_HOME": "/home-of-a-clone"}
    workspace = Workspace(work_dir=str(tmp_path), env_vars=variables, pulumi_command=cli)
    cli.called.clear()

    summary = Stack.opened("local", workspace).info()

    assert summary.result == "succeeded"
    assert cli.called == []
