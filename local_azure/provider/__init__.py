"""A Pulumi provider plugin named azure-native that talks to the local Azure.

The unmodified engine starts it in place of the official plugin. It turns the resources of a program into
the same ARM requests, with the same rules for names, replacement, refresh and errors; where they go is the
environment variable LOCAL_AZURE_ARM. The rules are those of the official provider, described in its
documentation under "Resource lifecycle", "Auto-naming" and "Import".
"""

from local_azure.provider.plugin import main

__all__ = ["main"]
