"""`python -m laptop.contracting`: `./dev contract`, which knows where the local gateway answers.

Apart from the other commands: it needs no engine, and loads in a moment.
"""

import sys
from functools import partial
from pathlib import Path

from delivery.contract import command
from delivery.contract.gateway import default_url
from laptop.layout import Layout
from laptop.ports import DEFAULT_BASE, Ports, remembered
from shared.environments import LOCAL


def _gateway_url(layout: Layout, environment: str) -> str:
    if environment == LOCAL:
        return (remembered(layout.run) or Ports(DEFAULT_BASE)).gateway_url
    return default_url(environment, layout.root)


def run() -> int:
    """Run the command line of this process; return its exit code."""
    layout = Layout(Path(__file__).resolve().parent.parent)
    return command.main(sys.argv[1:], layout.root, partial(_gateway_url, layout))


if __name__ == "__main__":
    sys.exit(run())
