"""`python -m local_azure.metadata.generate [--check]` writes metadata.json, or compares it."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from pathlib import Path

from local_azure.metadata.generate import join, text
from local_azure.metadata.generate.catalogue import ENTRIES

TARGET = Path(__file__).parents[1] / "metadata.json"


def generate() -> str:
    """Return the text of metadata.json as the installed packages give it."""
    types = join.Types()
    resources = {entry.token: join.resource(entry, types) for entry in ENTRIES}
    version = importlib.metadata.version("pulumi-azure-native")
    return text.render(
        {"sdkVersion": version, "resources": resources, "types": types.joined, "enums": types.enums}
    )


def main(arguments: list[str]) -> int:
    """Write the file, or with --check compare it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local_azure.metadata.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail when metadata.json is not current"
    )
    if not parser.parse_args(arguments).check:
        TARGET.write_text(generate(), encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == generate():
        return 0
    sys.stderr.write(
        f"{TARGET} is not current: run `python -m local_azure.metadata.generate` and commit the result.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
