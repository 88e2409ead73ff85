import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from delivery.planning.contract_files import contract_files
from delivery.planning.tree_files import OnDisk

_FOLDER = "models/iris-species"


def _described(contract: JsonValue) -> JsonValue:
    return {"versions": {"v1": {"contract": contract}}}


def _write(root: Path, name: str, content: str) -> None:
    file = root / _FOLDER / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def _found(root: Path, contract: JsonValue) -> set[str]:
    found = list(contract_files(OnDisk(root), _FOLDER, _described(contract)))
    assert len(found) == len(set(found))
    return {path.removeprefix(f"{_FOLDER}/") for path in found}


def test_a_contract_is_the_file_that_the_description_names(tmp_path: Path) -> None:
    _write(tmp_path, "contracts/v1.json", "{}")
    assert _found(tmp_path, "contracts/v1.json") == {"contracts/v1.json"}


def test_a_pair_of_schemas_is_two_files(tmp_path: Path) -> None:
    assert _found(tmp_path, {"request": "a.json", "response": "b.json"}) == {"a.json", "b.json"}


def test_references_lead_from_file_to_file_and_end(tmp_path: Path) -> None:
    _write(tmp_path, "contracts/v1.yaml", "schema: {$ref: 'schemas/a%20b.json#/x'}\nown: {$ref: '#/schema'}")
    _write(tmp_path, "contracts/schemas/a b.json", json.dumps({"x": [{"$ref": "../common.yaml"}]}))
    _write(tmp_path, "contracts/common.yaml", "$ref: v1.yaml")
    assert _found(tmp_path, "contracts/v1.yaml") == {
        "contracts/v1.yaml",
        "contracts/schemas/a b.json",
        "contracts/common.yaml",
    }


@pytest.mark.parametrize("reference", ["https://contoso.example/a.json", "../../other/a.json", "http://[bad"])
def test_a_reference_out_of_the_folder_is_not_followed(tmp_path: Path, reference: str) -> None:
    _write(tmp_path, "contracts/v1.json", json.dumps({"$ref": reference}))
    assert _found(tmp_path, "contracts/v1.json") == {"contracts/v1.json"}


def test_a_file_that_says_nothing_readable_leads_nowhere(tmp_path: Path) -> None:
    _write(tmp_path, "contracts/v1.json", "{$ref: [")
    assert _found(tmp_path, "contracts/v1.json") == {"contracts/v1.json"}
