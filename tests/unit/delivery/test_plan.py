"""Which stacks a change affects: in copies of this repository, changed as people change it."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from delivery import stacks
from delivery.planning.differences import Action, Affected, Renamed, affected, renamed
from delivery.planning.inputs import Tree
from tests.support.revisions import append, copy_sources, replace

IRIS, DIABETES = stacks.model("iris-species", "dev"), stacks.model("diabetes-progression", "dev")
FOUNDATION, PLATFORM = stacks.foundation("dev"), stacks.platform("dev")
MODELS = [DIABETES, IRIS]

Change = Callable[[Path], object]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_sources(tmp_path)


def plan(copy: Path, change: Change, environment: str = "dev") -> tuple[Affected, ...]:
    before = Tree(copy).inputs(environment)
    change(copy)
    return affected(before, Tree(copy).inputs(environment))


def appended(path: str, text: str = "\n# changed\n") -> Change:
    return lambda root: append(root, path, text)


def replaced(path: str, old: str, new: str) -> Change:
    return lambda root: replace(root, path, old, new)


def stack_ids(found: tuple[Affected, ...]) -> list[stacks.StackId]:
    return [each.stack for each in found]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/iris-species/contracts/v1.json", [IRIS]),
        ("shared/model/api.py", MODELS),
        ("stacks/model/__main__.py", MODELS),
        ("stacks/model/Pulumi.yaml", MODELS),
        ("shared/platform/product.py", [PLATFORM, *MODELS]),
        ("shared/naming.py", [FOUNDATION, PLATFORM, *MODELS]),
        ("requirements/stacks.txt", [FOUNDATION, PLATFORM, *MODELS]),
        ("shared/foundation/vault.py", [FOUNDATION, PLATFORM, *MODELS]),
    ],
)
def test_a_change_affects_what_is_made_from_it_and_what_builds_on_that(
    copy: Path, path: str, expected: list[stacks.StackId]
) -> None:
    assert stack_ids(plan(copy, appended(path))) == expected


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("models/iris-species/model.yaml", "calls: 300", "calls: 301", [IRIS]),
        ("stacks/platform/Pulumi.dev.yaml", "Developer", "Premium", [PLATFORM, *MODELS]),
        ("environments/dev.yaml", "westeurope", "northeurope", [FOUNDATION, PLATFORM, *MODELS]),
        ("environments/dev.yaml", "secretsprovider: a", "transport: https\nsecretsprovider: a",
         [FOUNDATION, PLATFORM, *MODELS]),
    ],
)  # fmt: skip
def test_a_setting_affects_what_reads_it(
    copy: Path, path: str, old: str, new: str, expected: list[stacks.StackId]
) -> None:
    assert stack_ids(plan(copy, replaced(path, old, new))) == expected


@pytest.mark.parametrize(
    "path",
    [
        "docs/architecture.md",
        "models/iris-species/README.md",
        "models/iris-species/server/train.py",
        "models/iris-species/contracts/v2.json",  # no version names it
        "models/iris-species/model.yaml",  # a comment
        "environments/dev.yaml",
        "stacks/platform/Pulumi.dev.yaml",
        "shared/unused.py",
    ],
)
def test_prose_servers_comments_and_what_nothing_names_affect_nothing(copy: Path, path: str) -> None:
    assert plan(copy, appended(path)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("order: 1", "order: 9"),
        ("runner: [ubuntu-latest]", "runner: [self-hosted, private]"),
        ("approval: false", "approval: true"),
        ("parallel: 8", "parallel: 4"),
        ("may break", "does break"),
    ],
)
def test_how_an_environment_is_delivered_affects_no_stack(copy: Path, old: str, new: str) -> None:
    assert plan(copy, replaced("environments/dev.yaml", old, new)) == ()


@pytest.mark.parametrize("new", ["", "order: first", "order: 1\nordre: 1", "order: ["])
def test_an_environment_that_every_program_refuses_affects_all_its_stacks(copy: Path, new: str) -> None:
    found = plan(copy, replaced("environments/dev.yaml", "order: 1", new))
    assert stack_ids(found) == [FOUNDATION, PLATFORM, *MODELS]


@pytest.mark.parametrize("path", ["environments/prod.yaml", "stacks/foundation/Pulumi.prod.yaml"])
def test_another_environment_affects_nothing(copy: Path, path: str) -> None:
    assert plan(copy, replaced(path, "westeurope", "northeurope")) == ()


def test_a_patch_for_one_environment_affects_that_one_alone(copy: Path) -> None:
    before = {name: Tree(copy).inputs(name) for name in ("dev", "staging", "prod")}
    replace(copy, "models/iris-species/model.yaml", "https://iris-species.prod.", "https://iris.prod.")
    plans = {name: affected(inputs, Tree(copy).inputs(name)) for name, inputs in before.items()}
    assert {name: [str(each.stack) for each in found] for name, found in plans.items()} == {
        "dev": [],
        "staging": [],
        "prod": ["model/iris-species.prod"],
    }


def test_each_stack_tells_why(copy: Path) -> None:
    found = plan(copy, appended("shared/platform/product.py"))
    assert [each.reasons for each in found] == [
        ("shared/platform/product.py changed",),
        ("builds on platform/dev, which changed",),
        ("builds on platform/dev, which changed",),
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a"], "shared/model/api.py changed"),
        (["a", "b"], "shared/model/api.py and shared/model/backend.py changed"),
        (["a", "b", "c"], "shared/model/api.py, shared/model/backend.py and 1 more file changed"),
        (["a", "b", "c", "d"], "shared/model/api.py, shared/model/backend.py and 2 more files changed"),
    ],
)
def test_many_files_are_named_by_two_and_counted(copy: Path, names: list[str], said: str) -> None:
    files = dict(zip("abcd", ("api", "backend", "chain", "offer"), strict=True))

    def change(root: Path) -> None:
        for name in names:
            append(root, f"shared/model/{files[name]}.py")

    assert plan(copy, change)[0].reasons == (said,)


def test_a_contract_that_is_added_or_taken_away_is_named(copy: Path) -> None:
    def change(root: Path) -> None:
        folder = root / "models" / "iris-species"
        (folder / "contracts" / "v1.json").rename(folder / "contracts" / "first.json")
        replace(root, "models/iris-species/model.yaml", "contracts/v1.json", "contracts/first.json")

    assert plan(copy, change)[0].reasons == (
        "models/iris-species/model.yaml changed",
        "models/iris-species/contracts/first.json is new",
        "models/iris-species/contracts/v1.json is gone",
    )


def test_a_contract_beside_the_server_s_files_is_one_all_the_same(copy: Path) -> None:
    replace(copy, "models/iris-species/model.yaml", "contracts/v1.json", "server/model-settings.json")
    assert stack_ids(plan(copy, appended("models/iris-species/server/model-settings.json", " "))) == [IRIS]


def test_a_new_model_is_deployed_and_a_removed_one_destroyed(copy: Path) -> None:
    def change(root: Path) -> None:
        shutil.copytree(root / "models" / "iris-species", root / "models" / "lilies")
        append(root, "models/lilies/contracts/v1.json")
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
    append(copy, "models/lilies/contracts/v1.json")
    assert renamed(before, Tree(copy).inputs("dev")) == ()


def test_a_folder_that_was_copied_is_no_rename(copy: Path) -> None:
    before = Tree(copy).inputs("dev")
    shutil.copytree(copy / "models" / "iris-species", copy / "models" / "lilies")
    assert renamed(before, Tree(copy).inputs("dev")) == ()


def test_a_new_environment_is_deployed_whole(copy: Path) -> None:
    change = partial(shutil.copy, copy / "environments" / "dev.yaml", copy / "environments" / "test.yaml")
    assert [str(each.stack) for each in plan(copy, lambda _: change(), "test")] == [
        "foundation/test",
        "platform/test",
        "model/diabetes-progression.test",
        "model/iris-species.test",
    ]


def test_an_environment_that_is_gone_takes_no_layer_down(copy: Path) -> None:
    found = plan(copy, lambda root: (root / "environments" / "dev.yaml").unlink())
    assert {each.stack.project for each in found} == {"model"}


def test_an_environment_that_models_still_name_affects_them_everywhere(copy: Path) -> None:
    assert stack_ids(plan(copy, lambda root: (root / "environments" / "prod.yaml").unlink())) == MODELS


@pytest.mark.parametrize(
    "text",
    [
        "\n: [",
        "\nowner: 2026-01-01",
        "\nowner: 2026-13-45",
        "\nenvironments: []",
        "\nversions: []",
        f"\nversions: {{v1: {{contract: {'x' * 300}.json}}}}",
        '\nversions: {v1: {contract: "\\0"}}',
        "\nlimits: " + "[" * 5000,
        "\nversions: {v1: 1, v2: {contract: []}}",
    ],
)
def test_a_description_that_is_wrong_is_affected(copy: Path, text: str) -> None:
    assert stack_ids(plan(copy, appended("models/iris-species/model.yaml", text))) == [IRIS]


@pytest.mark.parametrize("path", ["shared/model/api.py", "stacks/model/__main__.py"])
def test_a_program_that_does_not_parse_is_affected(copy: Path, path: str) -> None:
    append(copy, path, "\ndef (:\n")
    assert stack_ids(plan(copy, appended(path, "\nclass (:\n"))) == MODELS


def test_the_order_of_keys_counts_because_chains_and_examples_keep_it(copy: Path) -> None:
    old, new = "name: features\n          shape: [1, 4]", "shape: [1, 4]\n          name: features"
    assert stack_ids(plan(copy, replaced("models/iris-species/model.yaml", old, new))) == [IRIS]
