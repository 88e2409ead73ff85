"""The workflows of .github really run, on this machine: local Azures play dev, staging and prod, a server GitHub."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from pydantic import JsonValue

from laptop.arm import Arm
from shared.platform.headers import BACKEND_SECRET
from tests.support.act import Runner
from tests.support.azures import NAMES, Company, founded
from tests.support.github import REPOSITORY, FakeGitHub, serve
from tests.support.replies import Replies, serving

pytestmark = pytest.mark.timeout(600)  # a promotion is twenty jobs, one after the other

MODEL = "iris-species"
PULL_REQUEST = 7
SUBSCRIPTIONS = {name: f"00000000-0000-0000-0000-{number:012}" for number, name in enumerate(NAMES, start=1)}
STAGE = ("settings", "foundation", "platform", "models 1/1", "smoke test", "summary")
"""The jobs of a deployment, in the order in which they end."""
ANSWER: JsonValue = {
    "model_name": MODEL,
    "model_version": "v1",
    "outputs": [{"name": "predict", "shape": [1, 1], "datatype": "INT64", "data": [0]}],
}


@dataclass(frozen=True)
class Site:
    """Everything that a run meets."""

    company: Company
    github: FakeGitHub
    runner: Runner
    servers: dict[str, Replies]
    """The model server of each environment."""

    def pull_request(self, *, fork: bool = False) -> JsonValue:
        """Return what the event of a pull request tells; it is checked out as it would be merged."""
        head = "mallory/model-gateway" if fork else REPOSITORY
        return {
            "pull_request": {"number": PULL_REQUEST, "head": {"repo": {"full_name": head}}},
            "repository": {"full_name": REPOSITORY},
        }

    def propose(self, branch: str, old: str, new: str) -> None:
        """Check out what GitHub merges for a pull request that changes the model's description."""
        self.company.git("checkout", "--quiet", "-b", branch)
        self.company.edit(f"models/{MODEL}/model.yaml", old, new)
        self.company.commit(f"Change {old} to {new}")
        self.company.git("checkout", "--quiet", "--detach", "main")
        self.company.git("merge", "--quiet", "--no-ff", "--no-edit", branch)

    def revision(self, environment: str) -> str | None:
        """Return which commit of the model is deployed; None when none is."""
        folder = self.company.played[environment].backend / ".pulumi" / "stacks" / "model"
        file = folder / f"{MODEL}.{environment}.pulumi-tags"
        return json.loads(file.read_text())["tags"]["revision"] if file.is_file() else None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("workflows")
    with ExitStack() as stack:
        company = stack.enter_context(founded(folder / "company"))
        github = stack.enter_context(serve())
        servers = {name: stack.enter_context(serving()) for name in NAMES}
        for name, server in servers.items():
            server.answer(f"POST /v2/models/{MODEL}/infer", 200, ANSWER)
            company.edit(
                f"models/{MODEL}/model.yaml", f"https://{MODEL}.{name}.models.contoso.example", server.url
            )
            github.guard(name)
        github.guard("approve-prod", reviewers=True)
        company.git("rm", "-r", "--quiet", "models/diabetes-progression")
        runner = Runner(company, github, folder / "runner")
        runner.prepare()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: _found(company, name), NAMES))
        yield Site(company, github, runner, servers)


def _found(company: Company, name: str) -> None:
    """Deploy the foundation of an environment, and do what an operator does once."""
    done = company.dev("up", "--env", name, "--layer", "foundation", env=name)
    assert done.returncode == 0, done.stdout + done.stderr
    vault = company.outputs("foundation", name, env=name)["vault_id"]
    Arm(company.played[name].ports.arm_url).ensure_secret(str(vault), BACKEND_SECRET)


def test_a_pull_request_is_previewed_everywhere_and_told_in_one_comment(site: Site) -> None:
    before = site.company.git("rev-parse", "HEAD")
    site.propose("limits", "calls: 300", "calls: 600")

    ran = site.runner.run("pull_request", site.pull_request(), "ci", "--job", "preview")

    assert ran.code == 0, ran.log
    # act numbers the jobs of a matrix.
    previews = [f"previews/preview/preview {name} 1/1-{at}" for at, name in enumerate(NAMES, start=1)]
    assert ran.jobs == dict.fromkeys(
        ["previews/preview/plan", *previews, "previews/preview/comment"], "success"
    )
    assert sorted(site.runner.logins()) == [f"preview preview {SUBSCRIPTIONS[name]}" for name in NAMES]
    assert [site.revision(name) for name in NAMES] == [None, None, None], "previews deploy nothing"
    (comment,) = site.github.comments[PULL_REQUEST]
    assert "600" in str(comment["body"])
    site.company.git("checkout", "--quiet", "main")
    assert site.company.git("rev-parse", "HEAD") == before


def test_a_pull_request_of_a_fork_gets_no_login_and_no_comment(site: Site) -> None:
    asked = list(site.github.requests)

    ran = site.runner.run("pull_request", site.pull_request(fork=True), "ci", "--job", "preview")

    assert (ran.code, ran.jobs) == (0, {})
    assert site.github.requests == asked


def test_a_merge_stops_at_the_stage_that_does_not_answer(site: Site) -> None:
    merged = site.company.git("rev-parse", "HEAD")
    site.servers["staging"].answer(f"POST /v2/models/{MODEL}/infer", 404, {"error": "no such model"})

    ran = site.runner.run("push", {"ref": "refs/heads/main"}, "deploy")

    assert ran.code == 1
    assert list(ran.jobs.items()) == [
        *((f"dev/deploy an environment/{job}", "success") for job in STAGE),
        *((f"staging/deploy an environment/{job}", "success") for job in STAGE[:4]),
        ("staging/deploy an environment/smoke test", "failure"),
        ("staging/deploy an environment/summary", "success"),
    ], ran.log
    assert [site.revision(name) for name in NAMES] == [merged, merged, None]
    told = "\n".join(ran.summaries)
    assert "## dev is deployed" in told
    assert "## The promotion stopped in staging\n\nsmoke failed; prod is as before." in told
    assert f"    ./dev rollback {MODEL} --env staging" in told


def test_a_merge_brings_what_the_one_before_left_to_prod(site: Site) -> None:
    merged = site.company.git("rev-parse", "HEAD")
    site.servers["staging"].answer(f"POST /v2/models/{MODEL}/infer", 200, ANSWER)

    ran = site.runner.run("push", {"ref": "refs/heads/main"}, "deploy")

    assert ran.code == 0, ran.log
    assert list(ran.jobs) == [
        *(f"dev/deploy an environment/{job}" for job in STAGE),
        *(f"staging/deploy an environment/{job}" for job in STAGE),
        *(f"prod/approve an environment/{job}" for job in ("settings", "preview prod", "approval of prod")),
        *(f"prod/deploy an environment/{job}" for job in STAGE),
    ]
    assert [site.revision(name) for name in NAMES] == [merged] * 3
