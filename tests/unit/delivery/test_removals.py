"""A model goes only after it was delivered as retired: what is said otherwise."""

import pytest

from delivery.errors import DeliveryError
from delivery.planning import removals
from delivery.planning.removals import Removal

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ANNOUNCE = (
    "write `lifecycle: retired` into models/iris-species/model.yaml, deliver that, and remove the folder "
    "afterwards."
)


def removal(
    environment: str = "dev",
    revision: str | None = COMMIT,
    *,
    is_known: bool = True,
    is_retired: bool = False,
    renamed: str | None = None,
) -> Removal:
    return Removal("iris-species", environment, revision, is_known, is_retired, renamed)


def refusal(*found: Removal) -> str:
    with pytest.raises(DeliveryError) as caught:
        removals.check(found)
    return str(caught.value)


def test_a_model_that_was_retired_may_go() -> None:
    removals.check([removal(is_retired=True), removal("prod", is_retired=True)])


def test_one_that_was_not_is_refused_with_what_to_do() -> None:
    assert refusal(removal()) == (
        "models/iris-species/ was removed, but at 0123456789ab it was not retired in dev, so its consumers would be "
        f"cut off unannounced. Restore the folder (`git checkout 0123456789ab -- models/iris-species/`), {ANNOUNCE}"
    )


def test_environments_with_the_same_reason_share_a_sentence() -> None:
    found = refusal(removal("dev"), removal("staging"), removal("prod"))
    assert found.count("\n") == 0
    assert "it was not retired in dev, staging and prod, so" in found


def test_the_environments_where_it_was_retired_are_not_named() -> None:
    assert "not retired in prod," in refusal(removal("dev", is_retired=True), removal("prod"))


def test_a_rename_is_a_removal_and_says_so() -> None:
    assert refusal(removal(renamed="lilies")).startswith(
        "models/iris-species/ was renamed to models/lilies/, which takes its API away, but at 0123456789ab it was not"
    )


def test_a_revision_that_is_not_here_is_to_be_fetched() -> None:
    assert refusal(removal(is_known=False)) == (
        "models/iris-species/ was removed, and 0123456789ab, deployed in dev, is not in this clone, so whether it was "
        "retired is not known. Fetch it: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow. If it is nowhere, "
        f"restore the folder, {ANNOUNCE}"
    )


def test_a_stack_that_does_not_tell_its_revision_is_not_destroyed_either() -> None:
    assert refusal(removal(revision=None, is_known=False)) == (
        "models/iris-species/ was removed, and no tag in dev tells from which revision it was deployed, so whether it "
        f"was retired is not known. Restore the folder, {ANNOUNCE} If nobody calls it, "
        'docs/operating.md, "Removing a model", has a shorter way.'
    )
