"""Deliveries with the real engine, to an environment that a local Azure plays. The tests follow one another."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery import engine, program, records
from delivery.listener import Reports
from delivery.records import DeliveryRecord, Outcome, StackRecord
from delivery.stacks import StackId
from tests.support.azures import Company, founded

IRIS = StackId("model", "iris-species.dev")
DIABETES = StackId("model", "diabetes-progression.dev")
_DESCRIBED = "models/iris-species/model.yaml"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with founded(tmp_path_factory.mktemp("company"), ("dev",)) as begun:
        begun.dev("preview", "--env", "dev", env="dev")
        begun.deploy("dev")
        yield begun


def record(company: Company, operation: str) -> DeliveryRecord:
    """Return what the last operation of its kind wrote down."""
    (found,) = records.read(company.root / ".delivery" / operation)
    return found


def of(found: DeliveryRecord, stack: StackId) -> StackRecord:
    return next(each for each in found.stacks if each.stack == stack)


def names(found: DeliveryRecord) -> list[str]:
    return [str(each.stack) for each in found.stacks]


def changed(found: StackRecord) -> list[str]:
    return [f"{change.action} {change.name}" for change in found.changes]


def contents(folder: Path) -> dict[str, str]:
    """Return a digest of each file below the folder."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_preview_of_an_environment_that_was_never_deployed_creates_it_only_in_the_copy(
    company: Company,
) -> None:
    previewed = record(company, "preview")
    assert names(previewed) == ["foundation/dev", "platform/dev", str(DIABETES), str(IRIS)]
    assert {change.action for stack in previewed.stacks for change in stack.changes} == {"create"}
    policy = next(each for each in of(previewed, IRIS).changes if each.name == "iris-species-v1-policy")
    assert policy.after is not None
    assert policy.after["serviceName"] == records.UNKNOWN
    assert "platform/dev would change too" in of(previewed, IRIS).notes[0]


def test_everything_is_deployed_in_layers_and_tagged_with_the_commit(company: Company) -> None:
    assert names(record(company, "up")) == ["platform/dev", str(DIABETES), str(IRIS)]
    tags = company.tags("model", IRIS.name, env="dev")
    assert tags["revision"] == company.git("rev-parse", "HEAD")
    assert set(tags) == {"revision", "folder", "inputs"}


def test_a_second_delivery_finds_nothing_to_do(company: Company) -> None:
    done = company.dev("up", "--env", "dev", env="dev")
    assert (done.returncode, done.stdout) == (0, "dev: nothing to do. No stack differs.\n")


def test_all_stacks_are_left_as_they_are_by_an_update_that_changes_nothing(company: Company) -> None:
    done = company.dev("up", "--env", "dev", "--all", env="dev")
    assert done.returncode == 0, done.stderr
    found = record(company, "up")
    assert [(each.outcome, each.changes) for each in found.stacks] == [(Outcome.DONE, ())] * 4
    *_, told, waited = done.stdout.splitlines()
    assert told.endswith("no changes.")
    assert waited.startswith("  Critical path: ")


def test_a_preview_shows_what_changes_and_leaves_the_backend_alone(company: Company) -> None:
    company.edit(_DESCRIBED, "calls: 300", "calls: 600")
    before = contents(company.played["dev"].backend)
    done = company.dev("preview", "--env", "dev", "--base", "HEAD", env="dev")
    assert done.returncode == 0, done.stderr
    assert contents(company.played["dev"].backend) == before
    found = record(company, "preview")
    assert names(found) == [str(IRIS)]
    assert changed(of(found, IRIS)) == ["update iris-species-v1-policy"]
    assert of(found, IRIS).reasons == (f"{_DESCRIBED} changed",)
    assert of(found, IRIS).owner == "plant-science@contoso.example"
    assert found.revision == ""


def test_programs_in_one_process_give_the_same_previews_as_programs_of_their_own(
    company: Company,
) -> None:
    company.dev("preview", "--env", "dev", "--all", env="dev")
    together = record(company, "preview")
    environment = company.variables("dev") | {
        "PATH": f"{company.root / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_BACKEND_URL": f"file://{company.played['dev'].backend}",
    }
    assert program.of(company.root, "model") is None, "this process would run the program itself"
    for stack in together.stacks:
        target = engine.Target(stack.stack, company.root, environment)
        alone = engine.preview(target, Reports(lambda _: None, lambda _: None))
        assert (alone.resources, alone.unchanged) == (stack.changes, stack.unchanged)
    assert changed(of(together, IRIS)) == ["update iris-species-v1-policy"]


