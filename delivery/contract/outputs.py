"""The documents of a version, written or as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from delivery.files import write_whole
from shared.contracts.contract import Contract
from shared.contracts.document import Publication, call_example, curl, openapi_text, page
from shared.contracts.document.page import first_call


class Format(StrEnum):
    """The documents."""

    OPENAPI = "openapi"
    """The OpenAPI document, as JSON."""
    PAGE = "page"
    """The documentation page, in Markdown."""
    CALL = "call"
    """A command line that calls the model."""


@dataclass(frozen=True)
class Published:
    """One version, with its contract."""

    contract: Contract
    """Operations and schemas."""
    publication: Publication
    """Where it is, and for whom."""

    def text(self, wanted: Format) -> str:
        """Return a document, with a newline at its end."""
        match wanted:
            case Format.OPENAPI:
                return openapi_text(self.contract, self.publication)
            case Format.PAGE:
                return page(self.contract, self.publication)
            case Format.CALL:
                return curl(call_example(first_call(self.contract), self.publication)) + "\n"


_FILES: Mapping[str, Format] = {"openapi.json": Format.OPENAPI, "page.md": Format.PAGE}


def write(published: Published, folder: Path) -> tuple[Path, ...]:
    """Write the documents of a version below the folder; return the files. Raises OSError when it cannot."""
    own = folder / published.publication.model / published.publication.version
    files = {own / name: published.text(wanted) for name, wanted in _FILES.items()}
    for file, text in files.items():
        write_whole(file, text)
    return tuple(files)
