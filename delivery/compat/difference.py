"""One difference between two contracts, or two descriptions of a model."""

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import JsonValue

from delivery.compat.rules import Rule
from delivery.report.words import Quoted, Words


class Part(StrEnum):
    """The part of a contract that differs."""

    MODEL = "model"
    OPERATION = "operation"
    PARAMETER = "parameter"
    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True)
class Place:
    """Where a difference is."""

    operation: str = ""
    """As a consumer calls it: `POST /predict`. Empty for what belongs to no operation."""
    part: Part = Part.MODEL
    name: str = ""
    """The parameter, or the status of the response; empty for everything else."""
    media_type: str = ""
    """Of the body; empty for what belongs to none."""
    path: str = ""
    """Within the body: `inputs[].datatype`, where `[]` is every item, `*` every field that has no name of its own, and
    `(Tensor)` or `(2)` an alternative."""


@dataclass(frozen=True)
class Difference:
    """Something that consumers of a version find otherwise than before."""

    breaking: bool
    """Whether a consumer that works today may fail; also where that cannot be told."""
    rule: Rule
    place: Place
    what: Words
    """The sentence without its operation and full stop: `the request's field inputs[].data no longer takes null`."""
    old: JsonValue = field(default=None, hash=False)
    """What was said before, where that is short and of this rule; else None."""
    new: JsonValue = field(default=None, hash=False)

    @property
    def sentence(self) -> str:
        """Return the whole sentence; what people wrote stands in backticks."""
        start = f"{self.place.operation}: " if self.place.operation else ""
        return start + "".join(f"`{word.text}`" if isinstance(word, Quoted) else word for word in self.what)
