"""Names of the schemas of inputs and outputs."""

import re
from collections.abc import Mapping

from shared.contracts.open_inference.metadata import ModelMetadata, Tensor


def input_names(metadata: ModelMetadata) -> Mapping[str, str]:
    """Return the name of the schema of each input."""
    return _names("Input", metadata.inputs)


def output_names(metadata: ModelMetadata) -> Mapping[str, str]:
    """Return the name of the schema of each output."""
    return _names("Output", metadata.outputs)


def _names(kind: str, tensors: tuple[Tensor, ...]) -> Mapping[str, str]:
    """Return names of letters, digits, hyphens and underscores, which OpenAPI 3.0 allows.

    Tensors whose names become the same get their position as well.
    """
    slugs = [re.sub(r"[^A-Za-z0-9_-]+", "-", tensor.name).strip("-") for tensor in tensors]
    return {
        tensor.name: f"{kind}-{slug}"
        if slug and slugs.count(slug) == 1
        else f"{kind}-{position}-{slug}".rstrip("-")
        for position, (tensor, slug) in enumerate(zip(tensors, slugs, strict=True))
    }
