import os
from pathlib import Path
from typing import Self

import pytest
from pydantic import Field, model_validator

from shared.documents import Document, DocumentError, parse, parse_json, parse_yaml, read_json, read_yaml


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
        ("a: [!!timestamp 2020-01-01]", r"shop\.yaml: `a\.0` holds a value that JSON does not know\."),
        ("a: {2: x}", r"shop\.yaml: the key `a\.2` is not text\. Put it in quotes\."),
        ("a: {b: .inf}", r"shop\.yaml: `a\.b` is inf, a number that JSON does not know\."),
        (
            "a: \x07",
            r"shop\.yaml: is not YAML \(unacceptable character #x0007: special characters are not allowed\)",
        ),
        ("a: 1\n---\nb: 1", r"shop\.yaml, line 2: is not YAML \(but found another document\)"),
        ("a: *b", r"shop\.yaml, line 1: is not YAML \(found undefined alias 'b'\)"),
        ("a: !!bool maybe", r"shop\.yaml: holds a value that cannot be read"),
        (
            "[" * 5000,
            r"shop\.yaml, line 1: has more than 200 lists and maps inside of each other\. Flatten it\.",
        ),
        (
            "- " * 400_000,
            r"shop\.yaml, line 1: has more than 200 lists and maps inside of each other\. Flatten it\.",
        ),
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
    with pytest.raises(DocumentError, match=r"v1\.json: is not there\. Add it, or correct the path to it\."):
        read_json(tmp_path_factory.mktemp("none") / "v1.json", "v1.json")


@pytest.mark.parametrize("text", ["[" * 200_000, "[" * 201 + "]" * 201], ids=["endless", "closed"])
def test_json_that_is_too_deep_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "v1.json").write_text(text)
    with pytest.raises(
        DocumentError, match=r"v1\.json: has more than 200 lists and maps inside of each other\. Flatten it\."
    ):
        read_json(tmp_path / "v1.json", "v1.json")


def test_a_date_is_text_as_in_json() -> None:
    assert parse_yaml(b"sunset: 2027-05-31\nnone: 2026-13-45", "shop.yaml") == {
        "sunset": "2027-05-31",
        "none": "2026-13-45",
    }


def test_each_key_that_is_there_twice_is_told_with_its_line() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_yaml(b"a: 1\nb:\n  - c: {d: 1, d: 2}\na: 3\n", "shop.yaml")
    assert caught.value.problems == (
        "shop.yaml, line 3: the key `b.0.c.d` is there already. Remove one of the two.",
        "shop.yaml, line 4: the key `a` is there already. Remove one of the two.",
    )


def test_a_key_that_takes_the_place_of_a_merged_one_is_no_repetition() -> None:
    text = b"base: &base {a: 1, b: 2}\nother: {<<: *base, b: 3}\n"
    assert parse_yaml(text, "shop.yaml") == {"base": {"a": 1, "b": 2}, "other": {"a": 1, "b": 3}}


def test_aliases_are_written_out() -> None:
    assert parse_yaml(b"a: &a [1, 2]\nb: [*a, *a]", "shop.yaml") == {"a": [1, 2], "b": [[1, 2], [1, 2]]}


def _laughs(begin: str, repeated: str) -> bytes:
    """A document of nine lines, each of which holds the one before it nine times."""
    lines = [f"a0: &a0 {begin}"]
    lines += [f"a{n}: &a{n} {repeated.format(', '.join([f'*a{n - 1}'] * 9))}" for n in range(1, 10)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "text",
    [
        _laughs("[lol]", "[{}]"),
        _laughs("{lol: 1}", "{{<<: [{}]}}"),
        b"a: &a " + b"x" * 100_000 + b"\nb: [" + b"*a, " * 11 + b"]",
    ],
    ids=["lists", "merged maps", "a long text"],
)
def test_aliases_that_explode_are_refused_before_anything_is_built(text: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_yaml(text, "shop.yaml")
    (problem,) = caught.value.problems
    assert "with its aliases written out the document has more than 1,048,576 characters" in problem


def test_aliases_cannot_make_a_document_too_deep() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 300))]
    with pytest.raises(
        DocumentError, match=r"line 200: has more than 200 lists and maps inside of each other"
    ):
        parse_yaml("\n".join(lines).encode(), "shop.yaml")


def test_an_alias_inside_of_what_it_stands_for_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"shop\.yaml, line 1: `\*a` stands for a part that holds it\."):
        parse_yaml(b"a: &a {b: [*a]}", "shop.yaml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            b'{"a": {"b": 1, "b": 2}}',
            "v1.json: the key `b` is there twice in one map. Remove one of the two.",
        ),
        (
            b'{"a": [NaN]}',
            "v1.json: `a.0` is nan, a number that JSON does not know. Put another in its place.",
        ),
        (b'{"a": 1e999}', "v1.json: `a` is inf, a number that JSON does not know. Put another in its place."),
        (b"1" * 5000, "v1.json: holds a number that cannot be read. Correct it."),
        (rb'["\ud800"]', "v1.json: `0` holds half of a character (a lone surrogate). Correct the escape."),
    ],
)
def test_json_that_others_would_read_otherwise_is_refused(text: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_json(text, "v1.json")
    assert str(caught.value) == sentence


def test_a_file_of_100_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "model.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(100_000_000)
    for read in (read_yaml, read_json):
        with pytest.raises(DocumentError, match=r"shop: has 100,000,000 bytes; at most 1,048,576 are read\."):
            read(file, "shop")


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    with pytest.raises(DocumentError, match=r"shop: is a folder\. Name the file in it that is meant\."):
        read_yaml(tmp_path / "shop", "shop")


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "shop")
    with pytest.raises(DocumentError, match=r"shop: is not a file\. Put a file in its place\."):
        read_yaml(tmp_path / "shop", "shop")
