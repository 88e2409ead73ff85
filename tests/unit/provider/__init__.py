"""The provider plugin and its metadata, without an engine."""
