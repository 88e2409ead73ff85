"""Every job of a pull request has to pass: `all green` waits for each."""

from pathlib import Path

import yaml

CI = Path(__file__).resolve().parents[3] / ".github" / "workflows" / "ci.yml"


def test_the_required_check_waits_for_every_other_job() -> None:
    jobs = yaml.safe_load(CI.read_text(encoding="utf-8"))["jobs"]

    assert set(jobs["all-green"]["needs"]) == jobs.keys() - {"all-green"}


def test_a_pull_request_is_compared_with_the_branch_that_it_goes_to() -> None:
    steps = yaml.safe_load(CI.read_text(encoding="utf-8"))["jobs"]["contracts"]["steps"]

    assert steps[-1]["run"] == "./dev compat --base HEAD^1"
    assert steps[0]["with"]["fetch-depth"] == 0, "the base, and the commits since, have to be there"
