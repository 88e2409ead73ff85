"""From resources that change to sentences: one file per kind of resource, and the semantic diff of policies."""
