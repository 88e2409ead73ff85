"""The workflows name the environments that environments/ describes, in the order of promotion."""

from pathlib import Path

import pytest
import yaml
from pydantic import JsonValue, TypeAdapter

from shared import environments

ROOT = Path(__file__).resolve().parents[3]
DELIVERED = {name: each for name, each in environments.load_all(ROOT).items() if name != "local"}


def workflow(name: str) -> dict[str, JsonValue]:
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
    # YAML 1.1 reads the key `on` as true.
    return TypeAdapter(dict[str, JsonValue]).validate_python(
        {"on" if key is True else key: value for key, value in yaml.safe_load(text).items()}
    )


def members(value: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(value, dict)
    return value


def test_a_merge_goes_through_all_environments_in_their_order() -> None:
    jobs = members(workflow("deploy")["jobs"])
    before = ""
    for name, environment in DELIVERED.items():
        if environment.approval:
            assert members(jobs[f"approve-{name}"])["with"] == {"environment": name}
            assert members(jobs[f"approve-{name}"])["needs"] == before
            before = f"approve-{name}"
        assert members(jobs[name])["uses"] == "./.github/workflows/deploy-environment.yml"
        assert members(jobs[name])["with"] == {"environment": name}
        assert members(jobs[name]).get("needs", "") == before
        before = name

    assert len(jobs) == len(DELIVERED) + sum(each.approval for each in DELIVERED.values())


def test_an_environment_is_deployed_layer_by_layer_and_then_called() -> None:
    jobs = members(workflow("deploy-environment")["jobs"])

    assert {name: members(job).get("needs") for name, job in jobs.items()} == {
        "settings": None,
        "foundation": "settings",
        "platform": ["settings", "foundation"],
        "models": ["settings", "platform"],
        "smoke": ["settings", "models"],
        "summary": ["settings", "foundation", "platform", "models", "smoke"],
    }


@pytest.mark.parametrize("name", ["rollback", "destroy"])
def test_what_is_done_by_hand_offers_all_environments(name: str) -> None:
    dispatch = members(members(workflow(name)["on"])["workflow_dispatch"])

    assert members(members(dispatch["inputs"])["environment"])["options"] == list(DELIVERED)


def test_one_job_stands_for_all_others_of_a_pull_request() -> None:
    jobs = members(workflow("ci")["jobs"])
    last = members(jobs.pop("all-green"))

    assert last["name"] == "all green"
    assert last["if"] == "always()"
    assert last["needs"] == list(jobs)
    assert set(members(workflow("ci")["on"])) == {"pull_request", "merge_group"}


@pytest.mark.parametrize("name", ["approve-environment", "deploy-environment", "destroy", "drift", "preview"])
def test_a_report_that_was_cut_can_be_downloaded_whole(name: str) -> None:
    """A report that is too long says that the whole of it is in the run's artifact."""
    for job in members(workflow(name)["jobs"]).values():
        steps = [
            members(step)
            for step in TypeAdapter(list[JsonValue]).validate_python(members(job).get("steps", []))
        ]
        reports = [
            step for step in steps if "./dev report results --markdown report.md" in str(step.get("run"))
        ]
        uploads = [step for step in steps if members(step.get("with", {})).get("path") == "report.whole.md"]
        assert len(uploads) == len(reports)
        assert not uploads or steps.index(reports[0]) < steps.index(uploads[0])


def test_a_job_that_runs_again_may_upload_again() -> None:
    """After a failure from outside, people run the failed jobs again; an artifact of the same name is refused else."""
    paths = (ROOT / ".github" / "workflows").glob("*.yml")
    jobs = [members(job) for path in paths for job in members(workflow(path.stem)["jobs"]).values()]
    steps = [
        step for job in jobs for step in TypeAdapter(list[JsonValue]).validate_python(job.get("steps", []))
    ]
    uploads = [
        members(members(step)["with"])
        for step in steps
        if str(members(step).get("uses")).startswith("actions/upload-artifact@")
    ]
    assert uploads
    assert [each["name"] for each in uploads if each.get("overwrite") is not True] == []
