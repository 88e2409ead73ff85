from pathlib import Path
from typing import Self

import pytest
from pydantic import Field, model_validator

from shared.documents import Document, DocumentError, parse, read_json, read_yaml


class Limit(Document):
    calls: int = Field(description="a whole number of calls")
    renewal_period: int = Field(default=60, description="a whole number of seconds")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.calls > self.renewal_period:
            raise ValueError("more calls than seconds. Lower `calls`.")
        return self


class Shop(Document):
    name: str = Field(description="a name")
    limits: dict[str, Limit] = Field(default_factory=dict, description="a map of limits")
    first: Limit | None = None
    prices: tuple[int, ...] = Field(default=(1,), min_length=1, description="a list of prices")


def _problems(data: dict[str, object]) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as caught:
        parse(Shop, data, "shop.yaml")  # type: ignore[arg-type] # the data is wrong on purpose
    return caught.value.problems


def test_a_missing_key_is_named_with_what_would_be_right() -> None:
    assert _problems({}) == ("shop.yaml: `name` is missing. Add it: a name.",)


def test_a_misspelt_key_is_answered_with_the_nearest_known_one() -> None:
    assert _problems({"name": "x", "limit": {}}) == (
        "shop.yaml: `limit` is not known. Did you mean `limits`?",
    )


def test_a_key_like_no_other_is_answered_with_all_known_ones() -> None:
    assert _problems({"name": "x", "zzz": 1}) == (
        "shop.yaml: `zzz` is not known. Known here: first, limits, name, prices.",
    )


def test_keys_inside_a_map_of_models_are_checked_too() -> None:
    data: dict[str, object] = {"name": "x", "limits": {"small": {"calls": 1, "renewal-perod": 2}}}
    assert _problems(data) == (
        "shop.yaml: `limits.small.renewal-perod` is not known. Did you mean `renewal-period`?",
    )


def test_keys_inside_an_optional_model_are_checked_too() -> None:
    assert _problems({"name": "x", "first": {}}) == (
        "shop.yaml: `first.calls` is missing. Add it: a whole number of calls.",
    )


def test_an_ill_typed_value_is_shown() -> None:
    assert _problems({"name": "x", "first": {"calls": "many"}}) == (
        'shop.yaml: `first.calls` is "many"; it must be a whole number of calls.',
    )


def test_what_only_follows_from_another_problem_is_not_told() -> None:
    assert _problems({"name": "x", "prices": ["dear"]}) == (
        'shop.yaml: `prices.0` is "dear"; it must be a list of prices.',
    )


def test_a_map_is_not_shown() -> None:
    assert _problems({"name": {"a": 1}, "first": {"calls": 61}}) == (
        "shop.yaml: `name` is a map; it must be a name.",
        "shop.yaml: `first`: more calls than seconds. Lower `calls`.",
    )


def test_everything_wrong_is_told_at_once() -> None:
    assert len(_problems({"limits": {"a": {"calls": "many", "x": 1}}, "zzz": 1})) == 4


def test_a_document_that_is_no_map_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"shop\.yaml: must hold keys and values, but holds \[\]\."):
        parse(Shop, [], "shop.yaml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "shop.yaml, line 1: is not YAML"),
        ("a: [2020-01-01]", r"shop\.yaml: `a\.0` holds a value that JSON does not know, such as a date\."),
        ("a: {2: x}", r"shop\.yaml: the key `a\.2` is not text\. Put it in quotes\."),
        ("a: 2026-13-45", r"shop\.yaml: holds a value that cannot be read \(month must be in 1\.\.12\)\."),
        ("a: !!bool maybe", r"shop\.yaml: holds a value that cannot be read"),
        ("[" * 5000, r"shop\.yaml: has more lists and maps inside of each other than can be read"),
    ],
)
def test_a_file_that_is_not_usable_yaml_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str, sentence: str
) -> None:
    file = tmp_path_factory.mktemp("yaml") / "shop.yaml"
    file.write_text(text)
    with pytest.raises(DocumentError, match=sentence):
        read_yaml(file, "shop.yaml")


def test_a_file_that_is_not_json_is_refused_with_its_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("json") / "v1.json"
    file.write_text('{\n  "a": }')
    with pytest.raises(DocumentError, match=r"v1\.json, line 2: is not JSON"):
        read_json(file, "v1.json")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "shop"
    file.write_bytes("name: Café".encode("latin-1"))
    for read in (read_yaml, read_json):
        with pytest.raises(DocumentError, match=r"shop: is not text in UTF-8\. Save it in that encoding\."):
            read(file, "shop")


def test_a_file_that_is_not_there_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(DocumentError, match=r"v1\.json: cannot be read \(No such file or directory\)\."):
        read_json(tmp_path_factory.mktemp("none") / "v1.json", "v1.json")


def test_json_that_is_too_deep_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v1.json").write_text("[" * 200000)
    with pytest.raises(
        DocumentError, match=r"v1\.json: has more lists and maps inside of each other than can be read"
    ):
        read_json(tmp_path / "v1.json", "v1.json")
