"""Headers on which the platform and its models agree.

Apart from the resources: who needs a name need not import what azure-native has for them.
"""

CORRELATION_HEADER = "x-correlation-id"
"""The header by which a consumer's call is found in the traces of gateway and model."""
