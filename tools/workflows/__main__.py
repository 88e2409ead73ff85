"""Run every check and print the findings; the exit code is 1 when there are any."""

import subprocess
import sys
from pathlib import Path

from delivery.toolchain import ToolchainError
from tools import programs
from tools.workflows import documents
from tools.workflows.rules import actions, commands, deployments, permissions, timeouts

ROOT = Path(__file__).resolve().parents[2]
_BIN = Path(sys.executable).parent


def main() -> int:
    """Judge the workflows of the repository that this file belongs to."""
    try:
        actionlint = programs.ensure("actionlint", tell)
    except ToolchainError as error:
        tell(str(error))
        return 1
    linters = (
        [str(actionlint), "-color", "-shellcheck", str(_BIN / "shellcheck"), "-pyflakes", ""],
        [str(_BIN / "zizmor"), "--offline", "--persona", "auditor", "--quiet", ".github"],
    )
    codes = [subprocess.run(linter, cwd=ROOT, check=False).returncode for linter in linters]  # noqa: S603
    own = findings(list(documents.read_all(ROOT)))
    sys.stdout.write("".join(f"{finding}\n" for finding in own))
    if any(codes) or own:
        return 1
    sys.stdout.write("actionlint, zizmor and the repository's own rules find nothing in the workflows.\n")
    return 0


def findings(workflows: list[documents.Document]) -> list[str]:
    """Judge workflows and actions by the repository's own rules."""
    table = actions.read_table()
    return [
        finding
        for document in workflows
        for finding in (
            *actions.findings(document, table),
            *commands.findings(document),
            *permissions.findings(document),
            *timeouts.findings(document),
        )
    ] + deployments.findings(workflows)


def tell(line: str) -> None:
    """Write a line about progress or failure, apart from the findings."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
