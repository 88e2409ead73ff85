import json
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from shared.documents import DocumentError
from shared.environments import REPOSITORY, load_all
from shared.model import contracts, description
from shared.model.folder import ModelFolder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with the environments of this one and a copy of its model."""
    copytree(REPOSITORY / "environments", tmp_path / "environments")
    (tmp_path / "models" / "iris-species").mkdir(parents=True)
    original = REPOSITORY / "models" / "iris-species"
    copytree(original / "contracts", tmp_path / "models" / "iris-species" / "contracts")
    (tmp_path / "models" / "iris-species" / "model.yaml").write_text((original / "model.yaml").read_text())
    return tmp_path


def _change(root: Path, **changes: Any) -> None:
    file = root / "models" / "iris-species" / "model.yaml"
    content = {**yaml.safe_load(file.read_text()), **changes}
    file.write_text(yaml.safe_dump({key: value for key, value in content.items() if value is not None}))


def _at(endpoint: str) -> dict[str, Any]:
    return {"versions": {"v1": {"deployments": {"main": {"endpoint": endpoint}}}}}


def _problem(root: Path, environment: str = "dev") -> str:
    with pytest.raises(DocumentError) as caught:
        _load(root, environment)
    return str(caught.value)


def _load(root: Path, environment: str) -> None:
    contracts.load("iris-species", description.load("iris-species", environment, root=root), root)


@pytest.mark.parametrize("environment", list(load_all()))
@pytest.mark.parametrize("model", description.names())
def test_every_model_is_right_in_every_environment(model: str, environment: str) -> None:
    described = description.load(model, environment)
    assert set(contracts.load(model, described)) == set(described.versions)


def test_each_environment_has_its_own_endpoint() -> None:
    endpoints = {
        environment: description.load("iris-species", environment).versions["v1"].deployments["main"].endpoint
        for environment in load_all()
    }
    assert endpoints == {
        "local": "http://127.0.0.1:7502",
        "dev": "https://iris-species.dev.models.contoso.example",
        "staging": "https://iris-species.staging.models.contoso.example",
        "prod": "https://iris-species.prod.models.contoso.example",
    }


def test_an_environment_without_an_endpoint_of_its_own_calls_no_other(root: Path) -> None:
    patches = yaml.safe_load((root / "models/iris-species/model.yaml").read_text())["environments"]
    _change(root, environments={name: patch for name, patch in patches.items() if name != "dev"})
    assert _problem(root) == (
        "models/iris-species/model.yaml (environment dev): `versions.v1.deployments` is missing. "
        "Add it: a map from a name, such as main, to the endpoint of a model server in this environment."
    )


def test_an_endpoint_may_be_given_where_the_server_runs() -> None:
    described = description.load("iris-species", "local", endpoint="http://127.0.0.1:5/")
    assert described.versions["v1"].deployments["main"].endpoint == "http://127.0.0.1:5"


def test_an_unknown_model_is_answered_with_the_nearest_and_all_known_ones() -> None:
    with pytest.raises(DocumentError) as caught:
        description.load("iris-specie", "dev")
    assert str(caught.value).startswith(
        'There is no model "iris-specie". Did you mean `iris-species`? Models are: '
    )


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(DocumentError, match='There is no environment "prd"'):
        description.load("iris-species", "prd")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ownr": "x"}, "`ownr` is not known. Did you mean `owner`?"),
        ({"owner": "me"}, '`owner` is "me"; it must be the e-mail address of the team that owns the model.'),
        (
            {"owner": f"{'x' * 250}@contoso.example"},
            "it must be the e-mail address of the team that owns the model.",
        ),
        (
            {"access": {"products": ["a/b"]}},
            '`access.products.0` is "a/b": a product is named with 1 to 63 lower-case letters',
        ),
        (
            {"limits": {"calls": True, "renewal-period": 60}},
            "`limits.calls` is true; it must be a whole number of calls from 1.",
        ),
        (
            {"limits": {"calls": 60.0, "renewal-period": 60}},
            "`limits.calls` is 60.0; it must be a whole number of calls from 1.",
        ),
        ({"access": {"products": ["trial", "trial"]}}, 'it names "trial" more than once.'),
        (
            {"access": {"products": ["trial"], "key": False}},
            "`key: false` without `entra` lets everybody in.",
        ),
        ({"kind": "onnx"}, '`kind` is "onnx"; it must be one of '),
        ({"team": "plant-science"}, "it must be the GitHub team that reviews changes of the folder"),
        (
            {"limits": {"calls": 5, "renewal-period": 301}},
            "it must be a whole number of seconds from 1 to 300.",
        ),
        ({"limits": None}, "`limits` is missing. Add it: a map with calls and renewal-period."),
        (
            {"versions": {"1": {}}},
            "`versions.1`: a version is named v and a whole number from 1, such as v1. Rename it.",
        ),
    ],
)
def test_a_wrong_description_is_refused(root: Path, changes: dict[str, Any], sentence: str) -> None:
    _change(root, **changes)
    problem = _problem(root)
    assert problem.startswith("models/iris-species/model.yaml (environment dev): ")
    assert sentence in problem


@pytest.mark.parametrize(
    ("endpoint", "sentence"),
    [
        ("http://iris.contoso.example", "an endpoint must begin with https://. Correct it."),
        ("http://127.0.0.1:80", "an endpoint must begin with https://. Correct it."),
        ("iris.contoso.example", "an endpoint is a URL such as"),
        (
            "https://iris.contoso.example/" + "x" * 1972,
            "has at most 2000 characters in API Management, this one 2001",
        ),
        ("https://[bad", "an endpoint is a URL such as"),
        ("https://iris.contoso.example:99999", "an endpoint is a URL such as"),
        ("https://iris.contoso.example/a b", "an endpoint is a URL such as"),
        ("https://iris.contoso.example ", "an endpoint is a URL such as"),
        ("https://:secret@iris.contoso.example", "an endpoint has no user, query or fragment"),
        ("https://iris.contoso.example#", "an endpoint has no user, query or fragment"),
        ("https://user@iris.contoso.example", "an endpoint has no user, query or fragment"),
        ("https://iris.contoso.example?x=1", "an endpoint has no user, query or fragment"),
    ],
)
def test_an_endpoint_outside_the_laptop_must_be_https(root: Path, endpoint: str, sentence: str) -> None:
    _change(root, environments={"dev": _at(endpoint)})
    assert sentence in _problem(root)


def test_plain_http_on_the_laptop_stays_on_the_laptop(root: Path) -> None:
    _change(root, environments={"local": _at("http://iris.contoso.example")})
    assert "an endpoint must begin with https:// or be on this machine." in _problem(root, "local")


def test_an_unknown_environment_among_the_patches_is_refused(root: Path) -> None:
    _change(root, environments={"production": {}})
    assert _problem(root) == (
        "models/iris-species/model.yaml: `environments.production` is not known. Known: dev, local, prod, staging."
    )


def test_a_patch_is_checked_like_the_rest(root: Path) -> None:
    _change(root, environments={"dev": {"limits": {"call": 1}}})
    assert "`limits.call` is not known. Did you mean `calls`?" in _problem(root)


def test_a_patch_may_remove_a_version(root: Path) -> None:
    versions = yaml.safe_load((root / "models/iris-species/model.yaml").read_text())["versions"]
    version = {**versions["v1"], "deployments": {"main": {"endpoint": "https://iris.contoso.example"}}}
    _change(root, versions={"v1": version, "v2": version}, environments={"prod": {"versions": {"v2": None}}})
    assert set(description.load("iris-species", "dev", root=root).versions) == {"v1", "v2"}
    assert set(description.load("iris-species", "prod", root=root).versions) == {"v1"}


def test_the_example_of_the_team_is_the_example_of_the_operation() -> None:
    described = description.load("iris-species", "dev")
    request = contracts.load("iris-species", described)["v1"].operation("predict").request
    assert request is not None
    assert request.representations[0].example == described.versions["v1"].example


def test_an_example_that_does_not_fit_the_contract_is_refused(root: Path) -> None:
    versions = yaml.safe_load((root / "models/iris-species/model.yaml").read_text())["versions"]
    versions["v1"]["example"]["inputs"][0]["name"] = "petals"
    _change(root, versions=versions)
    assert _problem(root) == (
        "models/iris-species/model.yaml: `versions.v1.example` does not fit the contract: "
        "at $.inputs[0].name, 'petals' is not one of ['features']. Correct the example."
    )


def test_a_contract_that_is_not_there_is_named(root: Path) -> None:
    (root / "models/iris-species/contracts/v1.json").unlink()
    assert (
        _problem(root)
        == "models/iris-species/contracts/v1.json: is not there. Add it, or correct the path to it."
    )


@pytest.mark.parametrize(
    "path", ["../v1.json", "contracts/../../v1.json", "/etc/v1.json", "contracts/.v1.json"]
)
def test_a_contract_is_a_file_of_the_model(root: Path, path: str) -> None:
    versions = yaml.safe_load((root / "models/iris-species/model.yaml").read_text())["versions"]
    versions["v1"]["contract"] = path
    _change(root, versions=versions)
    assert "it must be the path of a file below the model's folder" in _problem(root)


@pytest.mark.parametrize("name", ["Iris", "1ris", "iris-", "i", "i" * 54, "iris_species"])
def test_a_folder_whose_name_cannot_be_an_identifier_is_refused(root: Path, name: str) -> None:
    (root / "models" / "iris-species").rename(root / "models" / name)
    with pytest.raises(DocumentError, match="named with 2 to 53 lower-case letters, digits and hyphens"):
        description.load(name, "dev", root=root)


def test_a_model_serves_until_it_is_retired(root: Path) -> None:
    assert description.load("iris-species", "dev", root=root).serving == ("v1",)
    _change(root, lifecycle="retired")
    assert description.load("iris-species", "dev", root=root).serving == ()


def test_a_version_may_end_before_its_model(root: Path) -> None:
    versions = yaml.safe_load((root / "models/iris-species/model.yaml").read_text())["versions"]
    v1 = {
        **versions["v1"],
        "lifecycle": {"stage": "deprecated", "since": "2026-11-24", "sunset": "2027-05-31"},
    }
    v2 = {**versions["v1"], "deployments": {"main": {"endpoint": "https://iris.contoso.example"}}}
    _change(root, versions={"v1": v1, "v2": v2})
    described = description.load("iris-species", "dev", root=root)
    assert [described.lifecycle_of(name).stage.value for name in ("v1", "v2")] == ["deprecated", "active"]
    assert described.successor_of("v1") == "v2"
    assert described.serving == ("v1", "v2")


@pytest.mark.parametrize(
    ("lifecycle", "sentence"),
    [
        ("gone", '`lifecycle` is "gone"; it must be active, retired, or a map with stage, since, sunset and'),
        ("deprecated", "a deprecated version tells its consumers until when it serves: add since and sunset"),
        (
            {"stage": "deprecated", "since": "2027-01-01", "sunset": "2026-01-01"},
            "sunset 2026-01-01 is not after since 2027-01-01. Choose a later day.",
        ),
        ({"stage": "active", "since": "2027-01-01"}, "an active version has neither since, sunset nor successor."),
        ({"stage": "retired", "successor": "v9"}, 'the successor of v1 is "v9", which is no other version of this'),
    ],
)  # fmt: skip
def test_a_lifecycle_that_there_is_not_is_refused(root: Path, lifecycle: Any, sentence: str) -> None:
    _change(root, lifecycle=lifecycle)
    assert sentence in _problem(root)


@pytest.mark.parametrize(
    ("versioning", "sentence"),
    [
        ({"header": "Api Version"}, "it must be the name of a header, such as Api-Version."),
        ({"header": "a", "query": "b"}, "a version is told by a header or a query parameter, not by both."),
        ({}, "it is empty: write segment, {header: <name>} or {query: <name>}."),
        (
            {"header": "AUTHORIZATION"},
            "AUTHORIZATION says something else of a call already. Choose another name.",
        ),
        ({"header": "Ocp-Apim-Subscription-Key"}, "says something else of a call already."),
        ({"query": "subscription-key"}, "subscription-key says something else of a call already."),
    ],
)
def test_a_versioning_that_there_is_not_is_refused(root: Path, versioning: Any, sentence: str) -> None:
    _change(root, versioning=versioning)
    assert sentence in _problem(root)


@pytest.mark.parametrize("summary", ["\0", "a\x1b[31mb", "\r", "a\u202eb", "\x9b"])
def test_a_summary_has_no_character_that_a_terminal_obeys(root: Path, summary: str) -> None:
    _change(root, summary=summary)
    assert "what the model tells, in 1 to 1000 characters that are seen" in _problem(root)


def test_weights_of_deployments_sum_to_a_hundred(root: Path) -> None:
    patch = _at("https://iris.contoso.example")
    patch["versions"]["v1"]["deployments"]["canary"] = {
        "endpoint": "https://canary.contoso.example",
        "weight": 10,
    }
    _change(root, environments={"dev": patch})
    assert "the weights of its deployments (canary 10, main 100) sum to 110. Make it 100." in _problem(root)


@pytest.mark.parametrize(
    ("contract", "sentence"),
    [
        (5, "`versions.v1.contract` is 5; it must be the path of a file below the model's folder"),
        ({"request": "a.json", "response": "/b"}, '`versions.v1.contract.response` is "/b"; it must be the path'),
        ({"request": "a.json", "response": "b.json", "pth": "/x"}, "`versions.v1.contract.pth` is not known. Did you"),
    ],
)  # fmt: skip
def test_a_contract_of_either_form_gets_one_sentence(root: Path, contract: Any, sentence: str) -> None:
    patch = _at("https://iris.contoso.example")
    patch["versions"]["v1"]["contract"] = contract
    _change(root, environments={"dev": patch})
    (problem,) = _problem(root).splitlines()
    assert sentence in problem


def test_a_deployment_that_is_no_map_is_told_what_belongs_into_one(root: Path) -> None:
    _change(root, environments={"dev": {"versions": {"v1": {"deployments": {"main": "https://x.example"}}}}})
    assert (
        '`versions.v1.deployments.main` is "https://x.example"; it must be a map with endpoint, weight.'
        in (_problem(root))
    )


def test_a_kind_that_is_misspelt_is_answered_with_the_nearest(root: Path) -> None:
    _change(root, kind="open-inference")
    assert _problem(root).endswith("Did you mean `open-inference-protocol`?")


def test_each_version_without_a_server_is_told(root: Path) -> None:
    versions = yaml.safe_load((root / "models/iris-species/model.yaml").read_text())["versions"]
    _change(root, versions={"v1": versions["v1"], "v2": versions["v1"]}, environments={})
    assert [f"`versions.{name}.deployments` is missing." in _problem(root) for name in ("v1", "v2")] == [
        True,
        True,
    ]


def test_a_day_needs_no_quotes(root: Path) -> None:
    file = root / "models/iris-species/model.yaml"
    lifecycle = "lifecycle: {stage: deprecated, since: 2026-11-24, sunset: 2027-05-31}"
    file.write_text(f"{file.read_text()}{lifecycle}\n")
    assert description.load("iris-species", "dev", root=root).lifecycle.sunset == date(2027, 5, 31)


def test_two_versions_of_one_name_are_refused(root: Path) -> None:
    file = root / "models/iris-species/model.yaml"
    file.write_text(file.read_text().replace("versions:\n", "versions:\n  v1: {contract: a.json}\n", 1))
    assert _problem(root) == (
        "models/iris-species/model.yaml, line 10: the key `versions.v1` is there already. Remove one of the two."
    )


def test_a_description_of_100_megabytes_is_refused_unread(root: Path) -> None:
    with (root / "models/iris-species/model.yaml").open("wb") as sparse:
        sparse.truncate(100_000_000)
    assert _problem(root) == (
        "models/iris-species/model.yaml: has 100,000,000 bytes; at most 1,048,576 are read. "
        "Shorten it, or name the file that is meant."
    )


def test_a_contract_of_100_megabytes_is_refused_unread(root: Path) -> None:
    with (root / "models/iris-species/contracts/v1.json").open("wb") as sparse:
        sparse.truncate(100_000_000)
    assert "contracts/v1.json: has 100,000,000 bytes; at most 4,194,304 are read." in _problem(root)


@pytest.mark.parametrize("linked", ["", "model.yaml", "contracts", "contracts/v1.json"])
def test_a_model_that_is_elsewhere_is_refused(root: Path, tmp_path: Path, linked: str) -> None:
    inside = root / "models" / "iris-species" / linked
    elsewhere = tmp_path / "elsewhere"
    inside.rename(elsewhere)
    inside.symlink_to(elsewhere)
    name = f"models/iris-species/{linked}".rstrip("/")
    assert _problem(root) == (
        f"{name}: is a symbolic link, and a model is made from what its folder holds. Put a copy in its place."
    )


@pytest.mark.parametrize("path", ["../other/contracts/v1.json", "contracts/../../v1.json", "/etc/hosts"])
def test_a_path_that_leads_out_of_the_folder_is_not_followed(root: Path, path: str) -> None:
    with pytest.raises(DocumentError) as caught:
        ModelFolder(root, "iris-species").read(path)
    assert str(caught.value) == (
        f"models/iris-species/{path}: leads out of models/iris-species. Put the file into that folder."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"openapi": "3.1.0"}, "looks like a document of the kind openapi, and model.yaml says"),
        ({"flavors": {"sklearn": {}}}, "looks like a document of the kind mlflow, and model.yaml says"),
        ({"type": "object", "properties": {}}, "looks like a document of the kind json-schema, and model.yaml says"),
        ({"name": "iris-species"}, "`inputs` is missing."),
        ([], "must hold keys and values, but holds []."),
        (None, "is empty. Write its keys and values."),
    ],
)  # fmt: skip
def test_a_contract_of_another_kind_is_told_as_what_it_looks_like(
    root: Path, content: Any, sentence: str
) -> None:
    (root / "models/iris-species/contracts/v1.json").write_text(json.dumps(content))
    assert f"models/iris-species/contracts/v1.json: {sentence}" in _problem(root)


def test_what_is_wrong_with_the_contracts_of_all_versions_is_told_at_once(root: Path) -> None:
    patch = _at("https://iris.contoso.example")
    v1 = patch["versions"]["v1"]
    patch["versions"] = {"v1": {**v1, "contract": "none.json"}, "v2": {**v1, "contract": "neither.json"}}
    _change(root, environments={"dev": patch})
    assert _problem(root).splitlines() == [
        "models/iris-species/none.json: is not there. Add it, or correct the path to it.",
        "models/iris-species/neither.json: is not there. Add it, or correct the path to it.",
    ]


def test_a_version_has_no_more_deployments_than_a_pool_takes(root: Path) -> None:
    weights = {f"d{number}": 4 if number < 10 else 3 for number in range(31)}
    deployments = {
        name: {"endpoint": "https://a.example", "weight": 0 if name == "d30" else weight}
        for name, weight in weights.items()
    }
    _change(root, versions={"v1": {"contract": "contracts/v1.json", "deployments": deployments}})
    _change(root, environments={})
    assert "`versions.v1.deployments`" in _problem(root)
    assert "a map of 1 to 30 names" in _problem(root)


def test_no_deployment_is_called_like_the_pool_of_all(root: Path) -> None:
    deployments = {"pool": {"endpoint": "https://iris.contoso.example"}, "main": None}
    _change(root, environments={"dev": {"versions": {"v1": {"deployments": deployments}}}})
    assert '"pool" is how the pool of all deployments is called. Rename the deployment.' in _problem(root)


@pytest.mark.parametrize(
    "audience", ["{{backend-secret}}", "@(true)", "api://a b", "api://a;id", "api://a\n"]
)
def test_an_audience_that_policies_or_shells_would_read_is_refused(root: Path, audience: str) -> None:
    application = "11111111-2222-4333-8444-555555555555"
    entra = {"audiences": [audience], "client-applications": [application]}
    _change(root, access={"products": ["trial"], "entra": entra})
    assert f"`access.entra.audiences.0` is {json.dumps(audience)}: it is no URI or id" in _problem(root)
