"""Whatever stack a change really alters is in the plan: what the stack programs register is the truth."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from delivery.planning.differences import affected
from delivery.planning.inputs import Tree, environment_of, model_of, upstream
from delivery.stacks import StackId
from shared.projects import MODEL
from tests.support.revisions import append, copy_sources, replace
from tests.unit.delivery import edits
from tests.unit.delivery.edits import Edit
from tests.unit.delivery.registering import Programs, Registration, Request

_ENVIRONMENTS = ("dev", "prod")
# Three edits of each kind on each run, the same ones; more by hand find more.
BOUNDED = settings(max_examples=3, deadline=None, database=None, derandomize=True, phases=(Phase.generate,))
EDITS: tuple[Edit, ...] = (
    edits.constant,
    edits.description,
    edits.contract,
    edits.environment,
    edits.layer,
    edits.file,
    edits.folder,
    edits.aside,
)
SOURCES = ("shared", "stacks", "models", "environments", "requirements")


class Truth:
    """Runs the programs of trees, and knows what those of the tree before each change register."""

    def __init__(self, programs: Programs, root: Path) -> None:
        """Run the programs of the tree at `root`."""
        self.programs = programs
        self.root = root
        self.before: Mapping[StackId, Registration] = everything(programs, root, is_fresh=True)

    def altered(self, root: Path) -> set[str]:
        """Return the stacks of another tree that register otherwise."""
        now = everything(self.programs, root)
        return {str(stack) for stack, each in now.items() if each.told != self.before[stack].told}


def everything(programs: Programs, root: Path, *, is_fresh: bool = False) -> dict[StackId, Registration]:
    """Run the program of every stack of a tree, each on the outputs of what it builds on."""
    found: dict[StackId, Registration] = {}
    for environment in _ENVIRONMENTS:
        for stack in Tree(root).stacks(environment):
            found[stack] = run(programs, root, stack, found, is_fresh=is_fresh)
    return found


def run(
    programs: Programs,
    root: Path,
    stack: StackId,
    deployed: Mapping[StackId, Registration],
    *,
    is_fresh: bool = False,
) -> Registration:
    """Run the program of one stack."""
    above = upstream(stack)
    model = model_of(stack) if stack.project == MODEL else ""
    stored = deployed[above].stored if above else {}
    return programs.run(Request(str(root), stack.project, environment_of(stack), model, stored, is_fresh))


def planned(before: Path, now: Path, environment: str) -> set[StackId]:
    """Return the stacks of an environment that a change affects."""
    found = affected(Tree(before).inputs(environment), Tree(now).inputs(environment))
    return {each.stack for each in found}


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Truth]:
    root = copy_sources(tmp_path_factory.mktemp("before"))
    with Programs() as programs:
        yield Truth(programs, root)


def test_programs_read_nothing_else_than_what_a_stack_is_made_from(truth: Truth) -> None:
    for stack, registration in truth.before.items():
        inputs = Tree(truth.root).of(stack)
        assert inputs is not None
        assert registration.told.startswith("[["), registration.told
        assert registration.opened <= set(inputs.files)


def test_reading_something_else_would_be_noticed(truth: Truth, tmp_path: Path) -> None:
    copy_sources(tmp_path)
    append(tmp_path, "shared/data.txt", "data")
    append(tmp_path, "shared/place.py", "\nopen(__file__.replace('place.py', 'data.txt')).close()\n")
    for stack in Tree(tmp_path).stacks("dev")[:1]:
        assert "shared/data.txt" in run(truth.programs, tmp_path, stack, truth.before).opened


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("models/iris-species/model.yaml", "calls: 300", "calls: 301"),
         {"model/iris-species.dev", "model/iris-species.prod"}),
        (("models/iris-species/model.yaml", "species.prod.", "other."), {"model/iris-species.prod"}),
        (("models/iris-species/model.yaml", "environments:", "environments:\n  test: {}"),
         {"model/iris-species.dev", "model/iris-species.prod"}),
        (("stacks/foundation/Pulumi.dev.yaml", "logRetentionDays: ", "logRetentionDays: 1"), {"foundation/dev"}),
        (("environments/dev.yaml", "westeurope", "northeurope"),
         {"model/iris-species.dev", "model/diabetes-progression.dev"}),
        (("environments/prod.yaml", "approval: true", "approval: false"), set()),
    ],
)  # fmt: skip
def test_what_a_change_alters_is_known_from_the_programs_themselves(
    truth: Truth, tmp_path: Path, change: tuple[str, str, str], expected: set[str]
) -> None:
    replace(copy_sources(tmp_path), *change)
    assert truth.altered(tmp_path) == expected
    assert expected <= {str(stack) for name in _ENVIRONMENTS for stack in planned(truth.root, tmp_path, name)}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@given(environment=st.sampled_from(_ENVIRONMENTS), seed=st.integers(0, 2**32 - 1))
@BOUNDED
def test_whatever_stack_a_change_really_alters_is_in_the_plan(
    truth: Truth, edit: Edit, environment: str, seed: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = copy_sources(Path(name), SOURCES)
        note(edit(root, Random(seed)))  # noqa: S311 - it guards nothing
        plan = planned(truth.root, root, environment)
        for stack in Tree(root).stacks(environment):
            if stack not in plan:
                assert upstream(stack) not in plan
                is_same = run(truth.programs, root, stack, truth.before).told == truth.before[stack].told
                assert is_same, f"{stack} is altered and not in the plan"
