"""Which stacks there are and in which order they are deployed."""

from pathlib import Path

from delivery import stacks


def test_every_stack_comes_after_those_it_reads() -> None:
    order = [str(stack) for stack in stacks.deployment_order("dev", ["churn", "iris-species"])]
    assert order == ["foundation/dev", "platform/dev", "model/churn.dev", "model/iris-species.dev"]


def test_a_stack_knows_its_projects_folder() -> None:
    assert stacks.model("churn", "dev").directory(Path("/clone")) == Path("/clone/stacks/model")


def test_each_project_folder_exists() -> None:
    root = Path(__file__).parents[3]
    for stack in stacks.deployment_order("dev", ["churn"]):
        assert (stack.directory(root) / "Pulumi.yaml").is_file()
