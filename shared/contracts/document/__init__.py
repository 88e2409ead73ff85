"""What consumers read of a version: its OpenAPI document, a documentation page, and an example call."""

from shared.contracts.document.calls import CallExample, call_example, curl, python
from shared.contracts.document.openapi import openapi_document, openapi_text
from shared.contracts.document.page import page
from shared.contracts.document.publication import Ending, Publication, Token, VersionMark

__all__ = [
    "CallExample",
    "Ending",
    "Publication",
    "Token",
    "VersionMark",
    "call_example",
    "curl",
    "openapi_document",
    "openapi_text",
    "page",
    "python",
]
