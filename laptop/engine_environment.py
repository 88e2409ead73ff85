"""The variables with which the Pulumi CLI of this clone finds its backend, secrets and provider plugin."""

import shlex
from importlib.metadata import version
from pathlib import Path

from laptop.layout import Layout
from laptop.ports import Ports

# `local` holds no secrets, so its passphrase is none either: environments/local.yaml has the salt made with it.
LOCAL_PASSPHRASE = "local"  # noqa: S105


def common_variables(layout: Layout, tool_chain: Path, path: str) -> dict[str, str]:
    """Return what every environment needs: the tool chain and the project's Python first on PATH."""
    return {
        "PATH": f"{tool_chain}:{layout.root / '.venv' / 'bin'}:{path}",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def local_variables(layout: Layout) -> dict[str, str]:
    """Return what the environment `local` needs besides: its own PULUMI_HOME, file backend and passphrase."""
    return {
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_BACKEND_URL": f"file://{layout.backend}",
        "PULUMI_CONFIG_PASSPHRASE": LOCAL_PASSPHRASE,
    }


def install_plugin(layout: Layout, ports: Ports) -> None:
    """Put the stand-in for the azure-native plugin where the unmodified engine looks for it.

    The engine takes `$PULUMI_HOME/plugins/resource-azure-native-v<version of the SDK>` without a download.
    """
    plugin = f"resource-azure-native-v{version('pulumi-azure-native')}"
    launcher = layout.pulumi_home / "plugins" / plugin / "pulumi-resource-azure-native"
    text = (
        "#!/bin/sh\n"
        "# Made by `./dev local`: the azure-native plugin that talks to the local Azure.\n"
        f"export LOCAL_AZURE_ARM={ports.arm_url}\n"
        f"export PYTHONPATH={shlex.quote(str(layout.root))}\n"
        f'exec {shlex.quote(str(layout.root / ".venv" / "bin" / "python"))} -m local_azure provider "$@"\n'
    )
    if launcher.is_file() and launcher.read_text(encoding="utf-8") == text:
        return
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(text, encoding="utf-8")
    launcher.chmod(0o700)


def as_shell(variables: dict[str, str]) -> str:
    """Return `variables` as lines for `eval "$(...)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
