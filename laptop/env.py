"""`./dev env ENVIRONMENT`: the variables with which `pulumi`, typed by hand, works on its stacks."""

import os
import sys

from delivery import toolchain
from laptop.engine_environment import as_shell, common_variables, install_plugin, local_variables
from laptop.layout import Layout
from laptop.ports import DEFAULT_BASE, Ports, remembered
from shared import environments

_LOCAL = "local"


def env(layout: Layout, environment: str) -> str:
    """Return `export` lines for `eval "$(./dev env ENVIRONMENT)"`.

    Raises DocumentError for an unknown environment, ToolchainError when no Pulumi CLI can be had.
    """
    described = environments.load(environment, layout.root)
    tools = toolchain.ensure(lambda doing: sys.stderr.write(f"{doing}\n"))
    variables = common_variables(layout, tools.bin, os.environ["PATH"])
    if environment == _LOCAL:
        install_plugin(layout, remembered(layout.run) or Ports(DEFAULT_BASE))
        layout.backend.mkdir(parents=True, exist_ok=True)
        return as_shell({**variables, **local_variables(layout)})
    return as_shell({**variables, "PULUMI_BACKEND_URL": described.backend_url(layout.root)})
