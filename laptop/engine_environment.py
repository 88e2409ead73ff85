"""The variables with which the Pulumi CLI of this clone finds its backend, secrets and provider plugin."""

import os
import shlex
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from delivery.files import write_whole
from laptop.layout import Layout
from laptop.ports import Ports

# `local` holds no secrets, so its passphrase is none either: environments/local.yaml has the salt made with it.
LOCAL_PASSPHRASE = "local"  # noqa: S105 - see above


def common_variables(layout: Layout, tool_chain: Path, path: str) -> dict[str, str]:
    """Return what every environment needs: the tool chain and the project's Python first on PATH."""
    return {
        "PATH": os.pathsep.join(
            dict.fromkeys([str(tool_chain), str(layout.root / ".venv" / "bin"), *path.split(os.pathsep)])
        ),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Keep bytecode, whatever the machine says: without it, half of each operation is compiling imports.
        "PYTHONDONTWRITEBYTECODE": "",
    }


def local_variables(layout: Layout) -> dict[str, str]:
    """Return what the environment `local` needs besides: its own PULUMI_HOME, file backend and passphrase."""
    return {
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_BACKEND_URL": f"file://{layout.backend}",
        "PULUMI_CONFIG_PASSPHRASE": LOCAL_PASSPHRASE,
        # The stand-in is there or it is a fault: looking for a download costs 11 s.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def install_plugin(layout: Layout, ports: Ports, subscription: str) -> None:
    """Put the stand-in for the azure-native plugin into the PULUMI_HOME of this clone; see `write_plugin`."""
    write_plugin(layout.pulumi_home, layout.root, ports.arm_url, subscription)


def write_plugin(home: Path, root: Path, arm_url: str, subscription: str) -> None:
    """Put the stand-in for the azure-native plugin where the unmodified engine looks for it.

    The engine takes `$PULUMI_HOME/plugins/resource-azure-native-v<version of the SDK>` without a download. The
    stand-in, run from the repository at `root`, talks to the local Azure at `arm_url` and serves stacks of
    `subscription` alone.
    """
    plugin = f"resource-azure-native-v{version('pulumi-azure-native')}"
    launcher = home / "plugins" / plugin / "pulumi-resource-azure-native"
    text = (
        "#!/bin/sh\n"
        "# Made by `./dev local`: the azure-native plugin that talks to the local Azure.\n"
        f"export LOCAL_AZURE_ARM={arm_url}\n"
        f"export LOCAL_AZURE_SUBSCRIPTION={subscription}\n"
        f"export PYTHONPATH={shlex.quote(str(root))}\n"
        f'exec {shlex.quote(str(root / ".venv" / "bin" / "python"))} -m local_azure provider "$@"\n'
    )
    write_whole(launcher, text, mode=0o700)


def as_shell(variables: dict[str, str]) -> str:
    """Return `variables` as lines for `eval "$(...)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def as_unset(variables: Iterable[str]) -> str:
    """Return a line that takes back `variables` of another environment that the shell may still have."""
    return f"unset {' '.join(variables)}"
