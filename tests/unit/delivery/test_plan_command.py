"""`./dev plan` as its users see it: a terminal, a pipe, a workflow."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from delivery import command
from delivery.context import Context
from tests.support.revisions import append, commit, copy_sources, initialise, replace


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = copy_sources(tmp_path)
    initialise(root)
    return root


class Run:
    """One call of the command line, and what it printed."""

    def __init__(self, root: Path, *arguments: str, width: int | None = None) -> None:
        printed = io.StringIO()
        console = Console(file=printed, force_terminal=width is not None, width=width, no_color=True)
        self.code = command.main(["plan", *arguments], Context(root, console, lambda _: {}))
        self.lines = printed.getvalue().splitlines()


CALLS = ("models/iris-species/model.yaml", "calls: 300", "calls: 301")


def test_where_nothing_is_affected_it_says_so(clone: Path) -> None:
    run = Run(clone, "--base", "HEAD")
    assert run.code == 0
    assert run.lines == [f"{name}: nothing is affected" for name in ("dev", "staging", "prod")]


def test_in_a_pipe_each_stack_is_one_line_however_long(clone: Path) -> None:
    replace(clone, *CALLS)
    append(clone, "shared/model/api.py")
    append(clone, "shared/model/backend.py")
    commit(clone)
    assert Run(clone, "--base", "HEAD~1", "--env", "dev").lines == [
        "dev: 2 to deploy",
        "  deploy  model/diabetes-progression.dev  shared/model/api.py and shared/model/backend.py changed",
        "  deploy  model/iris-species.dev  shared/model/api.py, shared/model/backend.py and 1 more file changed",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_a_table_that_fits_it(clone: Path, width: int) -> None:
    append(clone, "shared/model/api.py")
    append(clone, "shared/model/backend.py")
    commit(clone)
    run = Run(clone, "--base", "HEAD~1", "--env", "staging", width=width)
    assert run.lines[0] == "staging: 2 to deploy"
    first, *rest = (line for line in run.lines[1:] if line.strip())
    assert first.startswith("  deploy  model/diabetes-progression.staging  shared/model/api.py and")
    assert all(len(line) <= width for line in (first, *rest))
    assert " ".join(first.split()[2:]) in "shared/model/api.py and shared/model/backend.py changed"


def test_what_goes_is_counted_by_itself(clone: Path) -> None:
    append(clone, "models/iris-species/model.yaml", "\nlifecycle: retired\n")
    commit(clone)
    (clone / "models" / "iris-species" / "model.yaml").unlink()
    append(clone, "shared/model/api.py")
    run = Run(clone, "--base", "HEAD", "--env", "dev")
    assert run.lines == [
        "dev: 1 to deploy, 1 to destroy",
        "  deploy  model/diabetes-progression.dev  shared/model/api.py changed",
        "  destroy model/iris-species.dev  models/iris-species/ was removed",
        "The tree has changes that are not committed; they are part of the plan.",
    ]


def test_a_refusal_is_a_sentence_on_stderr(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(clone, "--base", "gone")
    assert (run.code, run.lines) == (1, [])
    assert capsys.readouterr().err.startswith('There is no revision "gone" in this clone.')


@pytest.mark.parametrize("shards", ["0", "-1", "two", ""])
def test_no_runners_are_a_wrong_command_line(
    clone: Path, capsys: pytest.CaptureFixture[str], shards: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        Run(clone, "--base", "HEAD", f"--shards={shards}")
    assert caught.value.code == 2
    assert f"{shards!r} is no number of runners: name a whole one from 1" in capsys.readouterr().err


def test_a_workflow_gets_what_it_needs_as_json(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = commit(clone)
    replace(clone, *CALLS)
    head = commit(clone)
    run = Run(clone, "--base", base, "--env", "dev", "--json", "-")
    assert (run.code, run.lines) == (0, [])
    assert json.loads(capsys.readouterr().out) == {
        "revision": head,
        "base": base,
        "environments": {
            "dev": [
                {
                    "stack": "model/iris-species.dev",
                    "project": "model",
                    "name": "iris-species.dev",
                    "action": "deploy",
                    "reasons": ["models/iris-species/model.yaml changed"],
                }
            ]
        },
        "matrix": {
            "include": [{"environment": "dev", "runner": ["ubuntu-latest"], "shard": "1/1", "stacks": 1}]
        },
    }


def test_a_file_gets_the_same_beside_what_people_read(clone: Path, tmp_path: Path) -> None:
    replace(clone, "models/iris-species/model.yaml", "https://iris-species.prod.", "https://iris.prod.")
    commit(clone)
    file = tmp_path / "results" / "plan.json"
    run = Run(clone, "--base", "HEAD~1", "--json", str(file))
    assert run.lines[2] == "prod: 1 to deploy"
    found = json.loads(file.read_text())
    assert {name: len(stacks) for name, stacks in found["environments"].items()} == {
        "dev": 0,
        "staging": 0,
        "prod": 1,
    }
    assert [job["environment"] for job in found["matrix"]["include"]] == ["prod"]


def test_many_stacks_are_shared_by_runners_of_the_environment_s_labels(clone: Path, tmp_path: Path) -> None:
    folder = clone / "models" / "iris-species"
    for number in range(30):
        append(clone, f"models/m{number:02}/model.yaml", (folder / "model.yaml").read_text())
    replace(clone, "environments/prod.yaml", "[ubuntu-latest]", "[self-hosted, private]")
    found = {}
    for most in ("1", "3", "9"):
        Run(clone, "--base", "HEAD", "--env", "prod", "--json", str(tmp_path / "p"), "--shards", most)
        found[most] = json.loads((tmp_path / "p").read_text())["matrix"]["include"]
    assert {most: [job["shard"] for job in jobs] for most, jobs in found.items()} == {
        "1": ["1/1"],
        "3": ["1/3", "2/3", "3/3"],
        "9": ["1/3", "2/3", "3/3"],
    }
    assert [sum(job["stacks"] for job in jobs) for jobs in found.values()] == [30, 30, 30]
    assert {tuple(job["runner"]) for jobs in found.values() for job in jobs} == {("self-hosted", "private")}


def test_without_a_base_it_compares_with_what_is_deployed(clone: Path) -> None:
    assert Run(clone, "--env", "local").lines[:2] == [
        "local: 4 to deploy",
        "  deploy  foundation/local  was never deployed",
    ]
