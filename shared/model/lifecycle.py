"""Where a version of a model is between its first and its last day."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from shared.documents import Document


class Stage(StrEnum):
    """A part of a version's life."""

    ACTIVE = "active"
    """It serves."""
    DEPRECATED = "deprecated"
    """It serves until its sunset, and each answer says so."""
    RETIRED = "retired"
    """It answers 410, with a pointer to its successor. Its folder or version may be removed once this was delivered."""


class LifecycleStage(Document):
    """The stage of a version, with its dates."""

    stage: Stage = Field(description=f"one of {', '.join(Stage)}")
    since: date | None = Field(default=None, description="the day of the deprecation, such as 2026-11-24")
    sunset: date | None = Field(
        default=None, description="the last day on which the version serves, such as 2027-05-31"
    )
    successor: str | None = Field(
        default=None, description="the version to use instead, such as v2; without it the newest active one"
    )

    @model_validator(mode="after")
    def _dates_fit_the_stage(self) -> Self:
        missing = [name for name in ("since", "sunset") if getattr(self, name) is None]
        if self.stage is Stage.DEPRECATED and missing:
            raise ValueError(
                f"a deprecated version tells its consumers until when it serves: add {' and '.join(missing)}, "
                "a day such as 2027-05-31."
            )
        if self.stage is Stage.ACTIVE and self.model_fields_set != {"stage"}:
            raise ValueError("an active version has neither since, sunset nor successor. Remove them.")
        if self.since is not None and self.sunset is not None and self.sunset <= self.since:
            raise ValueError(f"sunset {self.sunset} is not after since {self.since}. Choose a later day.")
        return self


def _as_map(value: object) -> object:
    """Return a stage that was written as a word as the map that it stands for."""
    return value if isinstance(value, Mapping | LifecycleStage) else {"stage": value}


def says_retired(described: JsonValue) -> bool:
    """Tell whether a model as it is in an environment says that none of its versions serves, checked or not."""
    if not isinstance(described, dict):
        return False
    of_model, versions = described.get("lifecycle"), described.get("versions")
    own = (
        [version.get("lifecycle") for version in versions.values() if isinstance(version, dict)]
        if isinstance(versions, dict)
        else []
    )
    return all(_stage(lifecycle or of_model) == Stage.RETIRED for lifecycle in own or [None])


def _stage(lifecycle: JsonValue) -> JsonValue:
    return lifecycle.get("stage") if isinstance(lifecycle, dict) else lifecycle


Lifecycle = Annotated[
    LifecycleStage,
    BeforeValidator(_as_map, json_schema_input_type=Literal["active", "retired"] | LifecycleStage),
]
"""A stage as a word (``active``, ``retired``), or a map with its dates."""

ACTIVE = LifecycleStage(stage=Stage.ACTIVE)
"""The stage of what says nothing about it."""
