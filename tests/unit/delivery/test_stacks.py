"""Which stacks there are and in which order they are deployed."""

from pathlib import Path

from delivery import stacks


def test_a_stack_is_written_as_pulumi_writes_it() -> None:
    assert str(stacks.model("churn", "dev")) == "model/churn.dev"


def test_a_stack_knows_its_projects_folder() -> None:
    assert stacks.model("churn", "dev").directory(Path("/clone")) == Path("/clone/stacks/model")


def test_each_project_folder_exists() -> None:
    root = Path(__file__).parents[3]
    for stack in (stacks.foundation("dev"), stacks.platform("dev"), stacks.model("churn", "dev")):
        assert (stack.directory(root) / "Pulumi.yaml").is_file()
