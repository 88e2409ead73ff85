"""What a plan says after real deliveries: the engine's own checkpoints and tags are what it compares with."""

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.support.azures import Company, founded


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with founded(tmp_path_factory.mktemp("company"), ("dev",)) as begun:
        shutil.rmtree(begun.root / "models" / "diabetes-progression")
        begun.commit("Leave one model")
        begun.deploy("dev")
        yield begun


def plan(company: Company) -> dict[str, list[str]]:
    """Return the reasons for each stack that differs from what is deployed."""
    done = company.dev("plan", "--env", "dev", "--json", "-", env="dev")
    assert done.returncode == 0, done.stderr
    return {
        f"{each['action']} {each['stack']}": each["reasons"]
        for each in json.loads(done.stdout)["environments"]["dev"]
    }


def up(company: Company) -> None:
    done = company.dev("up", "--env", "dev", env="dev")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_change_is_planned_until_it_is_deployed(company: Company) -> None:
    assert plan(company) == {}
    company.edit("models/iris-species/model.yaml", "calls: 300", "calls: 301")
    company.commit("Allow another call")
    assert plan(company) == {"deploy model/iris-species.dev": ["models/iris-species/model.yaml changed"]}
    up(company)
    assert plan(company) == {}


def test_an_update_that_failed_is_planned_also_when_its_change_is_reverted(company: Company) -> None:
    company.edit("models/iris-species/model.yaml", "products: [trial, standard]", "products: [trial]")
    company.edit("stacks/model/__main__.py", "    version_set =", "    1 / 0\n    version_set =")
    company.commit("Break the program")
    assert company.dev("up", "--env", "dev", env="dev").returncode == 1
    company.git("revert", "--no-edit", "HEAD")
    assert plan(company) == {"deploy model/iris-species.dev": ["was not updated to its end"]}
    up(company)
    assert plan(company) == {}


def test_a_model_is_removed_once_it_was_delivered_as_retired(company: Company) -> None:
    file = company.root / "models" / "iris-species" / "model.yaml"
    shutil.rmtree(file.parent)
    company.commit("Remove the model")
    refused = company.dev("plan", "--env", "dev", env="dev")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "it was not retired in dev, so its consumers would be cut off unannounced" in refused.stderr
    company.git("revert", "--no-edit", "HEAD")
    file.write_text(file.read_text() + "\nlifecycle: retired\n")
    company.commit("Retire the model")
    up(company)
    shutil.rmtree(file.parent)
    company.commit("Remove the model")
    assert plan(company) == {"destroy model/iris-species.dev": ["models/iris-species/ was removed"]}
