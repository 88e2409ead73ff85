"""What a deployment affects: what is deployed, as tags tell, against what this repository says."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery import stacks
from delivery.planning import plans
from delivery.planning.deployment import deployment
from delivery.planning.differences import EnvironmentPlan
from delivery.planning.inputs import Tree, own_digest
from delivery.stacks import StackId
from delivery.tags import UNDER_WAY, Deployed
from tests.support.revisions import append, commit, copy_sources, initialise, replace

IRIS = stacks.model("iris-species", "dev")
DIABETES = stacks.model("diabetes-progression", "dev")
PLATFORM = stacks.platform("dev")
CALLS = ("models/iris-species/model.yaml", "calls: 300", "calls: 301")

Backend = dict[StackId, Deployed]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    copy_sources(tmp_path)
    initialise(tmp_path)
    return tmp_path


def delivered(clone: Path, environment: str = "dev") -> Backend:
    """Return a backend to which the committed tree was delivered."""
    revision = commit(clone)
    return {
        stack: Deployed(stack, {"revision": revision, "inputs": inputs.digest})
        for stack, inputs in Tree(clone).inputs(environment).items()
    }


def plan(clone: Path, backend: Backend, environment: str = "dev") -> EnvironmentPlan:
    return deployment(backend, Tree(clone), environment, plans.history(clone))


def told(found: EnvironmentPlan) -> dict[str, tuple[str, ...]]:
    return {f"{each.action} {each.stack}": each.reasons for each in found.stacks}


def retag(backend: Backend, stack: StackId, **tags: str | None) -> None:
    """Change tags of a stack; None removes one."""
    changed = {**backend[stack].tags, **tags}
    backend[stack] = Deployed(stack, {name: value for name, value in changed.items() if value is not None})


def test_what_is_deployed_is_not_deployed_again(clone: Path) -> None:
    assert plan(clone, delivered(clone)) == EnvironmentPlan("dev", ())


def test_a_change_since_the_deployed_revision_tells_why(clone: Path) -> None:
    backend = delivered(clone)
    replace(clone, *CALLS)
    commit(clone)
    append(clone, "shared/model/api.py")
    assert told(plan(clone, backend)) == {
        "deploy model/diabetes-progression.dev": ("shared/model/api.py changed",),
        "deploy model/iris-species.dev": ("shared/model/api.py and models/iris-species/model.yaml changed",),
    }


def test_what_a_failed_run_left_behind_is_deployed_by_the_next(clone: Path) -> None:
    backend = delivered(clone)
    append(clone, "shared/platform/product.py")
    later = delivered(clone)
    backend[PLATFORM] = later[PLATFORM]
    retag(backend, IRIS, inputs="under way")
    append(clone, "docs/architecture.md")
    assert told(plan(clone, backend)) == {
        "deploy model/diabetes-progression.dev": ("builds on platform/dev, which changed",),
        "deploy model/iris-species.dev": (
            "was not updated to its end",
            "builds on platform/dev, which changed",
        ),
    }


@pytest.mark.parametrize("stack", [stacks.foundation("dev"), PLATFORM, IRIS])
def test_a_stack_that_was_never_deployed_is(clone: Path, stack: StackId) -> None:
    backend = delivered(clone)
    del backend[stack]
    assert told(plan(clone, backend)) == {f"deploy {stack}": ("was never deployed",)}


def test_a_stack_that_holds_nothing_was_never_deployed_whatever_its_tags_say(clone: Path) -> None:
    backend = delivered(clone)
    backend[IRIS] = Deployed(IRIS, backend[IRIS].tags, is_empty=True)
    assert told(plan(clone, backend)) == {"deploy model/iris-species.dev": ("was never deployed",)}


def test_a_stack_whose_state_is_damaged_stays_in_the_plan(clone: Path) -> None:
    backend = delivered(clone)
    backend[IRIS] = Deployed(IRIS, backend[IRIS].tags, is_damaged=True)
    assert told(plan(clone, backend)) == {"deploy model/iris-species.dev": ("has a damaged state",)}


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"inputs": None, "revision": None}, "has no tag that tells what was deployed"),
        ({"inputs": None}, "has no record of what of {short} was deployed"),
        ({"inputs": "other", "revision": "uncommitted"},
         "differs from what was deployed from a tree that was not committed"),
        ({"inputs": "other", "revision": "f" * 40}, "was deployed from ffffffffffff, which is not in this clone"),
        ({"inputs": "other", "revision": "--all"}, "was deployed from --all, which is not in this clone"),
    ],
)  # fmt: skip
def test_a_stack_of_which_it_is_not_known_what_was_deployed_is_deployed(
    clone: Path, tags: dict[str, str | None], reason: str
) -> None:
    backend = delivered(clone)
    short = backend[IRIS].tags["revision"][:12]
    retag(backend, IRIS, **tags)
    assert told(plan(clone, backend)) == {"deploy model/iris-species.dev": (reason.format(short=short),)}


# Removals


def remove(clone: Path) -> None:
    shutil.rmtree(clone / "models" / "iris-species")


def retire(clone: Path) -> None:
    append(clone, "models/iris-species/model.yaml", "\nlifecycle: retired\n")


def retire_in_dev(clone: Path) -> None:
    replace(clone, "models/iris-species/model.yaml", "  dev:\n", "  dev:\n    lifecycle: retired\n")


def test_a_stack_whose_folder_is_gone_is_destroyed_after_what_is_deployed(clone: Path) -> None:
    backend = delivered(clone)
    remove(clone)
    append(clone, "shared/model/api.py")
    assert told(plan(clone, backend)) == {
        "deploy model/diabetes-progression.dev": ("shared/model/api.py changed",),
        "destroy model/iris-species.dev": ("models/iris-species/ was removed",),
    }


@pytest.mark.parametrize(
    ("change", "environment", "expected"),
    [
        (lambda _: None, "dev", False),
        (retire, "dev", True),
        (retire_in_dev, "dev", True),
        (retire_in_dev, "prod", False),
    ],
)
def test_whether_it_was_retired_is_what_was_deployed_last_in_that_environment(
    clone: Path, change: Callable[[Path], None], environment: str, *, expected: bool
) -> None:
    change(clone)
    backend = delivered(clone, environment)
    remove(clone)
    (removal,) = plan(clone, backend, environment).removals
    assert (removal.is_known, removal.is_retired) == (True, expected)


def test_retiring_it_is_a_delivery(clone: Path) -> None:
    backend = delivered(clone)
    retire(clone)
    commit(clone)
    assert list(told(plan(clone, backend))) == ["deploy model/iris-species.dev"]
    remove(clone)
    (removal,) = plan(clone, backend).removals
    assert not removal.is_retired


def test_a_description_that_was_wrong_retired_nothing(clone: Path) -> None:
    append(clone, "models/iris-species/model.yaml", "\nlifecycle: retired\n: [")
    backend = delivered(clone)
    remove(clone)
    (removal,) = plan(clone, backend).removals
    assert not removal.is_retired


def test_a_deployed_revision_that_is_not_here_retired_nothing(clone: Path) -> None:
    retire(clone)
    backend = delivered(clone)
    retag(backend, IRIS, revision="f" * 40)
    remove(clone)
    (removal,) = plan(clone, backend).removals
    assert (removal.is_known, removal.is_retired) == (False, False)


def test_a_stack_that_holds_nothing_goes_without_being_retired(clone: Path) -> None:
    backend = delivered(clone)
    backend[IRIS] = Deployed(IRIS, {}, is_empty=True)
    remove(clone)
    found = plan(clone, backend)
    assert list(told(found)) == ["destroy model/iris-species.dev"]
    assert found.removals == ()


def test_a_model_of_a_laptop_goes_without_being_retired(clone: Path) -> None:
    backend = delivered(clone, "local")
    remove(clone)
    found = plan(clone, backend, "local")
    assert list(told(found)) == ["destroy model/iris-species.local"]
    assert found.removals == ()


def test_a_rename_is_recognised_and_told(clone: Path) -> None:
    backend = delivered(clone)
    (clone / "models" / "iris-species").rename(clone / "models" / "lilies")
    found = plan(clone, backend)
    assert told(found) == {
        "deploy model/lilies.dev": ("was never deployed",),
        "destroy model/iris-species.dev": ("models/iris-species/ was removed",),
    }
    assert [removal.renamed for removal in found.removals] == ["lilies"]
    (note,) = found.notes
    assert note == (
        "models/iris-species/ was renamed to models/lilies/: for consumers one API goes and another comes, with other "
        "addresses and keys."
    )


def test_a_copy_that_was_deployed_before_is_no_rename(clone: Path) -> None:
    shutil.copytree(clone / "models" / "iris-species", clone / "models" / "lilies")
    backend = delivered(clone)
    remove(clone)
    assert [removal.renamed for removal in plan(clone, backend).removals] == [None]


def test_stacks_of_others_are_named_and_left_alone(clone: Path) -> None:
    backend = delivered(clone)
    for name in ("iris-species.test", "trial"):
        backend[StackId("model", name)] = Deployed(StackId("model", name), {})
    found = plan(clone, backend)
    assert found.stacks == ()
    assert found.notes == (
        "The backend also holds model/trial, which is no stack of this environment: it is left alone.",
        "The backend also holds model/iris-species.test, which is no stack of this environment: it is left alone.",
    )


# Models that were rolled back


def rolled_back(clone: Path) -> tuple[Backend, str]:
    """Return a backend in which iris-species was rolled back from a bad release, and the good revision."""
    good = commit(clone)
    replace(clone, *CALLS)
    backend = delivered(clone)
    bad = Tree(clone).inputs("dev")[IRIS]
    retag(backend, IRIS, revision=good, inputs="of the old folder", held=own_digest(IRIS, bad))
    return backend, good


def test_a_model_that_was_rolled_back_is_held(clone: Path) -> None:
    backend, good = rolled_back(clone)
    found = plan(clone, backend)
    assert found.stacks == ()
    (note,) = found.notes
    assert note == (
        f"model/iris-species.dev was rolled back to {good[:12]} and is held: it is deployed again once "
        "models/iris-species/ changes."
    )


def test_a_rollback_that_was_cut_off_is_held_and_told_as_such(clone: Path) -> None:
    backend, good = rolled_back(clone)
    retag(backend, IRIS, revision=good, inputs=UNDER_WAY, held=backend[IRIS].tags["held"])
    found = plan(clone, backend)
    (note,) = found.notes
    assert found.stacks == ()
    assert note == (
        "A rollback of model/iris-species.dev was cut off: `./dev rollback iris-species --env dev` goes on; "
        "nothing is deployed until models/iris-species/ changes."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda root: append(root, "shared/model/api.py"),
        lambda root: append(root, "shared/naming.py"),
        lambda root: replace(root, "stacks/platform/Pulumi.dev.yaml", "Developer", "Premium"),
        lambda root: replace(root, "models/iris-species/model.yaml", "species.prod.", "species.other."),
        lambda root: append(root, "models/iris-species/model.yaml"),
        lambda root: append(root, "models/iris-species/README.md"),
        lambda root: append(root, "models/iris-species/server/train.py"),
    ],
)
def test_it_is_held_whatever_else_changes(clone: Path, change: Callable[[Path], None]) -> None:
    backend, _ = rolled_back(clone)
    change(clone)
    assert "deploy model/iris-species.dev" not in told(plan(clone, backend))


def test_it_is_deployed_once_its_folder_changes_and_tells_what_changed_since(clone: Path) -> None:
    backend, _ = rolled_back(clone)
    append(clone, "models/iris-species/contracts/v1.json", "\n")
    found = plan(clone, backend)
    assert found.notes == ()
    assert told(found) == {
        "deploy model/iris-species.dev": (
            "changed since it was rolled back",
            "models/iris-species/model.yaml and models/iris-species/contracts/v1.json changed",
        )
    }


def test_it_is_deployed_once_the_bad_release_is_reverted(clone: Path) -> None:
    backend, _ = rolled_back(clone)
    replace(clone, *CALLS[:1], *reversed(CALLS[1:]))
    assert list(told(plan(clone, backend))) == ["deploy model/iris-species.dev"]


def test_it_goes_like_any_other_when_its_folder_does(clone: Path) -> None:
    backend, _ = rolled_back(clone)
    remove(clone)
    found = plan(clone, backend)
    assert list(told(found)) == ["destroy model/iris-species.dev"]
    assert found.notes == ()


def test_what_a_hold_compares_with_is_the_same_in_every_version_of_this_program(tmp_path: Path) -> None:
    # Another digest here would let each held model be deployed again with what it was rolled back from.
    for path, text in {
        "environments/dev.yaml": "order: 1\n",
        "models/iris-species/model.yaml": "versions: {v1: {contract: contracts/v1.json}}\n"
        "environments: {dev: {summary: Früh.}}\n",
        "models/iris-species/contracts/v1.json": "{}\n",
    }.items():
        append(tmp_path, path, text)
    assert own_digest(IRIS, Tree(tmp_path).inputs("dev")[IRIS]) == (
        "8a5b4c29e768b23bce1499782f0b016b7af27462688b5df80bb466457e86c0c4"
    )
