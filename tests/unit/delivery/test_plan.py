"""Which stacks a change affects: in copies of this repository, changed as people change it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery import stacks
from delivery.inputs import Tree
from delivery.plan import Action, Affected, Renamed, affected, renamed

_ROOT = Path(__file__).parents[3]
_PARTS = ("shared", "stacks", "models", "environments", "requirements", "docs")
IRIS, DIABETES = stacks.model("iris-species", "dev"), stacks.model("diabetes-progression", "dev")
FOUNDATION, PLATFORM = stacks.foundation("dev"), stacks.platform("dev")
MODELS = [DIABETES, IRIS]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in _PARTS:
        shutil.copytree(
            _ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.*.yaml")
        )
    return tmp_path


def plan(copy: Path, change: Callable[[Path], object], environment: str = "dev") -> tuple[Affected, ...]:
    before = Tree(copy).inputs(environment)
    change(copy)
    return affected(before, Tree(copy).inputs(environment))


def append(path: str, text: str = "\n# changed\n") -> Callable[[Path], object]:
    def change(root: Path) -> None:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((file.read_text() if file.exists() else "") + text)

    return change


def replace(path: str, old: str, new: str) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new))

    return change


def stack_ids(found: tuple[Affected, ...]) -> list[stacks.StackId]:
    return [each.stack for each in found]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/iris-species/contracts/v1.json", [IRIS]),
        ("shared/model/api.py", MODELS),
        ("stacks/model/__main__.py", MODELS),
        ("shared/platform/product.py", [PLATFORM, *MODELS]),
        ("stacks/platform/Pulumi.dev.yaml", [PLATFORM, *MODELS]),
        ("shared/naming.py", [FOUNDATION, PLATFORM, *MODELS]),
        ("environments/dev.yaml", [FOUNDATION, PLATFORM, *MODELS]),
        ("requirements/stacks.txt", [FOUNDATION, PLATFORM, *MODELS]),
        ("shared/foundation/vault.py", [FOUNDATION, PLATFORM, *MODELS]),
    ],
)
def test_a_change_affects_what_is_made_from_it_and_what_builds_on_that(
    copy: Path, path: str, expected: list[stacks.StackId]
) -> None:
    assert stack_ids(plan(copy, append(path))) == expected


@pytest.mark.parametrize(
    "path",
    [
        "docs/architecture.md",
        "models/iris-species/README.md",
        "models/iris-species/server/train.py",
        "models/iris-species/model.yaml",  # a comment
        "environments/prod.yaml",
        "stacks/foundation/Pulumi.prod.yaml",
        "shared/unused.py",
    ],
)
def test_prose_servers_comments_and_other_environments_affect_nothing(copy: Path, path: str) -> None:
    assert plan(copy, append(path)) == ()


def test_a_patch_for_one_environment_affects_that_one_alone(copy: Path) -> None:
    change = replace("models/iris-species/model.yaml", "https://iris-species.prod.", "https://iris.prod.")
    before = {name: Tree(copy).inputs(name) for name in ("dev", "staging", "prod")}
    change(copy)
    plans = {name: affected(inputs, Tree(copy).inputs(name)) for name, inputs in before.items()}
    assert {name: [str(each.stack) for each in found] for name, found in plans.items()} == {
        "dev": [],
        "staging": [],
        "prod": ["model/iris-species.prod"],
    }


def test_each_stack_tells_why(copy: Path) -> None:
    found = plan(copy, append("shared/platform/product.py"))
    assert [each.reasons for each in found] == [
        ("shared/platform/product.py changed",),
        ("builds on platform/dev, which is affected",),
        ("builds on platform/dev, which is affected",),
    ]


def test_many_files_are_named_by_two_and_counted(copy: Path) -> None:
    def change(root: Path) -> None:
        for name in "abcd":
            append(f"models/iris-species/contracts/{name}.json")(root)

    assert plan(copy, change)[0].reasons == (
        "models/iris-species/contracts/a.json, models/iris-species/contracts/b.json and 2 more files are new",
    )


def test_a_new_model_is_deployed_and_a_removed_one_destroyed(copy: Path) -> None:
    def change(root: Path) -> None:
        shutil.copytree(root / "models" / "iris-species", root / "models" / "lilies")
        append("models/lilies/contracts/v1.json")(root)
        shutil.rmtree(root / "models" / "iris-species")

    assert plan(copy, change) == (
        Affected(stacks.model("lilies", "dev"), Action.DEPLOY, ("is new",)),
        Affected(IRIS, Action.DESTROY, ("models/iris-species/ was removed",)),
    )


def test_a_folder_that_was_renamed_is_recognised(copy: Path) -> None:
    before = Tree(copy).inputs("dev")
    (copy / "models" / "iris-species").rename(copy / "models" / "lilies")
    assert renamed(before, Tree(copy).inputs("dev")) == (Renamed("iris-species", "lilies"),)


def test_a_folder_that_was_renamed_and_changed_is_another_model(copy: Path) -> None:
    before = Tree(copy).inputs("dev")
    (copy / "models" / "iris-species").rename(copy / "models" / "lilies")
    append("models/lilies/contracts/v1.json")(copy)
    assert renamed(before, Tree(copy).inputs("dev")) == ()


def test_an_environment_that_was_removed_is_destroyed_from_its_end(copy: Path) -> None:
    found = plan(copy, lambda root: (root / "environments" / "dev.yaml").unlink())
    assert [(str(each.stack), each.action) for each in found] == [
        ("model/iris-species.dev", Action.DESTROY),
        ("model/diabetes-progression.dev", Action.DESTROY),
        ("platform/dev", Action.DESTROY),
        ("foundation/dev", Action.DESTROY),
    ]


def test_a_description_that_is_no_yaml_is_affected(copy: Path) -> None:
    assert stack_ids(plan(copy, append("models/iris-species/model.yaml", "\n: ["))) == [IRIS]
