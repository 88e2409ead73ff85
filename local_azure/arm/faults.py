"""Faults on request: rules that say which requests go wrong, and how.

A control of the local Azure alone, for tests of what deploys to it; Azure has nothing like it. Rules stand in memory
until they are taken away, and the first one that hits a request decides what befalls it.
"""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from local_azure.arm.addresses import parse
from local_azure.arm.errors import ArmError
from local_azure.arm.json_values import JsonObject
from local_azure.arm.messages import Answer, ArmRequest
from local_azure.arm.types import REGISTRY


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"'{value}' is no regular expression: {error}") from error
    return value


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Refusal(_Model):
    """An answer in place of the service's; the request is not carried out."""

    status: int = Field(ge=400, le=599)
    body: JsonObject | None = None
    """An error that names the rule when it is left out."""
    retry_after: int | None = Field(default=None, ge=0)
    """Seconds, as the header `Retry-After` tells them."""

    def told(self) -> Answer:
        """Return the answer."""
        error: JsonObject = {
            "code": HTTPStatus(self.status).phrase.replace(" ", "") if self.status in _STATUSES else "Fault",
            "message": "A rule of /faults answers this request.",
        }
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return Answer(self.status, self.body or {"error": error}, headers)


class End(_Model):
    """How a long-running operation fails at its end."""

    code: str = Field(min_length=1)
    message: str = Field(min_length=1)


_STATUSES = frozenset(status.value for status in HTTPStatus)


class Rule(_Model):
    """Which requests go wrong, and one way in which they do."""

    method: Literal["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"] | None = None
    """Any method when it is left out."""
    path: Annotated[str, AfterValidator(_pattern)]
    """A regular expression that is searched in the path, decoded and without regard to case."""
    count: int | None = Field(default=None, ge=1)
    """How many of the requests it hits: the first ones. All of them when neither count nor rate is given."""
    rate: float | None = Field(default=None, gt=0, le=1)
    """Which share of the requests it hits, by chance."""
    seed: int = 0
    """With the same seed, rules of a rate hit the same requests again."""
    answer: Refusal | None = None
    delay: float | None = Field(default=None, gt=0)
    """Seconds before the request is carried out."""
    cut: Literal["before", "after"] | None = None
    """Whether the connection is cut before the request is carried out, or after it: the answer is lost."""
    operation: End | None = None
    """How the operation ends that the request begins; a request that begins none is not hit."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        ways = [name for name in ("answer", "delay", "cut", "operation") if getattr(self, name) is not None]
        if len(ways) != 1:
            raise ValueError(f"a rule needs one of answer, delay, cut and operation, not {len(ways)}")
        if self.count is not None and self.rate is not None:
            raise ValueError("count and rate do not go together")
        if "seed" in self.model_fields_set and self.rate is None:
            raise ValueError("a seed needs a rate")
        return self


class _Rules(_Model):
    rules: tuple[Rule, ...] = Field(strict=False)


@dataclass
class _Active:
    """A rule in force."""

    rule: Rule
    random: Random
    hits: int = 0
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pattern = re.compile(self.rule.path, re.IGNORECASE)

    def strikes(self, request: ArmRequest) -> bool:
        """Tell whether the rule hits this request, and count it."""
        rule = self.rule
        if rule.method not in {None, request.method} or not self.pattern.search(request.path):
            return False
        if rule.operation and not _begins_operation(request):
            return False
        if rule.count is not None and self.hits >= rule.count:
            return False
        if rule.rate is not None and self.random.random() >= rule.rate:
            return False
        self.hits += 1
        return True


class Faults:
    """The rules in force; belongs to one event loop."""

    def __init__(self) -> None:
        """Let nothing go wrong."""
        self._active: tuple[_Active, ...] = ()

    def replace(self, content: bytes) -> None:
        """Put the rules of a JSON document, `{"rules": [...]}`, in place of those in force.

        Raises ArmError (400) that says what is wrong with it; then those in force stay.
        """
        try:
            rules = _Rules.model_validate_json(content or b"{}").rules
        except ValidationError as error:
            raise ArmError(400, "InvalidFaults", _sentence(error)) from error
        # Chance decides here which request goes wrong, nothing that has to be kept secret.
        self._active = tuple(_Active(rule, Random(rule.seed)) for rule in rules)  # noqa: S311 - see above

    def clear(self) -> None:
        """Take all rules away."""
        self._active = ()

    def told(self) -> JsonObject:
        """Return the rules in force, each with how many requests it has hit."""
        values: list[JsonValue] = [
            active.rule.model_dump(mode="json", exclude_unset=True) | {"hits": active.hits}
            for active in self._active
        ]
        return {"rules": values}

    def strike(self, request: ArmRequest) -> Rule | None:
        """Return the first rule that hits a request, None for most requests."""
        return next((active.rule for active in self._active if active.strikes(request)), None)


def _begins_operation(request: ArmRequest) -> bool:
    address = parse(request.path)
    entry = REGISTRY.of(address) if address else None
    return entry is not None and request.method in entry.long_running.methods


def _sentence(error: ValidationError) -> str:
    """Return what is wrong with the rules, each fault with its place: `rules.0.path: ...`."""
    faults = [
        (".".join(str(step) for step in fault["loc"]), fault["msg"].removeprefix("Value error, "))
        for fault in error.errors()
    ]
    return "The rules cannot be used: " + "; ".join(
        f"{place}: {what}" if place else what for place, what in faults
    )
