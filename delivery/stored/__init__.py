"""The places where a Pulumi backend of one's own keeps its files: a folder, or a container of Azure Blob Storage."""
