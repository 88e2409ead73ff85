"""Plans over several environments, from a clone and its backends, and what is refused."""

import shutil
from pathlib import Path

import pytest

from delivery import stacks, state
from delivery.errors import DeliveryError
from delivery.planning import plans
from delivery.planning.inputs import Tree
from delivery.planning.plans import Plan
from delivery.planning.trees import RevisionError
from shared.documents import DocumentError
from tests.support.revisions import append, commit, copy_sources, git, initialise, replace
from tests.unit.delivery.test_tags import write

AZURE = ("dev", "staging", "prod")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose environments keep their state in folders beside it."""
    root = copy_sources(tmp_path / "clone")
    for name in AZURE:
        account = f"azblob://pulumi-state?storage_account=stcontosomodels{name}"
        replace(root, f"environments/{name}.yaml", account, f"file://../{name}")
    initialise(root)
    return root


def deliver(clone: Path, *names: str) -> None:
    """Write the backends of environments as if the committed tree had been delivered to them."""
    revision = commit(clone)
    for name in names or AZURE:
        for stack, inputs in Tree(clone).inputs(name).items():
            tags = {"revision": revision, "inputs": inputs.digest}
            write(clone.parent / name, stack, [{"urn": "urn:pulumi:dev::x::y::z"}], tags)
        (clone.parent / name / ".pulumi" / "meta.yaml").write_text("version: 1\n")


def since(clone: Path, base: str, *names: str) -> Plan:
    return plans.against_base(clone, plans.chosen(clone, names), base)


def since_deployed(clone: Path, *names: str) -> Plan:
    return plans.against_deployed(clone, plans.chosen(clone, names), state.copy)


def told(plan: Plan) -> list[str]:
    return [f"{each.action} {each.stack}" for environment in plan.environments for each in environment.stacks]


# Environments


def test_all_environments_but_that_of_laptops_are_planned_in_their_order_of_promotion(clone: Path) -> None:
    assert plans.chosen(clone, []) == AZURE


def test_those_that_are_named_are_planned_in_that_order_too_and_once(clone: Path) -> None:
    assert plans.chosen(clone, ["prod", "local", "prod"]) == ("local", "prod")


def test_an_unknown_environment_is_refused_with_the_nearest(clone: Path) -> None:
    with pytest.raises(DocumentError, match=r'There is no environment "stagin"\. Did you mean `staging`\?'):
        plans.chosen(clone, ["stagin"])


def test_two_environments_with_one_backend_are_refused(clone: Path) -> None:
    replace(clone, "environments/prod.yaml", "file://../prod", "file://../staging")
    with pytest.raises(DocumentError, match=r"the place of environments/staging\.yaml too"):
        plans.chosen(clone, ["dev"])


# Against a base


def test_a_plan_names_what_was_compared(clone: Path) -> None:
    base = commit(clone)
    head = commit(clone)
    found = since(clone, "HEAD~1")
    assert (found.revision, found.base, told(found), found.notes) == (head, base, [], ())


def test_what_is_not_committed_is_planned_and_told(clone: Path) -> None:
    replace(clone, "models/iris-species/model.yaml", "calls: 300", "calls: 301")
    found = since(clone, "HEAD", "dev")
    assert found.revision == ""
    assert told(found) == ["deploy model/iris-species.dev"]
    assert found.notes == ("The tree has changes that are not committed; they are part of the plan.",)


def test_a_base_that_is_no_ancestor_is_refused(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "-b", "other")
    commit(clone, "another change")
    git(clone, "checkout", "--quiet", "main")
    commit(clone)
    with pytest.raises(
        RevisionError, match=r'The base "other" is no ancestor of HEAD: compare with where they part'
    ):
        since(clone, "other")


def test_an_unknown_base_is_refused(clone: Path) -> None:
    with pytest.raises(RevisionError, match='There is no revision "mian" in this clone'):
        since(clone, "mian")


def test_a_model_that_does_not_validate_stays_in_the_plan_beside_the_others(clone: Path) -> None:
    append(clone, "models/iris-species/model.yaml", "\n: [")
    append(clone, "models/diabetes-progression/contracts/v1/MLmodel")
    assert told(since(clone, "HEAD", "dev")) == [
        "deploy model/diabetes-progression.dev",
        "deploy model/iris-species.dev",
    ]


def test_an_environment_that_is_removed_stays_as_it_is(clone: Path) -> None:
    (clone / "environments" / "staging.yaml").unlink()
    found = since(clone, "HEAD")
    assert [each.environment for each in found.environments] == ["dev", "prod"]
    assert found.notes[-1] == (
        "environments/staging.yaml was removed: what is deployed there stays as it is (docs/operating.md, "
        '"Taking an environment down").'
    )


def test_a_model_that_was_not_retired_at_the_base_is_not_removed(clone: Path) -> None:
    base = git(clone, "rev-parse", "HEAD")
    shutil.rmtree(clone / "models" / "iris-species")
    with pytest.raises(DeliveryError) as caught:
        since(clone, base)
    assert str(caught.value).startswith(
        f"models/iris-species/ was removed, but at {base[:12]} it was not retired in dev, staging and prod, so"
    )


def test_a_model_of_a_laptop_goes_without_being_retired(clone: Path) -> None:
    shutil.rmtree(clone / "models" / "iris-species")
    assert told(since(clone, "HEAD", "local")) == ["destroy model/iris-species.local"]


def test_one_that_was_is_destroyed_in_prod_last(clone: Path) -> None:
    append(clone, "models/iris-species/model.yaml", "\nlifecycle: retired\n")
    base = commit(clone)
    shutil.rmtree(clone / "models" / "iris-species")
    assert told(since(clone, base, "prod", "dev", "staging")) == [
        "destroy model/iris-species.dev",
        "destroy model/iris-species.staging",
        "destroy model/iris-species.prod",
    ]


def test_a_renamed_folder_is_refused_as_the_removal_that_it_is(clone: Path) -> None:
    (clone / "models" / "iris-species").rename(clone / "models" / "lilies")
    with pytest.raises(
        DeliveryError, match=r"^models/iris-species/ was renamed to models/lilies/, which takes its API"
    ):
        since(clone, "HEAD")


def test_a_retired_model_may_be_renamed(clone: Path) -> None:
    append(clone, "models/iris-species/model.yaml", "\nlifecycle: retired\n")
    base = commit(clone)
    (clone / "models" / "iris-species").rename(clone / "models" / "lilies")
    found = since(clone, base, "dev")
    assert told(found) == ["deploy model/lilies.dev", "destroy model/iris-species.dev"]
    assert [note.partition(":")[0] for note in found.environments[0].notes] == [
        "models/iris-species/ was renamed to models/lilies/"
    ]


# Against what is deployed


def test_what_is_deployed_everywhere_is_planned_nowhere(clone: Path) -> None:
    deliver(clone)
    assert told(since_deployed(clone)) == []


def test_what_was_never_deployed_is_planned_whole_and_in_order(clone: Path) -> None:
    deliver(clone, "dev", "staging")
    assert told(since_deployed(clone)) == [
        "deploy foundation/prod",
        "deploy platform/prod",
        "deploy model/diabetes-progression.prod",
        "deploy model/iris-species.prod",
    ]


def test_each_environment_is_compared_with_what_is_deployed_there(clone: Path) -> None:
    deliver(clone)
    replace(clone, "models/iris-species/model.yaml", "calls: 300", "calls: 301")
    deliver(clone, "dev")
    assert told(since_deployed(clone)) == [
        "deploy model/iris-species.staging",
        "deploy model/iris-species.prod",
    ]


def test_a_removal_is_refused_where_the_retired_model_did_not_arrive_yet(clone: Path) -> None:
    deliver(clone)
    append(clone, "models/iris-species/model.yaml", "\nlifecycle: retired\n")
    deliver(clone, "dev", "staging")
    shutil.rmtree(clone / "models" / "iris-species")
    commit(clone)
    assert told(since_deployed(clone, "dev", "staging")) == [
        "destroy model/iris-species.dev",
        "destroy model/iris-species.staging",
    ]
    with pytest.raises(DeliveryError, match="it was not retired in prod, so"):
        since_deployed(clone)


def test_in_a_shallow_clone_what_differs_is_deployed_without_a_reason_in_its_files(clone: Path) -> None:
    deliver(clone)
    deployed = git(clone, "rev-parse", "HEAD")
    replace(clone, "models/iris-species/model.yaml", "calls: 300", "calls: 301")
    commit(clone)
    shallow = clone.with_name("shallow")
    git(clone, "clone", "--quiet", "--depth=1", f"file://{clone}", str(shallow))
    (found,) = since_deployed(shallow, "dev").environments
    assert [each.reasons for each in found.stacks] == [
        (f"was deployed from {deployed[:12]}, which is not in this clone",)
    ]


def test_a_damaged_stack_stays_in_the_plan_beside_the_others(clone: Path) -> None:
    deliver(clone)
    iris = stacks.model("iris-species", "dev")
    (clone.parent / "dev" / ".pulumi" / "stacks" / "model" / f"{iris.name}.json").write_text("{")
    append(clone, "models/diabetes-progression/contracts/v1/MLmodel")
    found = plans.against_deployed(clone, ["dev"], lambda url, into: [*state.copy(url, into), iris])
    assert told(found) == ["deploy model/diabetes-progression.dev", "deploy model/iris-species.dev"]


def test_what_is_no_clone_is_refused(clone: Path) -> None:
    deliver(clone)
    shutil.rmtree(clone / ".git")
    with pytest.raises(RevisionError, match="is no clone of a git repository"):
        since_deployed(clone)
