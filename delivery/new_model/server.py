"""The contract that a running server gives of itself."""

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

import httpx

from delivery import web
from delivery.errors import DeliveryError
from delivery.new_model.source import Source, from_content
from shared.bounded_files import LONGEST_CONTRACT, too_large

_TIMEOUT_SECONDS = 10.0
_LONGEST_SECONDS = 60.0
"""For the whole answer: one that comes byte by byte never makes the other wait too long."""
_MODELS = "/v2/models/"


def is_url(text: str) -> bool:
    """Tell whether a source is on a server."""
    return text.startswith(("http://", "https://"))


def from_url(url: str) -> Source:
    """Return the source that a server gives at a URL.

    Raises DeliveryError when it cannot be had, DocumentError when it cannot be read.
    """
    if not web.is_private(url):
        raise DeliveryError(
            f"--from {url}: goes over the network as it is. Name an https:// URL, or this machine's own."
        )
    source = from_content(asyncio.run(_content(url)), url)
    base, found, _ = url.partition(_MODELS)
    if web.is_loopback(url):
        parts = urlsplit(url)
        base = base if found else f"{parts.scheme}://{parts.netloc}"
        return replace(source, local_endpoint=base)
    return source


async def _content(url: str) -> bytes:
    """Return what a server answers, as long as it may be a contract."""
    try:
        async with (
            asyncio.timeout(_LONGEST_SECONDS),
            web.client(_TIMEOUT_SECONDS) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise DeliveryError(f"--from {url}: answers {answer.status_code}. {_WANTED}")
            content = b""
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > LONGEST_CONTRACT:
                    raise DeliveryError(too_large(url, len(content), LONGEST_CONTRACT))
            return content
    except TimeoutError as error:
        raise DeliveryError(
            f"--from {url}: its answer does not end within {_LONGEST_SECONDS:.0f} s. {_WANTED}"
        ) from error
    except httpx.HTTPError as error:
        raise DeliveryError(
            f"--from {url}: does not answer ({str(error) or repr(error)}). {_WANTED}"
        ) from error


_WANTED = f"Name the metadata of a model on a server that runs, such as http://127.0.0.1:8080{_MODELS}iris."
