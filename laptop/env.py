"""`./dev env ENVIRONMENT`: the variables with which `pulumi`, typed by hand, works on its stacks."""

import os
import sys

from delivery import toolchain
from laptop import model_servers, models
from laptop.engine_environment import as_shell, as_unset, common_variables, install_plugin, local_variables
from laptop.layout import Layout
from laptop.ports import DEFAULT_BASE, Ports, remembered
from shared import environments
from shared.model import description

_LOCAL = "local"


def env(layout: Layout, environment: str) -> str:
    """Return `export` lines for `eval "$(./dev env ENVIRONMENT)"`, and write the stack files of the models there.

    Raises DocumentError for an unknown environment, ToolchainError when no Pulumi CLI can be had.
    """
    described = environments.load(environment, layout.root)
    tools = toolchain.ensure(lambda doing: sys.stderr.write(f"{doing}\n"))
    ports = remembered(layout.run) or Ports(DEFAULT_BASE)
    local = environment == _LOCAL
    for model in description.names(layout.root):
        endpoint = model_servers.endpoint(layout.root, model, ports) if local else None
        models.render_stack_file(layout.root, model, environment, endpoint)
    variables = common_variables(layout, tools.bin, os.environ["PATH"])
    if local:
        install_plugin(layout, ports, described.azure.subscription_id)
        layout.backend.mkdir(parents=True, exist_ok=True)
        return as_shell({**variables, **local_variables(layout)})
    variables["PULUMI_BACKEND_URL"] = described.backend_url(layout.root)
    # A shell that has the variables of `local` would deploy into the local Azure.
    left_over = local_variables(layout).keys() - variables.keys()
    return f"{as_unset(sorted(left_over))}\n{as_shell(variables)}"
