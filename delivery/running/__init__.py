"""Working on many stacks: in order, in parallel up to a limit, with progress, logs and one summary."""
