"""How many runners share the stacks of an environment, and which takes which."""

import pytest

from delivery import stacks
from delivery.errors import DeliveryError
from delivery.planning.differences import Action, Affected
from delivery.planning.shards import count, shard
from delivery.stacks import StackId


def affected(stack: StackId) -> Affected:
    return Affected(stack, Action.DEPLOY, ("is new",))


LAYERS = [affected(stacks.foundation("dev")), affected(stacks.platform("dev"))]
MODELS = [affected(stacks.model(f"fleet-{number:03}", "dev")) for number in range(100)]


@pytest.mark.parametrize(
    ("stacks", "most", "expected"),
    [(0, 4, 1), (1, 4, 1), (19, 4, 1), (20, 4, 2), (39, 4, 3), (40, 4, 4), (1000, 4, 4), (1000, 1, 1)],
)
def test_a_runner_is_started_for_each_ten_stacks(stacks: int, most: int, expected: int) -> None:
    assert count(stacks, most) == expected


@pytest.mark.parametrize("of", [1, 2, 3, 4, 7])
def test_each_stack_is_in_one_part_and_in_its_order(of: int) -> None:
    parts = [shard([*LAYERS, *MODELS], f"{number}/{of}") for number in range(1, of + 1)]
    assert sorted((each for part in parts for each in part), key=str) == sorted([*LAYERS, *MODELS], key=str)
    assert all(list(part) == [each for each in [*LAYERS, *MODELS] if each in part] for part in parts)


def test_parts_are_of_about_one_size() -> None:
    assert all(15 <= len(shard(MODELS, f"{number}/4")) <= 35 for number in (1, 2, 3, 4))


def test_the_layers_below_belong_to_the_first_part() -> None:
    assert shard(LAYERS, "1/3") == tuple(LAYERS)
    assert shard(LAYERS, "2/3") == shard(LAYERS, "3/3") == ()


def test_a_model_s_part_does_not_depend_on_what_else_is_affected() -> None:
    whole = shard(MODELS, "2/4")
    assert shard(MODELS[::7], "2/4") == tuple(each for each in MODELS[::7] if each in whole)


@pytest.mark.parametrize(
    "part", ["", "2", "0/2", "3/2", "1/0", "1/2/3", "-1/2", "1/2 ", "a/b", "\u0661/\u0662"]
)
def test_a_part_that_there_is_not_is_refused(part: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        shard(MODELS, part)
    assert str(caught.value) == f'There is no shard "{part}": name one as 2/3, the second of three.'
