"""Generates metadata.json: how the properties of azure-native's SDK map to ARM's URLs and bodies.

Two sources are joined. The azure-native SDK says what a stack writes (property names, types, what is
required, which version of the REST API). Microsoft's azure-mgmt packages say what goes over the wire (URL
templates, the place of each property in the body, limits). Neither is needed at run time.
"""
