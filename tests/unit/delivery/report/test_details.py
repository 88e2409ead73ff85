"""The folded details of one stack."""

from delivery.records import SECRET
from delivery.report.details import details_of
from tests.unit.delivery.report.making import change, in_environment, replaced, stack


def test_every_property_that_differs_is_listed_and_what_forces_a_replacement_is_marked() -> None:
    made = replaced(
        change("Subscription", {"sid": "a", "state": "x"}, {"sid": "b", "state": "y"}, name="s"), "sid"
    )
    whole, short = details_of(
        in_environment(stack(made).model_copy(update={"reasons": ("it | `was` asked",)}), "dev")
    )
    assert whole == (
        "<details>\n<summary>model/iris.dev: 1 replace, 3 unchanged</summary>\n\n"
        "Why: it \\| \\`was\\` asked\n\n"
        "- **replace** Subscription `s`\n"
        "  - `sid` (forces the replacement): `a` → `b`\n"
        "  - `state`: `x` → `y`\n\n</details>"
    )
    assert "`sid`" not in short
    assert "- **replace** Subscription `s`" in short


def test_a_secret_that_changes_is_listed_without_its_value() -> None:
    made = change("NamedValue", {"value": SECRET}, {"value": SECRET}, name="n").model_copy(
        update={"paths": ("value",)}
    )
    whole, _ = details_of(in_environment(stack(made), "dev"))
    assert "  - `value`: `[secret]` → `[secret]`" in whole


def test_long_texts_are_compared_line_by_line() -> None:
    before, after = "\n".join("abc" * 50), "\n".join("abc" * 49 + "abd")
    whole, _ = details_of(
        in_environment(stack(change("Other", {"p": before}, {"p": after}, name="o")), "dev")
    )
    assert "  - `p`\n    ```diff\n    @@ " in whole
    assert "    -c\n    +d\n    ```" in whole


def test_a_resource_with_very_many_differences_is_not_listed_without_end() -> None:
    sides = [{f"p{number}": value for number in range(100)} for value in (1, 2)]
    whole, _ = details_of(in_environment(stack(change("Other", dict(sides[0]), dict(sides[1]))), "dev"))
    assert "  - and 40 more properties\n" in whole
