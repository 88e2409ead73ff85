import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import memory


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (["/tools/pulumi", "preview", "-s", "local"], "engine"),
        (["/tools/pulumi-language-python", "127.0.0.1:1"], "language host"),
        (["/x/python3", "-u", "/tools/pulumi-language-python-exec", "--monitor"], "program"),
        (["/x/python", "-m", "local_azure", "provider"], "plugin"),
        (["/x/python", "-m", "laptop.delivering", "up"], "delivery"),
        (["/x/python", "-m", "pip", "list"], None),
        ([], None),
    ],
)
def test_the_parts_of_a_running_stack_are_told_by_their_command_lines(
    command: list[str], kind: str | None
) -> None:
    assert memory.kind_of(command) == kind


def test_the_peak_together_is_of_one_moment_and_knows_how_many_stacks_ran_then() -> None:
    peak = memory.Peak()
    for moment in ([("engine", 3), ("engine", 2), ("program", 1)], [("engine", 2), ("program", 3)]):
        peak.take(moment)
    assert peak.by_kind == {"engine": 3, "program": 3}
    assert peak.together == 6
    assert peak.engines == 2


def test_the_memory_of_a_command_is_seen_while_it_runs(tmp_path: Path) -> None:
    program = tmp_path / "pulumi-language-python-exec"
    program.write_text("import time; held = b'x' * 30_000_000; time.sleep(0.5)")
    peak = memory.peak([sys.executable, os.fspath(program)], tmp_path, os.environ)
    assert peak.by_kind["program"] > 30_000_000


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        memory.peak([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, os.environ)
