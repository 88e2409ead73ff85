"""A local Azure for one laptop: what the stacks need of Azure Resource Manager and of a gateway."""