def test_what_differs_is_deployed_and_the_commit_before_remembered(company: Company) -> None:
    before = company.git("rev-parse", "HEAD")
    after = company.commit("Allow more calls")
    done = company.dev("up", "--env", "dev", env="dev")
    assert done.returncode == 0, done.stderr
    found = record(company, "up")
    assert names(found) == [str(IRIS)]
    assert changed(of(found, IRIS)) == ["update iris-species-v1-policy"]
    tags = company.tags("model", IRIS.name, env="dev")
    assert (tags["revision"], tags["previous-revision"]) == (after, before)


def test_an_older_commit_is_not_deployed_over_a_newer_one(company: Company) -> None:
    company.git("checkout", "--quiet", "HEAD~1")
    done = company.dev("up", "--env", "dev", env="dev")
    company.git("checkout", "--quiet", "main")
    assert done.returncode == 1
    assert "An older commit is not deployed over a newer one" in done.stderr


def test_a_folder_that_does_not_validate_stops_only_its_own_preview(company: Company) -> None:
    company.edit(_DESCRIBED, "calls: 600", "calls: many")
    done = company.dev("preview", "--env", "dev", "--all", env="dev")
    company.git("checkout", "--quiet", ".")
    assert done.returncode == 1
    found = record(company, "preview")
    assert [each.outcome for each in found.stacks] == ["done", "done", "done", "failed"]
    assert (
        'models/iris-species/model.yaml (environment dev): `limits.calls` is "many"' in of(found, IRIS).error
    )
    assert of(found, IRIS).error in done.stdout


def test_a_provider_that_refuses_is_told_without_a_traceback(company: Company) -> None:
    described = (
        "environments/dev.yaml",
        "stacks/foundation/Pulumi.dev.yaml",
        "stacks/platform/Pulumi.dev.yaml",
    )
    for path in described:
        company.edit(path, "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000009")
    done = company.dev("preview", "--env", "dev", env="dev")
    company.git("checkout", "--quiet", ".")
    assert done.returncode == 1
    assert {each.outcome for each in record(company, "preview").stacks} == {"failed"}
    assert "The stack is for the subscription 00000000-0000-0000-0000-000000000009" in done.stdout
    assert done.stderr == ""


def test_refresh_brings_the_state_to_what_azure_has(company: Company) -> None:
    done = company.dev("refresh", "--env", "dev", "--layer", "foundation", env="dev")
    assert done.returncode == 0, done.stderr
    assert names(record(company, "refresh")) == ["foundation/dev"]


def test_each_stack_has_a_log(company: Company) -> None:
    log = company.root / ".delivery" / "preview" / "logs" / "dev.preview" / "model-iris-species.dev.log"
    assert "Previewing update (iris-species.dev)" in log.read_text(encoding="utf-8")


def test_what_a_destruction_that_failed_has_left_is_deployed_again(company: Company) -> None:
    stored = company.played["dev"].backend / ".pulumi" / "stacks" / "model" / f"{IRIS.name}.json"
    state = json.loads(stored.read_text(encoding="utf-8"))
    resources = state["checkpoint"]["latest"]["resources"]
    next(each for each in resources if each["type"].endswith(":Backend"))["protect"] = True
    stored.write_text(json.dumps(state), encoding="utf-8")
    done = company.dev("destroy", "--env", "dev", "--model", "iris-species", env="dev")
    assert done.returncode == 1
    assert "it is protected" in done.stdout
    done = company.dev("up", "--env", "dev", env="dev")
    assert done.returncode == 0, done.stdout + done.stderr
    found = of(record(company, "up"), IRIS)
    assert found.reasons[0] == "was not updated to its end"
    assert {change.action for change in found.changes} == {"create"}


def test_one_model_is_destroyed_and_its_stack_removed(company: Company) -> None:
    done = company.dev("destroy", "--env", "dev", "--model", "iris-species", env="dev")
    assert done.returncode == 0, done.stdout + done.stderr
    found = of(record(company, "destroy"), IRIS)
    assert {change.action for change in found.changes} == {"delete"}
    stored = company.played["dev"].backend / ".pulumi" / "stacks" / "model"
    assert not (stored / f"{IRIS.name}.json").exists()
    assert (stored / f"{DIABETES.name}.json").exists()


def test_an_environment_is_taken_down_from_its_end(company: Company) -> None:
    done = company.dev("destroy", "--env", "dev", "--all", env="dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert names(record(company, "destroy")) == [str(DIABETES), "platform/dev", "foundation/dev"]
    assert company.git("status", "--porcelain") == "", "the settings of the layers stay"
