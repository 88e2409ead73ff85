"""Files that people wrote, read without trusting them: no device, no pipe, nothing that is too large to be meant."""

import os
import stat
from pathlib import Path

from shared.azure.limits import LARGEST_SCHEMA
from shared.errors import DocumentError

LONGEST_DOCUMENT = 1024 * 1024
"""Bytes of a document that people write by hand, such as model.yaml; the longest in use have a few thousand."""

LONGEST_CONTRACT = LARGEST_SCHEMA
"""Bytes of a contract: the size of the largest schema that API Management validates bodies with."""


def read_content(path: Path, source: str, limit: int = LONGEST_DOCUMENT) -> bytes:
    """Return the content of a regular file of at most ``limit`` bytes; ``source`` is how sentences name it.

    The size is known before anything is read. Raises DocumentError.
    """
    try:
        # A pipe without a writer would wait for one.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - what was opened is read, not what has the name now
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError([f"{source}: is not a file. Put a file in its place."])
            if status.st_size > limit:
                raise DocumentError([too_large(source, status.st_size, limit)])
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise DocumentError([f"{source}: is not there. Add it, or correct the path to it."]) from error
    except IsADirectoryError as error:
        raise DocumentError([f"{source}: is a folder. Name the file in it that is meant."]) from error
    except OSError as error:
        raise DocumentError([f"{source}: cannot be read ({error.strerror})."]) from error
    if len(content) > limit:  # it has grown since
        raise DocumentError([too_large(source, len(content), limit)])
    return content


def too_large(source: str, size: int, limit: int) -> str:
    """Return the sentence about a file that has more bytes than it may have."""
    return f"{source}: has {size:,} bytes; at most {limit:,} are read. Shorten it, or name the file that is meant."
