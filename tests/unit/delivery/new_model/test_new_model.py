"""`./dev new-model`, on copies of this repository."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import JsonValue
from rich.console import Console

from delivery.check import command as check
from delivery.check import generated
from delivery.new_model import server
from delivery.new_model.command import main
from delivery.new_model.starter import SUMMARY
from shared.contracts.files import SchemaFiles
from shared.environments import REPOSITORY
from shared.model import contracts, description, schema
from tests.support.checked import copy_checked
from tests.support.replies import Replies

_WHO = ("--owner", "team@contoso.example", "--product", "trial", "--yes")
_METADATA: JsonValue = {
    "name": "pears",
    "versions": [],
    "platform": "",
    "inputs": [{"name": "weights", "datatype": "FP64", "shape": [-1, 2]}],
    "outputs": [{"name": "predict", "datatype": "FP64", "shape": [-1, 1]}],
    "parameters": {},
}
_MLMODEL = """\
flavors:
  python_function: {loader_module: mlflow.sklearn}
signature:
  inputs: '[{"type": "double", "name": "weight", "required": true}]'
  outputs: '[{"type": "double", "required": true}]'
  params: null
utc_time_created: 2026-11-24 12:00:00.000000
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_checked(tmp_path / "repository")


def _run(root: Path, *arguments: str) -> tuple[int, str]:
    """Run the command line; return its exit code and what it tells on the terminal."""
    out = StringIO()
    code = main(arguments, root, Console(file=out, soft_wrap=True))
    return code, out.getvalue()


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _refused(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the sentences about a model that cannot be made; the repository is as it was."""
    before = _files(root)
    assert _run(root, *arguments) == (1, "")
    assert _files(root) == before
    told = capsys.readouterr().err
    assert told.endswith("\nNothing was written.\n")
    return told.removesuffix("Nothing was written.\n")


def _contract(root: Path, model: str) -> str:
    """Return the text of a model's contract, which compiles."""
    described = description.load(model, "dev", root=root)
    assert set(contracts.load(model, described, root)) == {"v1"}
    return (root / "models" / model / str(described.versions["v1"].contract)).read_text()


def test_a_model_from_nothing_is_right_and_says_what_comes_next(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = _run(root, "pears", *_WHO)
    assert code == 0
    assert set(_files(root / "models" / "pears")) == {
        "model.yaml",
        "contracts/v1.json",
        "server/model-settings.json",
        "server/train.py",
    }
    assert "./dev local --model pears trains and serves it" in told
    assert description.load("pears", "prod", root=root).summary == SUMMARY
    assert check.main([], root) == 0, capsys.readouterr().err


def test_the_starting_model_passes_the_linters(root: Path) -> None:
    assert _run(root, "pears", *_WHO)[0] == 0
    for command in (
        ("check",),
        ("format", "--check"),
    ):  # by the rules of pyproject.toml, which name that folder
        subprocess.run([sys.executable, "-m", "ruff", *command, "models/pears"], cwd=root, check=True)


def test_a_new_model_names_the_schema_fits_it_and_has_an_owner(root: Path) -> None:
    assert _run(root, "pears", *_WHO, "--team", "@contoso/orchard")[0] == 0
    text = (root / "models/pears/model.yaml").read_text()
    assert text.startswith(f"{schema.LINE}\n")
    whole = json.loads((REPOSITORY / schema.PATH).read_text())
    assert list(Draft7Validator(whole).iter_errors(yaml.safe_load(text))) == []
    assert "/models/pears/                @contoso/orchard\n" in (root / ".github/CODEOWNERS").read_text()


@pytest.mark.parametrize(
    "summary", ['Says: "hi" # now', "on", "a\nb", "- x", "Größe in cm", "@x", "2026-11-24", "x" * 900]
)
def test_a_summary_is_kept_as_it_was_said(root: Path, summary: str) -> None:
    assert _run(root, "pears", *_WHO, "--summary", summary)[0] == 0
    assert description.load("pears", "dev", root=root).summary == summary


def test_endpoints_are_those_that_were_said_and_else_follow_the_name(root: Path) -> None:
    assert _run(root, "pears", *_WHO, "--endpoint", "prod=https://pears.contoso.example/x")[0] == 0
    endpoints = {
        name: description.load("pears", name, root=root).versions["v1"].deployments["main"].endpoint
        for name in ("local", "dev", "prod")
    }
    assert endpoints == {
        "local": "http://127.0.0.1:7502",
        "dev": "https://pears.dev.models.contoso.example",
        "prod": "https://pears.contoso.example/x",
    }


def test_a_contract_is_copied_as_it_is(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "metadata.json"
    file.write_text(json.dumps(_METADATA, indent=7))
    assert _run(root, "pears", *_WHO, "--summary", "x", "--from", str(file))[0] == 0
    assert _contract(root, "pears") == file.read_text()


@pytest.mark.parametrize("named", ["", "MLmodel"])
def test_a_model_of_mlflow_is_named_by_its_folder_or_file(root: Path, tmp_path: Path, named: str) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "MLmodel").write_text(_MLMODEL)
    code, told = _run(root, "pears", *_WHO, "--summary", "x", "--from", str(tmp_path / "saved" / named))
    assert code == 0
    assert "; or put the saved model into models/pears/server/model." in told
    assert description.load("pears", "dev", root=root).kind == "mlflow"
    assert _contract(root, "pears") == _MLMODEL


@pytest.mark.parametrize(("version", "ending"), [("3.0.3", "json"), ("3.1.0", "yaml")])
def test_an_openapi_document_is_a_contract(root: Path, tmp_path: Path, version: str, ending: str) -> None:
    answers: JsonValue = {"200": {"description": "The health of the server."}}
    paths: JsonValue = {"/health": {"get": {"operationId": "health", "responses": answers}}}
    document: JsonValue = {"openapi": version, "info": {"title": "Pears", "version": "1"}, "paths": paths}
    file = tmp_path / f"api.{ending}"
    file.write_text(json.dumps(document) if ending == "json" else yaml.safe_dump(document))
    assert _run(root, "pears", *_WHO, "--summary", "x", "--from", str(file))[0] == 0
    described = description.load("pears", "dev", root=root)
    assert (described.kind, described.versions["v1"].contract) == ("openapi", f"contracts/v1.{ending}")
    assert _contract(root, "pears") == file.read_text()


def test_two_schemas_are_a_contract(root: Path, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"type": "object", "properties": {"weight": {"type": "number"}}}')
    (tmp_path / "out.yaml").write_text("type: object\n")
    pair = (
        "--request",
        str(tmp_path / "in.json"),
        "--response",
        str(tmp_path / "out.yaml"),
        "--path",
        "/score",
    )
    assert _run(root, "pears", *_WHO, "--summary", "x", *pair)[0] == 0
    described = description.load("pears", "dev", root=root)
    assert described.versions["v1"].reference == SchemaFiles(
        "contracts/v1.request.json", "contracts/v1.response.yaml", "/score"
    )
    assert contracts.load("pears", described, root)["v1"].operations[0].backend_path == "/score"


def test_a_server_that_runs_gives_the_contract_and_is_the_local_endpoint(
    root: Path, replies: Replies
) -> None:
    replies.answer("GET /v2/models/pears", 200, _METADATA)
    url = f"{replies.url}/v2/models/pears"
    code, told = _run(root, "pears", *_WHO, "--summary", "x", "--from", url)
    assert code == 0
    assert json.loads(_contract(root, "pears")) == _METADATA
    deployments = description.load("pears", "local", root=root).versions["v1"].deployments
    assert deployments["main"].endpoint == replies.url
    assert f"Keep its server on this machine, to answer on {replies.url}." in told


def test_a_server_that_gives_no_contract_is_told(
    root: Path, replies: Replies, nobody: str, capsys: pytest.CaptureFixture[str]
) -> None:
    replies.answer("GET /index", 200, {"hello": "world"})
    for url, sentence in (
        (f"{replies.url}/v2/models/none", "answers 404. Name the metadata of a model on a server that runs"),
        (f"{replies.url}/index", "is no contract that is known here: name an MLmodel file"),
        (f"{nobody}/v2/models/pears", "does not answer (All connection attempts failed)."),
        (
            "http://models.contoso.example/v2/models/pears",
            "goes over the network as it is. Name an https:// URL",
        ),
    ):
        assert sentence in _refused(root, capsys, "pears", *_WHO, "--summary", "x", "--from", url)


def test_a_server_cannot_fill_the_memory(
    root: Path, replies: Replies, capsys: pytest.CaptureFixture[str]
) -> None:
    replies.answers["GET /v2/models/pears"] = (200, "x" * 5_000_000)
    url = f"{replies.url}/v2/models/pears"
    assert "at most 4,194,304 are read" in _refused(
        root, capsys, "pears", *_WHO, "--summary", "x", "--from", url
    )


def test_a_server_whose_answer_does_not_end_is_given_up(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_LONGEST_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        drips = threading.Thread(target=_drip, args=(listening,))
        drips.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v2/models/pears"
        told = _refused(root, capsys, "pears", *_WHO, "--summary", "x", "--from", url)
        drips.join()
    assert "its answer does not end within" in told


def _drip(listening: socket.socket) -> None:
    """Answer one call byte by byte, until the caller goes."""
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            connection.sendall(b" ")
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("Pears", *_WHO), "models/Pears: a model's folder is named with 2 to 53 lower-case letters"),
        (("iris-species", *_WHO), "models/iris-species is there already, and stays as it is. Choose another name."),
        (("pears", "--yes"), "say more on the command line: --owner E-MAIL, --product PRODUCT."),
        (("--yes",), "say more on the command line: NAME, --owner E-MAIL, --product PRODUCT."),
        (("pears", *_WHO, "--owner", "x"), '`owner` is "x"; it must be the e-mail address'),
        (("pears", *_WHO, "--owner", "x", "--product", "tral"), "Did you mean `trial`?"),
        (("pears", *_WHO, "--endpoint", "dev=http://x.example"), "(dev): `versions.v1.deployments.main.endpoint` is"),
        (("pears", *_WHO, "--endpoint", "devv=x"), 'there is no environment "devv". Did you mean `dev`?'),
        (("pears", *_WHO, "--endpoint", "dev"), "--endpoint dev: is not ENV=URL, such as dev=https://"),
        (("pears", *_WHO, "--path", "/score"), "--path goes with the two schemas of an operation"),
        (("pears", *_WHO, "--calls", "0"), "`limits.calls` is 0; it must be a whole number of calls from 1."),
        (("pears", *_WHO, "--from", "none.json"), "none.json: is not there."),
        (("pears", *_WHO, "--request", "a.json"), "An operation has two schemas: name both"),
        (("pears", *_WHO, "--request", "a", "--from", "b"), "Use one form."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_left(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in _refused(root, capsys, *arguments)


def test_a_contract_that_is_wrong_is_called_as_the_person_called_it(
    root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "pears.json"
    file.write_text('{"openapi": "3.0.3", "info": {"title": "Pears", "version": "1"}}')
    told = _refused(root, capsys, "pears", *_WHO, "--summary", SUMMARY, "--from", str(file))
    assert told.startswith(f"{file}: `#`: 'paths' is a required property.")
    assert "models/pears" not in told


def test_a_schema_alone_is_answered_with_how_to_name_two(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text('{"type": "object", "properties": {}}')
    told = _refused(root, capsys, "pears", *_WHO, "--summary", "x", "--from", str(tmp_path / "a.json"))
    assert "name them with --request FILE and --response FILE." in told


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_folder_whose_owner_cannot_be_written_is_taken_back(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fails(*_arguments: object) -> None:
        assert (root / "models" / "pears").is_dir()
        raise error

    monkeypatch.setattr(generated, "write", fails)
    before = _files(root)
    assert _run(root, "pears", *_WHO)[0] != 0
    assert _files(root) == before


def test_a_person_is_asked_for_what_is_missing_until_it_can_be_right(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "Not A Name,pears,,team,team@contoso.example,orchard,@contoso/orchard,,tral,trial standard"
    answers = iter(typed.split(","))
    monkeypatch.setattr("sys.stdin", _Terminal())
    monkeypatch.setattr(Console, "input", _typed(answers.__next__))
    code, told = _run(root)
    assert code == 0
    assert "An answer is needed." in told
    assert '"team" is not the e-mail address of the team that owns the model.' in told
    assert '"orchard" is not the GitHub team that reviews changes of the folder, such as @' in told
    assert 'There is no product "tral". Did you mean `trial`?' in told
    described = description.load("pears", "dev", root=root)
    assert described.access.products == ("trial", "standard")
    assert described.team == "@contoso/orchard"


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def _typed(answer: Callable[[], str]) -> Callable[..., str]:
    def typed(*_arguments: object, **_options: object) -> str:
        return answer()

    return typed


def _pair(folder: Path, request: str) -> tuple[str, ...]:
    (folder / "in.json").write_text(request)
    (folder / "out.yaml").write_text("type: object\n")
    return "--request", str(folder / "in.json"), "--response", str(folder / "out.yaml")


def test_files_that_a_contract_refers_to_come_along(root: Path, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/point.json").write_text('{"type": "array", "items": {"$ref": "../number.yaml#/any"}}')
    (tmp_path / "number.yaml").write_text("any: {type: number}\n")
    request = '{"type": "object", "properties": {"at": {"$ref": "parts/point.json"}}, "required": ["at"]}'
    assert _run(root, "pears", *_WHO, "--summary", "x", *_pair(tmp_path, request))[0] == 0
    described = description.load("pears", "dev", root=root)
    assert contracts.load("pears", described, root)["v1"].operations[0].request is not None
    written = root / "models/pears/contracts"
    assert (written / "parts/point.json").is_file()
    assert (written / "number.yaml").is_file()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../common.json", "refers to ../common.json, for which a model's folder has no place"),
        ("v1.response.yaml", "refers to v1.response.yaml, for which a model's folder has no place"),
        ("gone.json", "gone.json: is not there"),
    ],
)
def test_a_reference_that_cannot_come_along_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, sentence: str
) -> None:
    (tmp_path / "v1.response.yaml").write_text("type: string\n")
    request = json.dumps({"type": "object", "properties": {"at": {"$ref": name}}})
    told = _refused(root, capsys, "pears", *_WHO, "--summary", "x", *_pair(tmp_path, request))
    assert sentence in told
