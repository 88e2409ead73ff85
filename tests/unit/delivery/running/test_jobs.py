"""The order of stacks: up from the foundation, down from the models."""

from dataclasses import replace

from delivery.running.jobs import in_layers
from tests.unit.delivery.running.making import FOUNDATION, IRIS, PLATFORM, ROSE


def test_layers_follow_one_another_and_models_stand_beside_each_other() -> None:
    assert in_layers([ROSE, PLATFORM, IRIS, FOUNDATION]) == ((FOUNDATION,), (PLATFORM,), (ROSE, IRIS))


def test_a_layer_that_has_no_job_is_none() -> None:
    assert in_layers([IRIS]) == ((IRIS,),)


def test_what_is_destroyed_comes_last_and_from_the_end() -> None:
    gone = [replace(job, destroys=True) for job in (FOUNDATION, PLATFORM, ROSE)]
    assert in_layers([*gone, IRIS]) == ((IRIS,), (gone[2],), (gone[1],), (gone[0],))
